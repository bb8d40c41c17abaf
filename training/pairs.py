"""Names that a corpus spells from both languages and the terminology tables lack, as rows for a linguist to check.

Words with a capital are counted in texts on Ukraine; two of them are a pair if the correspondences between Ukrainian
and Russian names (:mod:`models.terminology.correspondence`) lead from one to the other and not back.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from pathlib import Path
from typing import Final

import click

from models.labels import Target
from models.targets import find_mentions
from models.terminology import Terminology
from models.terminology.correspondence import Pair, pair, skeleton
from models.terminology.fold import fold
from training.corpus import read_texts
from training.outputs import Command, OutputFile, write_text

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_PLACED: Final = frozenset({"in", "near", "from", "at", "around", "outside", "toward", "towards", "of", "to"})
"""Words that stand before places more often than before people."""

_SHORTEST: Final = 5
"""Least length of each word of a name, in letters."""

_ON_UKRAINE: Final = 0.5
"""Least share of a name's uses that are in texts that mention Ukraine."""

_PLACES: Final = 0.2
"""Least share of a name's uses that are behind a preposition of place, with ``--places``."""

_HEADER: Final = """\
# Pairs of spellings found in texts by their romanization alone: to be checked, completed and moved to a table.
defaults.kind = "spelling"
defaults.case = "capital"
defaults.reason = "The name is romanized from Ukrainian or from Russian"
defaults.source = "Found in texts, not yet checked"

entry = [
"""


@dataclass
class Names:
    """What a corpus calls by a name, counted.

    Attributes:
        used: Uses of each name, of one word or two, possessives undone.
        on_ukraine: Those of them in texts that mention Ukraine.
        placed: Those right behind a preposition of place.
        common: Words that are also written without a capital.
    """

    used: Counter[str] = field(default_factory=Counter)
    on_ukraine: Counter[str] = field(default_factory=Counter)
    placed: Counter[str] = field(default_factory=Counter)
    common: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Count the names of one text."""
        found = []
        before, end, was_placed = "", -1, False
        for match in _WORD.finditer(text):
            word = match[0]
            if word[0].isupper():
                name = _plain(word)
                found.append(name)
                self.placed[name] += before in _PLACED
                if before[:1].isupper() and match.start() == end + 1:
                    found.append(f"{_plain(before)} {name}")
                    self.placed[found[-1]] += was_placed
            else:
                self.common.add(word)
            before, end, was_placed = word, match.end(), before in _PLACED
        self.used.update(found)
        if found and any(mention.target is Target.UKRAINE for mention in find_mentions(text)):
            self.on_ukraine.update(found)

    def candidates(self, least: int) -> list[str]:
        """Return names long and frequent enough, mostly used of Ukraine, that are not common words."""
        return sorted(
            name
            for name, used in self.used.items()
            if used >= least
            and all(len(word) >= _SHORTEST and word.lower() not in self.common for word in name.split())
            and self.on_ukraine[name] >= _ON_UKRAINE * used
        )

    def share_placed(self, forms: Sequence[str]) -> float:
        """Return the share of uses of ``forms``, spellings of one name, that are behind a preposition of place."""
        return sum(self.placed[form] for form in forms) / sum(self.used[form] for form in forms)


@dataclass(frozen=True)
class Found:
    """Spellings that pairs make one name of, those of either language by frequency."""

    ukrainian: tuple[str, ...]
    russian: tuple[str, ...]
    uses: int


def find_pairs(names: Names, known: frozenset[str], least: int = 2) -> list[Found]:
    """Return names in both spellings of which the tables know at most one, the most used first.

    Args:
        names: The names of a corpus.
        known: Folded words that stand in the tables.
        least: Fewest uses of a spelling.
    """
    alike: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names.candidates(least):
        alike[tuple(skeleton(word) for word in name.split())].append(name)
    pairs = [
        found
        for group in alike.values()
        for one, two in combinations(group, 2)
        if not (_known(one, known) and _known(two, known)) and (found := pair(one, two))
    ]
    return sorted((_joined(group, names) for group in _groups(pairs)), key=lambda found: -found.uses)


def known_words(terminology: Terminology) -> frozenset[str]:
    """Return every word of every form of the tables, folded."""
    neutral = (fold(form) for entry in terminology.entries.values() for form in entry.neutral)
    return frozenset(word for form in chain(terminology.forms, neutral) for word in form.split())


def draft(found: Iterable[Found], names: Names) -> Iterator[str]:
    """Yield the lines of a table that holds ``found``, each row under its counts."""
    yield _HEADER
    for one in found:
        forms = (*one.ukrainian, *one.russian)
        counts = ", ".join(f"{form} {names.used[form]}" for form in forms)
        yield f"  # {counts}; {names.share_placed(forms):.0%} behind a preposition of place\n"
        ukrainian, russian = (json.dumps(list(side), ensure_ascii=False) for side in (one.ukrainian, one.russian))
        yield f"  {{ entry = {json.dumps(one.ukrainian[0])}, ukrainian = {ukrainian}, russian = {russian} }},\n"
    yield "]\n"


def _plain(word: str) -> str:
    """Return a word without its possessive and, if it is shouted, without that."""
    name = _POSSESSIVE.sub("", word).replace("’", "'")
    return name.title() if name.isupper() else name


def _known(name: str, known: frozenset[str]) -> bool:
    return all(word in known for word in fold(name).split())


def _groups(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Yield pairs that share a spelling together."""
    leader: dict[str, str] = {}

    def lead(name: str) -> str:
        while (above := leader.setdefault(name, name)) != name:
            name = above
        return name

    for one in pairs:
        leader[lead(one.ukrainian)] = lead(one.russian)
    groups: defaultdict[str, list[Pair]] = defaultdict(list)
    for one in pairs:
        groups[lead(one.ukrainian)].append(one)
    yield from groups.values()


def _joined(pairs: Sequence[Pair], names: Names) -> Found:
    # A hybrid (Synegubov) is Russian beside Synyehubov and Ukrainian beside Sinegubov: the most different pair decides.
    is_ukrainian: dict[str, bool] = {}
    for one in sorted(pairs, key=lambda one: -one.differences):
        is_ukrainian.setdefault(one.ukrainian, True)
        is_ukrainian.setdefault(one.russian, False)
    forms = sorted(is_ukrainian, key=lambda form: (-names.used[form], form))
    ukrainian = tuple(form for form in forms if is_ukrainian[form])
    russian = tuple(form for form in forms if not is_ukrainian[form])
    return Found(ukrainian, russian, min(names.used[ukrainian[0]], names.used[russian[0]]))


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=OutputFile(rewritten=False), help="New file for the table; without it, it is printed.")
@click.option("--least", type=click.IntRange(min=1), default=2, show_default=True, help="Fewest uses of a spelling.")
@click.option("--places", is_flag=True, help="Only names that often follow 'in', 'near' and the like.")
def pairs(files: Sequence[Path], out: Path | None, least: int, places: bool) -> None:
    """Find names that FILES spell both ways and the tables lack, as a draft of a table.

    FILES hold one JSON object with a "text" per line, gzipped or not.
    """
    names = Names()
    texts = [text for file in files for text in read_texts(file)]
    with click.progressbar(texts, label="counting names", file=sys.stderr) as shown:
        for text in shown:
            names.add(text)
    found = find_pairs(names, known_words(Terminology.load()), least)
    if places:
        found = [one for one in found if names.share_placed((*one.ukrainian, *one.russian)) >= _PLACES]
    table = "".join(draft(found, names))
    if out and str(out) != "-":
        write_text(out, table)
    else:
        click.echo(table, nl=False)
    click.echo(f"{len(found)} names", err=True)
