"""The quick ways past patterns must miss no line that the patterns match."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrichment.bank_lines import FOR_MONEY_OUT, tells
from enrichment.clean import DATE, IN_DATES, tidy
from enrichment.rails import RAILS, Rail, rules_of


@pytest.mark.parametrize("rule", RAILS, ids=lambda rule: rule.pattern.pattern[:30])
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_a_rule_is_tried_on_every_line_that_it_matches(rule: Rail, data: st.DataObject) -> None:
    line = data.draw(st.from_regex(rule.pattern))
    flat = " ".join(tidy(line).split())
    if rule.pattern.match(flat):
        assert rule in rules_of(flat)
        assert rule.match(flat)


@pytest.mark.parametrize("pattern", FOR_MONEY_OUT, ids=lambda pattern: pattern.pattern[:30])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_banks_own_line_holds_a_word_that_tells(pattern: object, data: st.DataObject) -> None:
    letters = st.sampled_from(string.printable[:95])
    line = data.draw(st.from_regex(pattern, alphabet=letters))  # type: ignore[call-overload]
    assert tells(line, inflow=False)


@given(st.from_regex(DATE))
def test_a_date_holds_what_is_looked_for_first(text: str) -> None:
    assert IN_DATES.search(text)
