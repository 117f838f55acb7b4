"""How the same message is written by other people: courtesy, dialect, texting, slips, word order.

Every change keeps the intent. What a test's noise does must not stand here alike: the accuracy
suite misspells by a generator of its own.
"""

from bisect import bisect
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

T = TypeVar("T")
_DATA = Path(__file__).parent / "data" / "noise.yml"
_SAID: dict[str, Any] = yaml.load(_DATA.read_text(encoding="utf-8"), yaml.CSafeLoader)
_BEFORE: list[str] = _SAID["before"]
_AFTER: list[str] = _SAID["after"]
_ASKING: list[str] = _SAID["asking"]
_QUESTIONS = frozenset(_SAID["questions"])
_DIALECTS: list[dict[str, list[str]]] = list(_SAID["dialects"].values())
_SOUNDS: list[tuple[str, str]] = [(heard, written) for heard, written in _SAID["sounds"]]
_VOWELS = frozenset("aeiou")
_LETTERS = "etaoinshrdlcumwfgypbvk"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {
    letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    for row in _ROWS
    for at, letter in enumerate(row)
}


def courtesy(text: str, random: Random) -> str:
    """Wrap a message as people open and close one."""
    chance = random.random()
    if chance < 0.2 and text.split(" ", 1)[0] in _QUESTIONS:
        return f"{_any(_ASKING, random)} {text}"
    if chance < 0.55:
        text = f"{text} {_any(_AFTER, random)}"
    if chance > 0.40:
        text = f"{_any(_BEFORE, random)} {text}"
    return text


def dialect(text: str, random: Random) -> str:
    """Respell words as one way of speaking does."""
    words = _any(_DIALECTS, random)
    share = 0.4 + 0.6 * random.random()
    return " ".join(
        _any(words[word], random) if word in words and random.random() < share else word
        for word in text.split()
    )


def drop_word(text: str, random: Random) -> str:
    """Leave out a word of a longer message."""
    words = text.split()
    if len(words) > 4:
        del words[int(random.random() * len(words))]
    return " ".join(words)


def swap_words(text: str, random: Random) -> str:
    """Exchange two neighbours."""
    words = text.split()
    if len(words) > 3:
        at = int(random.random() * (len(words) - 1))
        words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def misspell(text: str, random: Random, share: float) -> str:
    """Misspell about a share of the words that have three letters or more."""
    chance = random.random
    return " ".join(
        [
            slip(word, random) if len(word) > 2 and chance() < share and word.isalpha() else word
            for word in text.split()
        ]
    )


def slip(word: str, random: Random) -> str:
    """Return a word as a hurried thumb or an unsure speller writes it; long ones suffer twice."""
    word = _slipped(word, random)
    return _slipped(word, random) if len(word) > 6 and random.random() < _TWICE else word


def _slipped(word: str, random: Random) -> str:
    chance = random.random
    at = 1 + int(chance() * (len(word) - 1)) if chance() < 0.9 and len(word) > 1 else 0
    return _SLIPS[bisect(_OFTEN, chance())](word, at, random)


def _dropped(word: str, at: int, _: Random) -> str:
    return word[:at] + word[at + 1 :]


def _turned(word: str, at: int, _: Random) -> str:
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at else word


def _missed(word: str, at: int, random: Random) -> str:
    return word[:at] + _any(_KEYS.get(word[at], word[at]), random) + word[at + 1 :]


def _mistaken(word: str, at: int, random: Random) -> str:
    return word[:at] + _any(_LETTERS, random) + word[at + 1 :]


def _doubled(word: str, at: int, _: Random) -> str:
    return word[:at] + word[at] + word[at:]


def _grazed(word: str, at: int, random: Random) -> str:
    return word[:at] + _any(_KEYS.get(word[at], word[at]), random) + word[at:]


def _voweless(word: str, _: int, random: Random) -> str:
    share = 0.3 + 0.7 * random.random()
    return word[0] + "".join(
        letter for letter in word[1:] if letter not in _VOWELS or random.random() > share
    )


def _by_ear(word: str, _: int, random: Random) -> str:
    found = [pair for pair in _SOUNDS if pair[0] in word]
    return word.replace(*_any(found, random), 1) if found else word[:-1]


def _cut(word: str, at: int, _: Random) -> str:
    return word[: max(3, at)]


def _parted(word: str, at: int, _: Random) -> str:
    return f"{word[:at]} {word[at:]}" if at else word


_SLIPS = (
    _dropped, _turned, _missed, _mistaken, _doubled, _grazed, _voweless, _by_ear, _cut, _parted,
)  # fmt: skip
_OFTEN = (0.20, 0.38, 0.50, 0.58, 0.66, 0.74, 0.84, 0.96, 0.98)
MISSPELT = 0.5
"""Chance that a message has misspelt words."""
_TWICE = 0.2
"""Chance that a long word is misspelt in two places."""
_RUN_TOGETHER = 0.06
"""Chance that a misspelt message loses one of its spaces."""
_SHARES = (0.1, 0.25, 0.4, 0.6)
"""Of the words of a misspelt message: from one slip to hardly a word that is right."""


def run_together(text: str, random: Random) -> str:
    """Leave out a space."""
    words = text.split()
    if len(words) > 2:
        at = int(random.random() * (len(words) - 1))
        words[at : at + 2] = [words[at] + words[at + 1]]
    return " ".join(words)


def _any(found: Sequence[T], random: Random) -> T:
    """One of a sequence; several times as quick as ``Random.choice``, which is even to the bit."""
    return found[int(random.random() * len(found))]


def vary(text: str, random: Random, misspelt: float = MISSPELT) -> str:
    """Write a message anew: each kind of change by its own chance.

    Args:
        text: The message.
        random: Where chance comes from.
        misspelt: The chance that words are misspelt.
    """
    chance = random.random
    if chance() < 0.22:
        text = dialect(text, random)
    if chance() < 0.12:
        text = drop_word(text, random)
    if chance() < 0.05:
        text = swap_words(text, random)
    if chance() < 0.30:
        text = courtesy(text, random)
    if chance() < misspelt:
        text = misspell(text, random, _any(_SHARES, random))
        if chance() < _RUN_TOGETHER:
            text = run_together(text, random)
    return text
