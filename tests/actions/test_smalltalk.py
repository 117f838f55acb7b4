import pytest

from actions.smalltalk import REPLIES

from .conftest import Talk


@pytest.mark.parametrize("intent", [*REPLIES, "help"])
def test_small_talk_reads_no_money(intent: str, maya: Talk) -> None:
    answer = maya.parse(intent, "…")
    assert answer.text
    assert answer.query is None
    assert not answer.figures


def test_replies_vary_from_turn_to_turn(maya: Talk) -> None:
    assert len({maya.parse("greet", "hi").text for _ in range(20)}) == len(REPLIES["greet"])


def test_help_speaks_of_the_persons_own_money(maya: Talk, jordan: Talk) -> None:
    assert "Monzo" in maya.parse("help", "help").text
    assert "Chase" in jordan.parse("help", "help").text


def test_out_of_scope_says_what_can_be_asked(maya: Talk) -> None:
    assert "spending" in maya.parse("out_of_scope", "write a poem").text
