"""Training lines out of templates, and the ways in which people mistype them."""

import random
import re
from collections.abc import Mapping, Sequence

Values = Mapping[str, Sequence[str]]
_SLOT = re.compile(r"\{(\w+)\}")
_INNERMOST = re.compile(r"\(([^()]*)\)")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR = {
    letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in _KEYBOARD
    for place, letter in enumerate(row)
}
_DEEPEST = 4
"""Slots within slots that are filled; a value that names itself ends here."""


def draw(template: str, values: Values, rng: random.Random) -> str:
    """One sentence of a template: ``(a|b)`` is a choice, ``{slot}`` a value.

    Args:
        template: Choices may hold choices and slots.
        values: What each slot may be filled with; an unknown slot stays as its name.
        rng: Decides.
    """
    text = template
    while (choice := _INNERMOST.search(text)) is not None:
        picked = rng.choice(choice.group(1).split("|"))
        text = text[: choice.start()] + picked + text[choice.end() :]
    for _ in range(_DEEPEST):
        if "{" not in text:
            break
        text = _SLOT.sub(lambda slot: _fill(slot.group(1), values, rng), text)
    return " ".join(text.split())


def _fill(slot: str, values: Values, rng: random.Random) -> str:
    return rng.choice(values[slot]) if values.get(slot) else slot


def mistype(text: str, share: float, rng: random.Random) -> str:
    """The text with about a share of its longer words mistyped, each by one slip."""
    return " ".join(
        _slip(word, rng) if len(word) > 3 and word.isalpha() and rng.random() < share else word
        for word in text.split()
    )


def _slip(word: str, rng: random.Random) -> str:
    """One slip of the fingers: swap, drop, double, or a key beside the right one."""
    place = rng.randrange(len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2:
        return word[:place] + word[place] + word[place:]
    near = _NEAR.get(word[place].lower(), "")
    return word[:place] + (rng.choice(near) if near else word[place]) + word[place + 1 :]
