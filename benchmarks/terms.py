"""Speed of the terminology matcher beside three plain ways of finding the same written forms.

    python -m benchmarks.terms [--megabytes N] [--text FILE] [--json]

All run in one process on one thread and over the same text, in paragraphs. The three others find forms only: they know
no guards, no distance and no offsets through folding, so they do less. Their results are counted, not compared.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import ahocorasick
from flashtext import KeywordProcessor

from models.terminology import Matcher, Terminology
from models.terminology.canonical import Canonicalizer
from models.text import find_quotes

SENTENCES: Final = Path(__file__).parent.parent / "tests" / "terminology"
PARAGRAPH: Final = 600
ROUNDS: Final = 3

Finder = Callable[[str], int]


class Speed(NamedTuple):
    """Megabytes of UTF-8 a minute of CPU time, and how many terms were found."""

    mb_per_minute: float
    found: int


def paragraphs(path: Path, megabytes: float) -> list[str]:
    """Return text of ``path`` in paragraphs of about 600 characters, repeated up to ``megabytes`` of UTF-8.

    Of a directory, all its JSON lines are read.
    """
    text = " ".join(line for file in (sorted(path.glob("*.jsonl")) or [path]) for line in _lines(file))
    pieces = [text[start : start + PARAGRAPH] for start in range(0, len(text), PARAGRAPH)]
    size = sum(len(piece.encode()) for piece in pieces)
    return pieces * max(1, round(megabytes * 1e6 / size))


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines] if path.suffix == ".jsonl" else lines


def finders(terminology: Terminology) -> dict[str, Finder]:
    """Return what is measured, by name: each takes a paragraph and returns how many terms it found."""
    forms = sorted(terminology.forms, key=len, reverse=True)
    matcher, canonicalizer = Matcher(terminology), Canonicalizer(terminology)
    return {
        "find_terms": lambda text: len(matcher.find(text, find_quotes(text))),
        "canonical_spelling": lambda text: canonicalizer(text) != text,
        "re, all forms": _regex(forms),
        "pyahocorasick": _aho_corasick(forms),
        "flashtext": _flashtext(forms),
    }


def _regex(forms: Sequence[str]) -> Finder:
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b", re.IGNORECASE)
    return lambda text: sum(1 for _ in pattern.finditer(text))


def _aho_corasick(forms: Sequence[str]) -> Finder:
    automaton = ahocorasick.Automaton()
    for form in forms:
        automaton.add_word(form, form)
    automaton.make_automaton()
    return lambda text: sum(1 for _ in automaton.iter_long(text.lower()))


def _flashtext(forms: Sequence[str]) -> Finder:
    processor = KeywordProcessor()
    for form in forms:
        processor.add_keyword(form)
    return lambda text: len(processor.extract_keywords(text))


def measure(find: Finder, texts: Sequence[str]) -> tuple[float, int]:
    """Return the best of three rounds in CPU seconds, and how many terms were found."""
    seconds, found = [], 0
    for _ in range(ROUNDS):
        start = time.process_time()
        found = sum(map(find, texts))
        seconds.append(time.process_time() - start)
    return min(seconds), found


def run(texts: Sequence[str], terminology: Terminology) -> dict[str, Speed]:
    """Measure everything on ``texts`` and return the speeds, by name."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    speeds = {}
    for name, find in finders(terminology).items():
        # The regular expression is slower by far: a part of the text is enough to time it.
        part = texts[: max(1, len(texts) // 50)] if name.startswith("re,") else texts
        seconds, found = measure(find, part)
        speeds[name] = Speed(round(size * len(part) / len(texts) / seconds * 60, 1), found)
    return speeds


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(
        description="Speed of the terminology matcher beside plain ways to find its forms."
    )
    parser.add_argument("--megabytes", type=float, default=4.0, help="how much text to run over (default: 4)")
    parser.add_argument("--text", type=Path, default=SENTENCES, help="text, JSON lines, or a directory of these")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    texts, terminology = paragraphs(options.text, options.megabytes), Terminology.load()
    speeds = run(texts, terminology)
    if options.json:
        print(json.dumps({name: speed._asdict() for name, speed in speeds.items()}, indent=2))
        return
    print(f"{len(terminology.forms)} forms, Python {platform.python_version()}, {platform.machine()}, one thread")
    for name, speed in speeds.items():
        ratio = speeds["find_terms"].mb_per_minute / speed.mb_per_minute
        print(f"{name:20} {speed.mb_per_minute:10.1f} MB/min   find_terms is {ratio:8.2f} x   {speed.found} found")


if __name__ == "__main__":
    main()
