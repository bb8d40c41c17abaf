"""Paragraphs written for these tests; the word classifier reads "good" and "bad" in them."""

from __future__ import annotations

from typing import Final

AGAINST: Final = "It is bad 🙂 that Moscow shelled Kiev again on Monday, officials told reporters there."
FAVOR: Final = "“We are good people and we will stay,” Zelenskyy said in Ukraine before he left for the White House."
PLAIN: Final = "Weather in the mountains will stay dry and mild until the end of the week, forecasters say."
FRENCH: Final = "Le ministre a déclaré hier soir que les discussions avec ses voisins allaient reprendre à Genève."

ARTICLE: Final = f"  {AGAINST}\r\n\r\n🙂 {FAVOR}\n\n\n{PLAIN}\n"
