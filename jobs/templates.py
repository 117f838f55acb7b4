"""Sentences drawn from the templates of the intent files.

``(a|b|)`` is a choice, ``{slot}`` a value of ``_shared.yml``, which may hold choices and slots
itself. A template is compiled once; drawing from it then costs a few microseconds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import TypeAlias

from jobs.errors import BadTemplateError

Node: TypeAlias = "str | Choice"
_VARIETY_WEIGHT = 0.15
"""A template with more wordings is drawn more often, but by far not in proportion."""


@dataclass
class Choice:
    """One of several sequences, drawn evenly."""

    options: list[list[Node]] = field(default_factory=list)

    @cached_property
    def variety(self) -> float:
        """How many wordings it has."""
        return sum(map(variety, self.options))

    @cached_property
    def leaves(self) -> "Sequence[str | list[Node]]":
        """The options, those without a choice in them as plain text: most are, and cost less."""
        return [
            "".join(map(str, option)) if _is_plain(option) else option for option in self.options
        ]


class Templates:
    """Compiled templates that share slot values.

    Args:
        values: What each slot may be filled with.
    """

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values
        self._slots: dict[str, Choice] = {}

    def compile(self, template: str) -> list[Node]:
        """Compile one template.

        Raises:
            BadTemplateError: Its parentheses do not match or a slot has no values.
        """
        nodes, end = self._sequence(template, 0)
        if end != len(template):
            raise BadTemplateError(f"A parenthesis is closed but not opened: {template!r}.")
        return nodes

    def _sequence(self, text: str, at: int) -> tuple[list[Node], int]:
        """Read nodes up to the end of the text or of the option that it stands in."""
        nodes: list[Node] = []
        start = at
        while at < len(text) and text[at] not in "|)":
            if text[at] not in "({":
                at += 1
                continue
            if start < at:
                nodes.append(text[start:at])
            node, at = self._choice(text, at) if text[at] == "(" else self._slot(text, at)
            nodes.append(node)
            start = at
        if start < at:
            nodes.append(text[start:at])
        return nodes, at

    def _choice(self, text: str, at: int) -> tuple[Choice, int]:
        choice = Choice()
        while True:
            option, at = self._sequence(text, at + 1)
            choice.options.append(option)
            if at >= len(text):
                raise BadTemplateError(f"A parenthesis is not closed: {text!r}.")
            if text[at] == ")":
                return choice, at + 1

    def _slot(self, text: str, at: int) -> tuple[Choice, int]:
        end = text.find("}", at)
        name = text[at + 1 : end] if end > 0 else ""
        if name not in self._values:
            raise BadTemplateError(f"{text!r} has a slot without values: {name!r}.")
        if name not in self._slots:
            self._slots[name] = slot = Choice()
            slot.options.extend(self.compile(value) for value in self._values[name])
        return self._slots[name], end + 1


def _is_plain(nodes: Sequence[Node]) -> bool:
    return all(isinstance(node, str) for node in nodes)


def draw(nodes: Sequence[Node], random: Random) -> str:
    """Return one wording."""
    parts: list[str] = []
    _draw(nodes, random.random, parts)
    return " ".join("".join(parts).split())


def _draw(nodes: Sequence[Node], chance: Callable[[], float], parts: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
            continue
        options = node.leaves
        option = options[int(chance() * len(options))]
        if isinstance(option, str):
            parts.append(option)
        else:
            _draw(option, chance, parts)


def variety(nodes: Sequence[Node]) -> float:
    """Return how many wordings a template has, slots counted by their values."""
    total = 1.0
    for node in nodes:
        if not isinstance(node, str):
            total *= node.variety
    return total


def weight(nodes: Sequence[Node]) -> float:
    """Return how often a template is drawn against the others of its intent."""
    return float(variety(nodes) ** _VARIETY_WEIGHT)
