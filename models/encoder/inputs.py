"""From a text and its mentions to what the network reads: token ids and, beside them, whose mention each token is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from tokenizers import Tokenizer

from models.encoder.folding import Folder
from models.labels import Target

PREFIX: Final = ("[CLS]", "russia", "ukraine", "america", "[SEP]")
"""What stands before every text; the three names are the target tokens, in the order of :class:`Target`."""

PREFIX_TARGETS: Final = (0, 1, 2, 3, 0)
TARGET_IDS: Final = {target: number for number, target in enumerate(Target, start=1)}


class Marked(NamedTuple):
    """A span of a text that means a target; the part of a mention that the encoder needs."""

    start: int
    end: int
    target: Target


class Tokens(NamedTuple):
    """The tokens of one text, without prefix and end.

    Attributes:
        ids: Vocabulary ids.
        targets: For each token, 0 or the number (1–3) of the target that it is part of a mention of.
        spans: For each token, its original code points, ``(start, end)``.
    """

    ids: list[int]
    targets: list[int]
    spans: list[tuple[int, int]]


class InputEncoder:
    """Folds and tokenizes texts.

    Args:
        tokenizer: Contents of a ``tokenizer.json``.
        spellings: Frozen map of spellings, see :class:`~models.encoder.folding.Folder`.
    """

    def __init__(self, tokenizer: str, spellings: Mapping[str, str]) -> None:
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._folder = Folder(spellings)
        vocabulary = self._tokenizer.get_vocab()
        self.prefix = [vocabulary[token] for token in PREFIX]
        self.mask = vocabulary["[MASK]"]
        self.end = self.prefix[-1]

    def __call__(self, text: str, mentions: Sequence[Marked]) -> Tokens:
        """Return the tokens of ``text``; linear in its length."""
        folded = self._folder(text)
        encoding = self._tokenizer.encode(folded.text, add_special_tokens=False)
        spans = [folded.original(start, end) for start, end in encoding.offsets]
        return Tokens(encoding.ids, _targets(spans, mentions), spans)

    def framed(self, ids: Sequence[int], targets: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return ids and targets with the prefix before and ``[SEP]`` after them."""
        return [*self.prefix, *ids, self.end], [*PREFIX_TARGETS, *targets, 0]


def _targets(spans: Sequence[tuple[int, int]], mentions: Sequence[Marked]) -> list[int]:
    starts = [mention.start for mention in mentions]
    found = []
    for start, end in spans:
        at = bisect_right(starts, max(start, end - 1)) - 1
        inside = at >= 0 and start < mentions[at].end and end > start
        found.append(TARGET_IDS[mentions[at].target] if inside else 0)
    return found
