"""Exchanging the actors of a sentence: Russia for Ukraine, Putin for Zelensky, Moscow for Kyiv.

A counterfactual pair differs in who does what to whom and in nothing else, so a classifier that has learned outlets
or names rather than sentences gets one of the two wrong (Kaushik et al., ICLR 2020, https://arxiv.org/abs/1909.12434).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from models.labels import Target

TABLE: Final = Path(__file__).with_name("actors.toml")

_ADJECTIVE: Final = re.compile(r"\s+[a-z]")
# What follows "the US" where it is not an adjective; plurals ("US troops") outnumber verbs in -s, so those are listed.
_NOT_NOUN: Final = re.compile(
    r"(?:\w*ed|is|was|has|does|says|wants|needs|believes|sees|remains|continues|makes|plans|hopes|its|as|this|his|"
    r"said|told|sent|began|have|had|will|would|can|could|may|might|must|should|and|or|but|to|in|on|of|for|from|with|"
    r"by|at|that|which|who|also|do|did|not|than|into|over|after|before|while|when|if|because)\b"
)
_ARTICLE: Final = re.compile(r"\b([Aa])n? (?=(Russian|Ukrainian|American)\b)")


class Actor(NamedTuple):
    """A form of a target's name as it stands in a text."""

    start: int
    end: int
    target: Target
    role: str | None


class Actors:
    """The table of names by role."""

    def __init__(self, path: Path = TABLE) -> None:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        self._forms: dict[str, tuple[Target, str | None]] = {}
        self.first: dict[tuple[str, Target], str] = {}
        self.forms: dict[tuple[str, Target], list[str]] = {}
        for role in table["role"]:
            for target in Target:
                self.forms[role["name"], target] = role[target]
                self.first[role["name"], target] = role[target][0]
                for form in role[target]:
                    self._forms.setdefault(form, (target, role["name"]))
        for target in Target:
            for form in table["only"][target]:
                self._forms.setdefault(form, (target, None))
        longest = sorted(map(re.escape, self._forms), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(longest)})(?!\w)")

    def find(self, text: str) -> list[Actor]:
        """Return the actors of ``text`` in order."""
        return [Actor(*match.span(), *self._forms[match[0]]) for match in self._pattern.finditer(text)]

    def exchange(self, text: str, partners: Mapping[Target, Target]) -> str | None:
        """Return ``text`` with each target's names replaced by its partner's; None if a name has no counterpart."""
        pieces, done = [], 0
        for actor in self.find(text):
            partner = partners.get(actor.target, actor.target)
            if partner == actor.target:
                continue
            if actor.role is None:
                return None
            pieces += [text[done : actor.start], self._counterpart(text, actor, partner)]
            done = actor.end
        return fix_articles("".join([*pieces, text[done:]]))

    def _counterpart(self, text: str, actor: Actor, partner: Target) -> str:
        role = actor.role or "state"
        if role == "state" and actor.target == Target.US and _adjectival(text, actor):
            return self.first["demonym", partner]
        new = self.first[role, partner]
        old = text[actor.start : actor.end]
        if new.startswith("the ") and (old[0].isupper() and _begins(text, actor.start)):
            new = "T" + new[1:]
        # "the Kremlin" or "the US" keep no article before a bare name; a bare name gets its partner's.
        if new.startswith(("the ", "The ")) and text[: actor.start].endswith(("the ", "The ")):
            new = new[4:]
        return new


def fix_articles(text: str) -> str:
    """Return ``text`` with a/an right before demonyms."""
    return _ARTICLE.sub(lambda match: match[1] + ("n " if match[2] == "American" else " "), text)


def _begins(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return not before or before[-1] in '.!?:"“'


def _adjectival(text: str, actor: Actor) -> bool:
    """Tell "US troops" from "the US said": a short form before a lower-case word that is not a verb."""
    if text[actor.start : actor.end].removeprefix("the ").removeprefix("The ") not in {"US", "U.S.", "United States"}:
        return False
    after = _ADJECTIVE.match(text, actor.end)
    return after is not None and _NOT_NOUN.match(text, after.end() - 1) is None
