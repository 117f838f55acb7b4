"""Phrases that stand for something, found whatever their spacing and punctuation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from nlu.slips import SlipIndex
from nlu.tokens import Token, tokenise

T = TypeVar("T")
LONGEST = 6
_SLIP = 5  # letters of a name that a slip may stand for
_SIGNS = {"&": "and", "+": "plus"}
_INNER = frozenset("-'’.&/+*!")


def key_of(tokens: Sequence[Token]) -> str:
    """Letters and digits of a span in one string; `M&S` and `m and s` are the same."""
    return "".join(
        _SIGNS.get(t.low, "") if t.kind == "sign" else t.low.replace("'", "") for t in tokens
    )


def key(text: str) -> str:
    """`key_of` of a phrase."""
    return key_of(tokenise(text))


def _counts(token: Token) -> bool:
    """Whether a token is a word of a phrase; `&` is, a hyphen is not."""
    return token.kind != "sign" or token.low in _SIGNS


class Gazetteer(Generic[T]):
    """A table of phrases.

    Attributes:
        entries: What each key stands for.
        phrases: The phrases as listed.
        lengths: How many words the phrases of each key have as listed.
        strict: Whether the words must be split as listed ("net spend" is not NetSpend).
    """

    def __init__(self, rows: Iterable[tuple[str, T]], strict: bool = False) -> None:
        self.strict = strict
        self.entries: dict[str, T] = {}
        self.phrases: list[str] = []
        self.lengths: dict[str, set[int]] = {}
        for phrase, value in rows:
            tokens = tokenise(phrase)
            name = key_of(tokens)
            if name:
                self.lengths.setdefault(name, set()).add(sum(map(_counts, tokens)))
            if name and name not in self.entries:
                self.entries[name] = value
                self.phrases.append(phrase)
        self._heads = frozenset(name[:2] for name in self.entries)
        self._slips: SlipIndex | None = None

    def windows(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
        """Spans that may be a phrase, the longest first at each place, with their key."""
        for i, first in enumerate(tokens):
            if first.kind == "sign":
                continue
            found: list[tuple[int, int, str]] = []
            name = ""
            for j in range(i, min(i + LONGEST, len(tokens))):
                token = tokens[j]
                if token.kind == "sign" and token.low not in _INNER:
                    break
                name += (
                    _SIGNS.get(token.low, "")
                    if token.kind == "sign"
                    else token.low.replace("'", "")
                )
                if j == i and name[:2] not in self._heads and len(name) > 1:
                    break
                if token.kind != "sign" or token.low == "+":
                    found.append((i, j + 1, name))
            yield from reversed(found)

    def find(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int, str, T]]:
        """Every span whose key is listed; overlapping ones too, the longest first."""
        for i, j, name in self.windows(tokens):
            value = self.entries.get(name)
            if value is not None and self._spaced_alike(tokens, i, j, name):
                yield i, j, name, value

    def _spaced_alike(self, tokens: Sequence[Token], i: int, j: int, name: str) -> bool:
        """Whether the words are split as listed, or the phrase is long enough to be no accident."""
        words = sum(map(_counts, tokens[i:j]))
        return words in self.lengths[name] or words == 1 or (len(name) >= 6 and not self.strict)

    def nearest(self, name: str, slips: int) -> str | None:
        """The listed key that is at most so many slips away and starts alike."""
        if self._slips is None:
            self._slips = SlipIndex(listed for listed in self.entries if len(listed) >= _SLIP)
        near = self._slips.nearest(name, slips)
        return near[0] if near else None
