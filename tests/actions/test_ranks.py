"""Rankings: by money, by visits, and the largest payments."""

from itertools import pairwise

from .conftest import OCTOBER, Talk, category, merchant, number, period


def test_rankings(maya: Talk) -> None:
    money = maya.parse("top_merchants", "where do I spend the most")
    assert money.figures[0].label == "D J Brennan"
    assert money.figures[0].minor == 448_000
    visits = maya.parse("top_merchants", "where do I go most often")
    assert visits.counts[0] == ("sainsburys", 7)
    assert "hyperoptic" not in dict(visits.counts)
    biggest = maya.parse("biggest_purchases", "my biggest purchase in october", OCTOBER)
    assert [figure.minor for figure in biggest.figures] == [64_000]
    three = maya.parse("biggest_purchases", "top 3 purchases", number(3))
    assert len(three.figures) == 3


def test_one_purchase_of_a_kind_is_one(maya: Talk) -> None:
    answer = maya.parse("biggest_purchases", "largest grocery shop", category("g", "groceries"))
    assert len(answer.figures) == 1


def test_nobody_with_as_many_payments_is_left_out(maya: Talk, jordan: Talk) -> None:
    for person in (maya, jordan):
        answer = person.parse("top_merchants", "which place did i pay most often")
        least = answer.counts[-1][1]
        assert all(one[1] >= other[1] for one, other in pairwise(answer.counts))
        rest = person.parse("show_more", "more")
        assert all(times < least for _, times in rest.counts)
    assert "all your data" in answer.text


def test_a_number_asked_for_is_kept_and_ties_are_said(maya: Talk) -> None:
    answer = maya.parse("top_merchants", "top 3 places i pay most often", number(3))
    assert len(answer.counts) == 3
    assert "have as many" in answer.text
    by_money = maya.parse("top_merchants", "top 3 places", number(3))
    assert [f.name for f in by_money.figures] == [
        "d_j_brennan", "manchester_city_council", "finnair",
    ]  # fmt: skip


def test_names_are_whole(jordan: Talk) -> None:
    july_on = period("since july", "2026-07-01")
    answer = jordan.parse("top_merchants", "where i pay most often", july_on)
    for figure in answer.figures:
        if figure.label and figure.label.split()[0] in answer.text:
            assert figure.label in answer.text
    tax = jordan.parse(
        "spending_total", "at the county", merchant("county", "fulton_county_tax_commissioner")
    )
    assert "Fulton County Tax Commissioner" in tax.text
