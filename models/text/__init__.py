"""Plain text to paragraphs, sentences, words and quotes, with exact code-point offsets into the original.

Nothing is normalized: every span is a slice of the text as it came. Everything takes time linear in the text.
"""

from __future__ import annotations

from models.text.language import MAX_LENGTH, MIN_LETTERS, MIN_WORDS, is_english, skip_reason
from models.text.paragraphs import SPLIT_ABOVE, split_paragraphs
from models.text.quotes import find_quotes
from models.text.sentences import sentence_spans
from models.text.words import word_spans

__all__ = [
    "MAX_LENGTH",
    "MIN_LETTERS",
    "MIN_WORDS",
    "SPLIT_ABOVE",
    "find_quotes",
    "is_english",
    "sentence_spans",
    "skip_reason",
    "split_paragraphs",
    "word_spans",
]
