from .conftest import Talk, owned, period


def test_each_account_and_what_is_owed(maya: Talk) -> None:
    answer = maya.parse("check_balance", "what's my balance")
    assert {figure.name: figure.minor for figure in answer.figures} == {
        "maya-monzo": 190_914,
        "maya-starling": 175_632,
        "maya-amex": -70_130,
    }
    assert "£701.30 owed on Amex" in answer.text


def test_one_account_by_its_words(maya: Talk) -> None:
    for words in ("savings", "my starling", "tokyo"):
        answer = maya.parse("check_balance", f"how much in {words}", owned(words))
        assert [figure.minor for figure in answer.figures] == [175_632]


def test_in_all_comes_first(maya: Talk) -> None:
    answer = maya.parse("check_balance", "how much do I have altogether")
    assert answer.figures[0].minor == 190_914 + 175_632 - 70_130


def test_net_worth_sums_balances(maya: Talk, jordan: Talk) -> None:
    assert maya.parse("net_worth", "net worth").figures[0].minor == 296_416
    assert jordan.parse("net_worth", "net worth").figures[0].minor == 114_641 + 218_158 - 212_174


def test_accounts_are_counted(maya: Talk) -> None:
    assert maya.parse("list_accounts", "my accounts").counts == [("accounts", 3)]


def test_a_balance_of_a_past_day(maya: Talk) -> None:
    then = period("on 30 april", "2026-05-01", "2026-05-02")
    answer = maya.parse("check_balance", "monzo on 1 may", owned("monzo"), then)
    assert answer.figures[0].minor == 149_855 - 64_000 - 451 - 1340


def test_a_future_balance_is_not_guessed(maya: Talk) -> None:
    then = period("on christmas day", "2026-12-25", "2026-12-26")
    assert not maya.parse("check_balance", "balance on christmas day", then).figures


def test_savings_without_a_goal_are_what_lies_in_the_accounts(maya: Talk) -> None:
    answer = maya.parse("check_goals", "hows my savings looking")
    assert answer.query is not None
    assert answer.query.measure == "check_balance"
    assert answer.query.accounts == ("maya-starling",)
    assert "no goal" in maya.parse("check_goals", "how are my goals").text
