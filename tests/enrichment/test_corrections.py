from datetime import date

import pytest

from enrichment.corrections import BadRuleError, Rule, from_json, to_json
from enrichment.models import Models
from enrichment.pipeline import enrich
from ledger.types import Account, Transaction

_ACCOUNT = Account("c", "Monzo", "checking", "GBP", "Current")
_ROWS = [
    Transaction(f"t{n}", "c", date(2026, 5, n + 1), "ASDA STORES  LEEDS  GBR", -1000 - n, "GBP")
    for n in range(3)
]


def _categories(models: Models, rules: list[Rule]) -> list[str | None]:
    return [row.category for row in enrich([_ACCOUNT], _ROWS, models, rules).rows]


def test_always_and_just_this_once(models: Models) -> None:
    fuel, shop = "transport.driving.fuel", "groceries.supermarket"
    assert _categories(models, []) == [shop] * 3
    assert _categories(models, [Rule(fuel, transaction_id="t1")]) == [shop, fuel, shop]
    assert _categories(models, [Rule(fuel, counterparty_id="asda")]) == [fuel] * 3
    both = [Rule(shop, transaction_id="t0"), Rule(fuel, counterparty_id="asda")]
    assert _categories(models, both) == [shop, fuel, fuel]
    assert _categories(models, [Rule(fuel, counterparty_id="asda", inflow=True)]) == [shop] * 3


def test_rules_can_be_exported_and_read_again() -> None:
    rules = [Rule("transport.driving.fuel", counterparty_id="asda", inflow=False)]
    assert from_json(to_json(rules)) == rules


@pytest.mark.parametrize(
    "row",
    [
        {"category": "groceries.moon", "counterparty_id": "asda"},
        {"category": "groceries.supermarket"},
        {"category": "groceries.supermarket", "counterparty_id": "a", "transaction_id": "b"},
        {"kind": "x"},
    ],
)
def test_a_bad_rule_is_refused_with_a_sentence(row: dict[str, str]) -> None:
    with pytest.raises(BadRuleError, match=r"correction|category"):
        from_json([row])
