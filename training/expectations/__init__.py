"""Short sentences whose stance is plain: those to train on, and those, made otherwise, to expect answers of."""

from training.expectations.patterns import EVALUATION, TRAINING, Expectation, Patterns

__all__ = ["EVALUATION", "TRAINING", "Expectation", "Patterns"]
