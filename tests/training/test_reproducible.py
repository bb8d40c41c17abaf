"""Seeds are enough: nothing that is fitted depends on how a process hashes its strings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FIT = """
import sys
from hashlib import sha256
from pathlib import Path
from models.linear import LinearClassifier
from models.paragraph import prepare
from training.corpus import read_corpus

corpus = read_corpus(Path(sys.argv[1]))
persons = ("", " We and I gave you our word.", " “You and I are in your hands,” we told our guests, and us my own.")
paragraphs = [prepare(text + persons[number % 3]) for number, text in enumerate(corpus.texts)]
classifier = LinearClassifier(min_rows=1, folds=2).fit(paragraphs, corpus.labels, groups=corpus.groups)
found = classifier.predict_proba(paragraphs)
print(sha256(b"".join(getattr(found, head).tobytes() for head in ("stance", "voice", "side", "frames"))).hexdigest())
"""


def test_processes_that_hash_otherwise_fit_the_same() -> None:
    found = set()
    for seed in ("1", "2", "3"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        call = [sys.executable, "-c", _FIT, str(Path(__file__).with_name("paragraphs.jsonl"))]
        found.add(subprocess.run(call, env=environment, check=True, capture_output=True, text=True).stdout)
    assert len(found) == 1
