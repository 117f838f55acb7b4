"""A message on its way through the extractor: its tokens, what is asked, what was proposed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from nlu.periods.cursor import Cursor
from nlu.slips import MOST_LOOKED_UP
from nlu.tokens import Token, tokenise
from nlu.types import Context, Direction, Locale
from nlu.words import is_known

CURRENCIES = {"GB": "GBP", "US": "USD"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one layer reads in a span.

    Attributes:
        entity: The kind, one of the nine of the contract.
        first: Index of the first token.
        last: Index after the last token.
        score: How sure the layer is, 0 to 1.
        resolved: The machine's form, None where there is none.
        source: The layer.
    """

    entity: str
    first: int
    last: int
    score: float
    resolved: dict[str, Any] | None
    source: str


@dataclass
class Message:
    """The state that the components of the pipeline share.

    Attributes:
        text: As written.
        today: The person's day.
        locale: GB or US.
        context: What the caller knows of the person.
        direction: Where bare days lie, None where nobody said.
        proposals: What the layers proposed so far.
        unknown: Tokens that are no words that people use; of a hostile message the first alone.
    """

    text: str
    today: date
    locale: Locale
    context: Context
    direction: Direction | None
    tokens: list[Token] = field(init=False)
    cursor: Cursor = field(init=False)
    unknown: frozenset[int] = field(init=False)
    proposals: list[Proposal] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Reads the tokens once."""
        self.tokens = tokenise(self.text)
        self.cursor = Cursor(self.tokens, self.locale)
        strange = (k for k, t in enumerate(self.tokens) if t.kind == "word" and not is_known(t.low))
        self.unknown = frozenset(islice(strange, MOST_LOOKED_UP))

    @property
    def currency(self) -> str:
        """The person's own currency."""
        given = self.context.currency
        return given.upper() if given and len(given) == 3 else CURRENCIES[self.locale]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Code points of a span of tokens."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def words(self, first: int, last: int) -> str:
        """The span as written."""
        start, end = self.span(first, last)
        return self.text[start:end]

    def propose(  # noqa: PLR0917 - the fields of a proposal, in their order
        self,
        entity: str,
        first: int,
        last: int,
        score: float,
        resolved: dict[str, Any] | None,
        source: str,
    ) -> None:
        """Adds a proposal."""
        self.proposals.append(Proposal(entity, first, last, score, resolved, source))

    def covered(self, *entities: str, least: float = 0.0) -> frozenset[int]:
        """The tokens that proposals of these kinds cover."""
        return frozenset(
            k
            for p in self.proposals
            if p.entity in entities and p.score >= least
            for k in range(p.first, p.last)
        )
