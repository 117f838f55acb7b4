"""How the same message is written by other people: courtesy, dialect, texting, slips, word order.

Every change keeps the intent. What a test's noise does must not stand here alike: the accuracy
suite misspells by a generator of its own.
"""

from pathlib import Path
from random import Random
from typing import Any

import yaml

_DATA = Path(__file__).parent / "data" / "noise.yml"
_SAID: dict[str, Any] = yaml.load(_DATA.read_text(encoding="utf-8"), yaml.CSafeLoader)
_BEFORE: list[str] = _SAID["before"]
_AFTER: list[str] = _SAID["after"]
_ASKING: list[str] = _SAID["asking"]
_QUESTIONS = frozenset(_SAID["questions"])
_DIALECTS: list[dict[str, list[str]]] = list(_SAID["dialects"].values())
_SOUNDS: list[tuple[str, str]] = [(heard, written) for heard, written in _SAID["sounds"]]
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
        return f"{random.choice(_ASKING)} {text}"
    if chance < 0.55:
        text = f"{text} {random.choice(_AFTER)}"
    if chance > 0.40:
        text = f"{random.choice(_BEFORE)} {text}"
    return text


def dialect(text: str, random: Random) -> str:
    """Respell words as one way of speaking does."""
    words = random.choice(_DIALECTS)
    share = random.uniform(0.4, 1.0)
    return " ".join(
        random.choice(words[word]) if word in words and random.random() < share else word
        for word in text.split()
    )


def drop_word(text: str, random: Random) -> str:
    """Leave out a word of a longer message."""
    words = text.split()
    if len(words) > 4:
        del words[random.randrange(len(words))]
    return " ".join(words)


def swap_words(text: str, random: Random) -> str:
    """Exchange two neighbours."""
    words = text.split()
    if len(words) > 3:
        at = random.randrange(len(words) - 1)
        words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def misspell(text: str, random: Random, share: float) -> str:
    """Misspell about a share of the words that have three letters or more."""
    return " ".join(
        slip(word, random) if len(word) > 2 and word.isalpha() and random.random() < share else word
        for word in text.split()
    )


def slip(word: str, random: Random) -> str:
    """Return a word as a hurried thumb or an unsure speller writes it."""
    at = random.randrange(1, len(word)) if random.random() < 0.9 else 0
    (kind,) = random.choices(_SLIPS, cum_weights=_OFTEN)
    return kind(word, at, random)


def _dropped(word: str, at: int, _: Random) -> str:
    return word[:at] + word[at + 1 :]


def _turned(word: str, at: int, _: Random) -> str:
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at else word


def _missed(word: str, at: int, random: Random) -> str:
    return word[:at] + random.choice(_KEYS.get(word[at], word[at])) + word[at + 1 :]


def _doubled(word: str, at: int, _: Random) -> str:
    return word[:at] + word[at] + word[at:]


def _grazed(word: str, at: int, random: Random) -> str:
    return word[:at] + random.choice(_KEYS.get(word[at], word[at])) + word[at:]


def _voweless(word: str, _: int, random: Random) -> str:
    vowels = [place for place in range(1, len(word)) if word[place] in "aeiou"]
    cut = set(random.sample(vowels, max(1, len(vowels) // 2))) if vowels else set()
    return "".join(letter for place, letter in enumerate(word) if place not in cut)


def _by_ear(word: str, _: int, random: Random) -> str:
    found = [pair for pair in _SOUNDS if pair[0] in word]
    return word.replace(*random.choice(found), 1) if found else word[:-1]


_SLIPS = (_dropped, _turned, _missed, _doubled, _grazed, _voweless, _by_ear)
_OFTEN = (0.22, 0.42, 0.58, 0.68, 0.78, 0.88, 1.0)


def vary(text: str, random: Random) -> str:
    """Write a message anew: each kind of change by its own chance."""
    chance = random.random
    if chance() < 0.22:
        text = dialect(text, random)
    if chance() < 0.12:
        text = drop_word(text, random)
    if chance() < 0.05:
        text = swap_words(text, random)
    if chance() < 0.30:
        text = courtesy(text, random)
    if chance() < 0.45:
        text = misspell(text, random, random.choice((0.1, 0.2, 0.35, 0.5)))
    return text
