"""The rules of counting, recomputed naively over ledgers that Hypothesis draws."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from actions import counting
from actions.counting import Kinds
from actions.query import Exclude, Query
from ledger.queries import Row

CATEGORIES = [
    "groceries.supermarket",
    "eating_out.coffee",
    "housing.rent",
    "debt.interest",
    "debt.credit_card",
    "debt.borrowed",
    "taxes_fees.bank.account",
    "savings.pot",
    "transfers.person",
    "transfers.cash.withdrawal",
    "income.pay.salary",
    "income.money_back.refund",
    "income.money_back.rewards",
    "income.returns.interest",
    "debt",
    None,
]
NEUTRAL = ("debt.credit_card", "savings.", "transfers.")
KINDS = Kinds(credit=frozenset({"card"}), savings=frozenset({"pot"}))


@st.composite
def row(draw: st.DrawFn) -> Row:
    category = draw(st.sampled_from(CATEGORIES))
    minor = draw(st.integers(-50_000, 50_000))
    matched = category == "income.money_back.refund" and minor > 0 and draw(st.booleans())
    merchants = st.sampled_from(["tesco", "aldi", "hannah", None])
    return Row(
        id=str(draw(st.integers(0, 10**6))),
        account_id=draw(st.sampled_from(["current", "card", "pot"])),
        booked=date(2026, draw(st.integers(5, 10)), draw(st.integers(1, 28))),
        purchased=None,
        description="",
        minor=minor,
        currency=draw(st.sampled_from(["GBP", "GBP", "EUR"])),
        counterparty=None,
        counterparty_id=draw(merchants),
        counterparty_confidence=1.0,
        category=category,
        category_confidence=1.0,
        category_source=None,
        recurring=draw(st.booleans()),
        stream_id=None,
        city=None,
        refund_of="p" if matched else None,
        bought_from=draw(merchants) if matched else None,
        bought_as=draw(st.sampled_from(["groceries.supermarket", "housing.rent"]))
        if matched
        else None,
    )


rows = st.lists(row(), max_size=40)
SPENT = Query("spending_total", direction="out")


def is_neutral(category: str | None) -> bool:
    return (category is not None and category.startswith(NEUTRAL)) or category == "debt.credit_card"


@given(rows)
def test_total_spending_is_money_out_less_refunds_without_neutral_flows(drawn: list[Row]) -> None:
    naive: dict[str, int] = {}
    for one in drawn:
        out = -one.minor if one.minor < 0 and not is_neutral(one.category) else 0
        back = one.minor if one.minor > 0 and one.category == "income.money_back.refund" else 0
        if out or back:
            naive[one.currency] = naive.get(one.currency, 0) + out - back
    assert counting.totals(counting.spending(drawn, SPENT, KINDS)) == naive


@given(rows)
def test_income_has_neither_money_back_nor_borrowed_money(drawn: list[Row]) -> None:
    naive = sum(
        one.minor
        for one in drawn
        if one.minor > 0
        and one.currency == "GBP"
        and one.category in {"income.pay.salary", "income.returns.interest", None}
    )
    found = counting.income(drawn, Query("income_total", direction="in"))
    assert counting.totals(found).get("GBP", 0) == naive


@given(rows)
def test_a_refund_lowers_a_merchant_only_where_it_is_matched(drawn: list[Row]) -> None:
    query = Query("spending_total", merchants=("tesco",), direction="out")
    naive = 0
    for one in drawn:
        if one.currency != "GBP":
            continue
        if one.minor < 0 and one.counterparty_id == "tesco":
            own_leg = (one.category or "").startswith("savings.") and one.account_id == "pot"
            naive += 0 if own_leg else -one.minor
        if one.minor > 0 and one.refund_of and one.bought_from == "tesco":
            naive -= one.minor
    assert counting.totals(counting.spending(drawn, query, KINDS)).get("GBP", 0) == naive


@given(rows, st.sampled_from(["category", "merchant"]))
def test_groups_add_up_to_the_total(drawn: list[Row], group_by: str) -> None:
    found = counting.spending(drawn, SPENT, KINDS)
    key = counting.category_key(SPENT) if group_by == "category" else counting.merchant_key
    groups = counting.grouped(found, key)
    assert sum(len(members) for members in groups.values()) == len(found)
    sums: dict[str, int] = {}
    for members in groups.values():
        for currency, minor in counting.totals(members).items():
            sums[currency] = sums.get(currency, 0) + minor
    assert sums == counting.totals(found)


@given(rows)
def test_what_is_left_out_and_what_is_kept_add_up(drawn: list[Row]) -> None:
    """Without rent, plus rent: refunds of rent go with it, unmatched refunds stay."""
    without = Query("spending_total", direction="out", exclude=Exclude(categories=("housing",)))
    only = Query("spending_total", direction="out", categories=("housing",))
    both = counting.spending(drawn, without, KINDS) + counting.spending(drawn, only, KINDS)
    assert counting.totals(both) == counting.totals(counting.spending(drawn, SPENT, KINDS))


@given(rows)
def test_on_a_card_its_interest_and_fees_are_left_out(drawn: list[Row]) -> None:
    on_card = Query("spending_total", direction="out", accounts=("card",))
    found = counting.spending(drawn, on_card, KINDS)
    assert all(entry.row.account_id == "card" for entry in found)
    assert not any(
        entry.row.category in {"debt.interest", "taxes_fees.bank.account"} for entry in found
    )
    asked = Query("spending_total", direction="out", accounts=("card",), categories=("debt",))
    interest = [r for r in drawn if r.account_id == "card" and r.category == "debt.interest"]
    counted = [e.row for e in counting.spending(drawn, asked, KINDS)]
    assert all(r in counted for r in interest if r.minor < 0)


def test_a_node_covers_its_descendants_of_the_same_flow() -> None:
    assert "debt.credit_card" not in counting.covered(("debt",))
    assert "debt.loans.student" in counting.covered(("debt",))
    assert "transfers.cash.withdrawal" in counting.covered(("transfers",))
    assert "income.money_back.refund" not in counting.covered(("income",))
    assert "income.money_back.refund" in counting.covered(("income.money_back",))
