"""What a person has to choose where a file does not tell."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ledger.errors import LedgerError

VALUES: dict[str, tuple[str, ...]] = {
    "date_order": ("dmy", "mdy", "ymd"),
    "decimal": (".", ","),
    "sign": ("negative_out", "positive_out"),
    "held": ("hold", "add"),
}
"""The values of the choices that have a closed set."""


class ChoiceError(LedgerError):
    """A choice was given that none of the questions has."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question: what to send back, and how to show it."""

    value: str
    label: str


class ImportQuestion(LedgerError):  # noqa: N818 - it is a question, not an error of anybody
    """A file can be read in more than one way; nothing was stored.

    Attributes:
        field: The choice that answers it.
        options: The answers.
        examples: Values of the file that can be read either way.
    """

    def __init__(
        self, field: str, text: str, options: tuple[Option, ...], examples: tuple[str, ...] = ()
    ) -> None:
        super().__init__(text)
        self.field = field
        self.text = text
        self.options = options
        self.examples = examples

    def as_dict(self) -> dict[str, Any]:
        """The question as JSON."""
        return {
            "field": self.field,
            "text": self.text,
            "options": [asdict(option) for option in self.options],
            "examples": list(self.examples),
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> "ImportQuestion":
        """The question of `as_dict`."""
        options = tuple(Option(**option) for option in found["options"])
        return cls(found["field"], found["text"], options, tuple(found["examples"]))


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen; null is not asked yet.

    Attributes:
        account: The id of the account that rows without one belong to, or ``new``.
        date_order: ``dmy``, ``mdy`` or ``ymd``.
        decimal: The decimal mark, ``.`` or ``,``.
        sign: ``negative_out``, or ``positive_out`` where purchases are positive.
        currency: Of rows that tell none.
        held: ``add`` stores rows that would be held.
        default_currency: The person's own; used where neither file nor choice tells one.
    """

    account: str | None = None
    date_order: str | None = None
    decimal: str | None = None
    sign: str | None = None
    currency: str | None = None
    held: str | None = None
    default_currency: str | None = None

    @classmethod
    def from_mapping(cls, chosen: Mapping[str, Any]) -> "Choices":
        """Read choices as a client sends them.

        Raises:
            ChoiceError: A name or value that no question has.
        """
        known = {field.name for field in fields(cls)} - {"default_currency"}
        for name, value in chosen.items():
            if name not in known or not isinstance(value, str) or len(value) > 200:
                raise ChoiceError(f"There is no choice {name[:40]!r} of this value.")
            if name in VALUES and value not in VALUES[name]:
                raise ChoiceError(f"{name} is one of {', '.join(VALUES[name])}.")
        return cls(**chosen)
