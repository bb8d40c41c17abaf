"""Ways of labeling paragraphs that are measured in processes of their own, one per core."""

from __future__ import annotations

import multiprocessing
import time
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, Self

from benchmarks.paragraphs import paragraphs

Way = Callable[[Sequence[str]], object]
"""Labels paragraphs."""

TARGETS: Final = 3
_START_SECONDS: Final = 300.0


def ours(model: str) -> Way:
    """Return the project's own way: the shipped model called with all paragraphs at once."""
    from models.analysis import Analyzer  # noqa: PLC0415 - loaded in the measured process only
    from models.store import load  # noqa: PLC0415

    return Analyzer(load(model)).analyze


def separate_pipelines() -> Way:
    """Return three scikit-learn pipelines, TF-IDF and logistic regression, a paragraph and a target at a time.

    They are fitted on shuffled words with random labels: a pipeline is as fast whatever it has learned.
    """
    import numpy as np  # noqa: PLC0415
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415

    rng = np.random.default_rng(0)
    words = " ".join(paragraphs()).split()
    texts = [" ".join(rng.choice(words, 45)) for _ in range(2000)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        pipelines = [
            make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(max_iter=5)).fit(
                texts, rng.integers(0, 4, len(texts))
            )
            for _ in range(TARGETS)
        ]

    def label(texts: Sequence[str]) -> object:
        return [[pipeline.predict_proba([text]) for pipeline in pipelines] for text in texts]

    return label


def separate_transformers() -> Way:
    """Return three transformers of RoBERTa-base's size in torch, fp32, a paragraph and a target at a time.

    Their weights are random, which makes no difference to their speed, and so are the tokens: one for every four
    characters, as RoBERTa's own vocabulary would about cut news.
    """
    import torch  # noqa: PLC0415
    from transformers import RobertaConfig, RobertaForSequenceClassification  # noqa: PLC0415

    torch.set_num_threads(1)
    config = RobertaConfig(vocab_size=50265, max_position_embeddings=514, type_vocab_size=1)
    config.num_labels = 4
    models = [RobertaForSequenceClassification(config).train(mode=False) for _ in range(TARGETS)]

    def label(texts: Sequence[str]) -> object:
        with torch.inference_mode():
            return [
                [model(torch.randint(5, 50000, (1, len(text) // 4))).logits.softmax(-1) for model in models]
                for text in texts
            ]

    return label


def has_torch() -> bool:
    """Return whether :func:`separate_transformers` can be measured here."""
    return find_spec("torch") is not None and find_spec("transformers") is not None


class Crew:
    """Processes that label paragraphs one way, when they are told to; a context manager.

    Args:
        make: Makes the way, in each process.
        size: Number of processes.
        batch: Paragraphs given at a time.
    """

    def __init__(self, make: Callable[..., Way], *args: str, size: int, batch: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._members = []
        for number in range(size):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, make, args, batch, number), daemon=True)
            process.start()
            self._members.append((process, ours))

    def __enter__(self) -> Self:
        for process, pipe in self._members:
            while not pipe.poll(1):
                if not process.is_alive():
                    raise RuntimeError("a process to be measured did not start")
            pipe.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process, pipe in self._members:
            pipe.close()
            process.join(10)

    def rate(self, seconds: float) -> float:
        """Return paragraphs per second, all processes together, over so many seconds."""
        for _, pipe in self._members:
            pipe.send(seconds)
        return float(sum(pipe.recv() for _, pipe in self._members))


def _work(pipe: Connection, make: Callable[..., Way], args: tuple[str, ...], batch: int, number: int) -> None:
    way = make(*args)
    texts = paragraphs()
    # Each process begins elsewhere, and warms up before it says that it is there.
    at = number * batch
    way(texts[:batch])
    pipe.send(None)
    while True:
        try:
            seconds = pipe.recv()
        except EOFError:
            return
        done = 0
        started = time.perf_counter()
        while (taken := time.perf_counter() - started) < seconds:
            way([texts[(at + i) % len(texts)] for i in range(batch)])
            at += batch
            done += batch
        pipe.send(done / taken)
