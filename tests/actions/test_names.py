"""Whom a message means by a first or last name alone."""

from actions.names import mentioned
from ledger.queries import Counterparty

KNOWN = [
    Counterparty("struan_macleod", "Struan Macleod", ("transfers.person",), 4),
    Counterparty("virgin_money", "Virgin Money", ("transfers.person",), 3),
]


def test_people_are_known_by_either_name_and_cards_are_none() -> None:
    assert mentioned("what did struan send", KNOWN) == ("struan_macleod",)
    assert mentioned("where did ma money go", KNOWN) == ()
