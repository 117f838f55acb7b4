"""Misspelt words are mended to what people say to Florin; names and known words stay."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.lines import vocabulary
from nlu.spelling import Speller

DATA = Path(__file__).parents[2] / "data"
SPELLER = Speller(vocabulary(DATA / "intents"))


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("whats my blaance", "whats my balance"),
        ("how much did i spnend on grocreies", "how much did i spend on groceries"),
        ("subscritpions", "subscriptions"),
        ("how much at zyzzyvax", "how much at zyzzyvax"),
        ("what did i buy at tesco", "what did i buy at tesco"),
        ("moneyx ? 👍", "moneyx ? 👍"),
        ("", ""),
    ],
)
def test_slips_are_mended_and_the_rest_stays(text: str, mended: str) -> None:
    assert SPELLER.mend(text) == mended


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_what_is_mended_stays_as_it_is(text: str) -> None:
    once = SPELLER.mend(text)
    assert SPELLER.mend(once) == once
    assert once.count(" ") == text.count(" ")
