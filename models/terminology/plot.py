"""The picture of adoption over time, drawn as SVG by hand: a plotting library would outweigh all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Final

from models.terminology.report import Adoption

_WIDTH: Final = 860
_HEIGHT: Final = 420
_LEFT: Final = 56
_RIGHT: Final = 170
_TOP: Final = 44
_BOTTOM: Final = 46
# Okabe and Ito's palette, which the colour-blind can tell apart.
_COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
# Past the last colour the first comes again, with other dashes.
_DASHES: Final = ("none", "6 3", "2 3", "8 3 2 3")
_MOST_LABELS: Final = 12
_ROW: Final = 18


def adoption_svg(rows: Sequence[Adoption], title: str = "Share of the Ukrainian form") -> str:
    """Return an SVG line chart of ``rows``, one line an entry, months from left to right, 0 to 100 % upwards."""
    months = _all_months(sorted({row.month for row in rows}))
    lines = [list(group) for _, group in groupby(sorted(rows), key=lambda row: row.entry)]
    height = max(_HEIGHT, _TOP + _ROW * len(lines) + 20)
    body = [_axes(months), *(_line(line, months, number) for number, line in enumerate(lines))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>'
        f'<text x="{_LEFT}" y="26" font-size="16">{escape(title)}</text>{"".join(body)}</svg>\n'
    )


def _all_months(months: Sequence[str]) -> list[str]:
    """Return every month from the first to the last, so that a gap in the data is a gap in the picture."""
    if not months:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (months[0], months[-1]))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _x(index: int, months: Sequence[str]) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (index / (len(months) - 1) if len(months) > 1 else 0.5)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share


def _axes(months: Sequence[str]) -> str:
    parts = []
    for percent in range(0, 101, 25):
        y = _y(percent / 100)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{percent} %</text>')
    step = -(-len(months) // _MOST_LABELS)
    for index in range(0, len(months), step or 1):
        x = _x(index, months)
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 18}" text-anchor="middle">{months[index]}</text>')
    return "".join(parts)


def _line(line: Sequence[Adoption], months: Sequence[str], number: int) -> str:
    cycle, place = divmod(number, len(_COLOURS))
    colour, dashes = _COLOURS[place], _DASHES[cycle % len(_DASHES)]
    points = [(_x(months.index(row.month), months), _y(row.share), row) for row in line]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"><title>'
        f"{escape(row.entry)} {row.month}: {row.share:.0%} of {row.ukrainian + row.russian}</title></circle>"
        for x, y, row in points
    )
    x, y = _WIDTH - _RIGHT + 12, _TOP + _ROW * number + 8
    label = f'<text x="{x}" y="{y}" fill="{colour}">{escape(line[0].entry)}</text>'
    stroke = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
    return f'<polyline points="{path}" fill="none" {stroke}/>{dots}{label}'
