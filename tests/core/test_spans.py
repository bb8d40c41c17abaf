from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.spans import Utf16Map


@given(st.text(), st.data())
def test_utf16_offsets_slice_what_code_points_slice(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    to_utf16 = Utf16Map(text)
    units = text.encode("utf-16-le", "surrogatepass")
    piece = units[2 * to_utf16(start) : 2 * to_utf16(end)]
    assert piece.decode("utf-16-le", "surrogatepass") == text[start:end]


def test_astral_characters_count_twice() -> None:
    assert [Utf16Map("a😀b")(i) for i in range(4)] == [0, 1, 3, 4]


@pytest.mark.parametrize(("char", "units"), [("\uffff", 1), ("\U00010000", 2)])
def test_where_astral_characters_begin(char: str, units: int) -> None:
    assert [Utf16Map(f"a{char}b")(i) for i in range(4)] == [0, 1, 1 + units, 2 + units]
