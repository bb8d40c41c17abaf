"""One canonical spelling for all variants, so that a classifier can't read an outlet's spelling."""

from __future__ import annotations

from ahocorasick_rs import AhoCorasick, Implementation

from models.terminology.fold import Folded, fold
from models.terminology.tables import Terminology


class Canonicalizer:
    """Replaces every spelling variant of either side by the canonical one, whatever the context.

    Guards are not asked: what matters is that two texts which differ in spelling alone become the same text.

    Attributes:
        variants: What each variant, folded, becomes.
    """

    def __init__(self, terminology: Terminology) -> None:
        self.variants = {
            folded: canonical
            for folded, readings in terminology.forms.items()
            if (canonical := next((form.canonical for form in readings if form.canonical), None))
        }
        for entry in terminology.entries.values():
            if entry.canonical:
                self.variants.update((fold(variant), entry.canonical) for variant in entry.neutral)
        self._replacements = list(self.variants.values())
        self._automaton = AhoCorasick(list(self.variants), implementation=Implementation.DFA)

    def __call__(self, text: str) -> str:
        """Return ``text`` with one spelling a name, its letter case kept (KIEV becomes KYIV)."""
        folded = Folded(text)
        matches = sorted(
            (start, -end, number)
            for number, start, end in self._automaton.find_matches_as_indexes(folded.text, overlapping=True)
            if folded.is_word(start, end)
        )
        parts: list[str] = []
        last = last_folded = 0
        for start, negative_end, number in matches:
            if start < last_folded:
                continue
            last_folded = -negative_end
            begin, end = folded.original_start(start), folded.original_end(last_folded)
            parts += text[last:begin], _cased_like(self._replacements[number], text[begin:end])
            last = end
        parts.append(text[last:])
        return "".join(parts)


def _cased_like(replacement: str, written: str) -> str:
    if written.isupper():
        return replacement.upper()
    return replacement.lower() if written.islower() else replacement
