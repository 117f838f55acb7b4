"""What the ledger holds, as frozen values. Money is integer minor units with a currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

AccountType = Literal["checking", "savings", "credit", "loan", "investment", "other"]
Cadence = Literal[
    "weekly", "fortnightly", "four_weekly", "monthly", "quarterly", "half_yearly", "yearly"
]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose money this is.

    Attributes:
        country: ISO 3166 alpha-2.
        locale: How they write dates and money: ``GB`` or ``US``.
        timezone: IANA name.
        demo: One of the people that come with Florin.
        clock: For a demo person the day it is for them, the day after their last row.
    """

    id: str
    name: str
    country: str
    currency: str
    locale: Literal["GB", "US"]
    timezone: str
    demo: bool = False
    clock: date | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One thread of turns of one person on one channel.

    Attributes:
        address: Where the channel delivers to (a Telegram chat), where it needs to be told.
    """

    id: str
    person_id: str
    channel: str
    created_at: datetime
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account or card of a person.

    Attributes:
        type: ``checking``, ``savings``, ``credit``, ``loan``, ``investment`` or ``other``.
        opening_minor: The balance at the start of ``opening_on`` (what is owed is negative), or
            before the first row where that is null; null where no balance is known.
        opening_on: The day whose start the opening balance is for.
    """

    id: str
    institution: str
    type: str
    currency: str
    name: str
    opening_minor: int | None = None
    opening_on: date | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """A raw row, never changed once stored.

    Attributes:
        id: Unique within the person.
        booked: The booking date.
        purchased: The purchase date, where the file tells it.
        description: As the bank wrote it.
        minor: Signed minor units; negative is money out.
        mcc: Merchant category code, four digits.
        fingerprint: Hash of day, amount and normalised description, the same in every layout.
        occurrence: 1 for the first row of this fingerprint in a file, 2 for the next.
        bank_id: The bank's own id, with its kind (``ofx:…``), where the file has one.
        import_id: The import that added it.
        line: Its line in that import's file.
        raw: The row's fields as they stood in the file.
    """

    id: str
    account_id: str
    booked: date
    description: str
    minor: int
    currency: str
    purchased: date | None = None
    mcc: str | None = None
    fingerprint: str = ""
    occurrence: int = 1
    bank_id: str | None = None
    import_id: str | None = None
    line: int | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Enriched:
    """What was found out about one transaction, each attribute with confidence and source.

    An attribute that is unknown is null, with the confidence of that. Confidences are calibrated
    probabilities in [0, 1]. ``refund_of`` is the id of the purchase that a refund belongs to,
    ``duplicate_of`` that of the row that this one charges a second time, ``model`` the content hash
    of the model that decided.
    """

    transaction_id: str
    counterparty: str | None = None
    counterparty_id: str | None = None
    counterparty_confidence: float = 0.0
    counterparty_source: str | None = None
    website: str | None = None
    logo: str | None = None
    category: str | None = None
    category_confidence: float = 0.0
    category_source: str | None = None
    essential: bool | None = None
    essential_confidence: float = 0.0
    essential_source: str | None = None
    recurring: bool | None = None
    recurring_confidence: float = 0.0
    stream_id: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    location_confidence: float = 0.0
    refund_of: str | None = None
    duplicate_of: str | None = None
    model: str | None = None


class PriceRise(NamedTuple):
    """A fixed payment that became dearer, or pay that rose.

    Attributes:
        on: Booking date of the first payment of the new amount.
        before: Signed minor units of the payments before.
        after: Signed minor units from then on, further from zero.
    """

    on: date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Guess:
    """What a row would be filed as without the person's correction, as `Enriched` has it."""

    transaction_id: str
    category: str | None
    category_confidence: float
    category_source: str | None
    essential: bool | None
    essential_confidence: float
    essential_source: str | None


@dataclass(frozen=True, slots=True)
class Stream:
    """A recurring payment or income.

    Attributes:
        status: ``early`` (two payments), ``mature`` or ``ended``; see `active`.
        next_on: The day the next one is expected.
        next_minor: Its expected signed amount, within ``next_low`` and ``next_high``.
        first_on: Booking date of its first row.
        last_on: Booking date of its last row.
        count: How many rows it has.
        price_rises: Oldest first.
        trial_ended_on: Booking date of the first payment after a free or token one.
    """

    id: str
    counterparty: str | None
    counterparty_id: str | None
    category: str | None
    cadence: str
    income: bool
    status: str
    confidence: float
    next_on: date | None
    next_minor: int | None
    next_low: int | None
    next_high: int | None
    currency: str
    first_on: date
    last_on: date
    count: int
    price_rises: tuple[PriceRise, ...] = ()
    trial_ended_on: date | None = None

    @property
    def active(self) -> bool:
        """Whether another payment is expected."""
        return self.status != "ended"
