from datetime import date

import pytest

from enrichment.counterparty import fold
from enrichment.decide import decide
from enrichment.models import Models
from knowledge.merchants import load_merchants
from ledger.types import Account, Transaction

_BASE = load_merchants()


def test_every_spelling_is_found(models: Models) -> None:
    for merchant in _BASE[::3]:
        words = fold(merchant.name)
        host = "." in merchant.name
        if host or not words or len(words) > 6 or any(word.isdigit() for word in words):
            continue
        assert models.index.find(merchant.name) is not None, merchant.name
        assert models.index.find(f"{merchant.name} 4417 Qwertzington") is not None, merchant.name


def test_a_spelling_without_its_blanks_is_found(models: Models) -> None:
    for merchant in _BASE[::3]:
        joined = "".join(fold(merchant.name))
        if len(joined) >= 5 and 1 < len(fold(merchant.name)) <= 6 and not joined[-1].isdigit():
            assert models.index.find(joined.upper()) is not None, merchant.name


def test_an_unknown_name_is_nobodys(models: Models) -> None:
    assert models.index.find("QWERTZ BUDDLE 12") is None
    assert models.index.find("") is None
    assert models.index.find("12345") is None


@pytest.mark.parametrize(
    ("text", "currency", "id_"),
    [
        ("WASH MEADOW FLATS", "USD", None),
        ("LOTUS POSE YOGA", "USD", None),
        ("GARAGE DOOR FITTERS", "GBP", None),
        ("SHELL HAZEL GROVE", "GBP", "shell"),
        ("TARGET PHOTO", "USD", "target"),
        ("TESCO 3318 RINGROAD", "GBP", "tesco"),
        ("NEXT DIRECTORY", "GBP", "next"),
    ],
)
def test_a_plain_word_alone_is_no_merchants_name(
    models: Models, text: str, currency: str, id_: str | None
) -> None:
    account = Account("a", "", "checking", currency, "Current")
    row = Transaction("t", "a", date(2026, 5, 4), text, -2_000, currency)
    [decision] = decide([(row, account)], models)
    found = decision.merchant
    assert (found.id if found else None) == id_
