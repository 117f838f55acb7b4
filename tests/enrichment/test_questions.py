from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.choice import Choice
from enrichment.corrections import Rule
from enrichment.models import Models
from enrichment.pipeline import enrich
from enrichment.prompts import Label, Labels, answers_of, line, system, user
from enrichment.questions import ASK_BELOW, Answer, Question, is_unsure
from knowledge.taxonomy import load_taxonomy
from ledger.types import Account, Transaction
from tests.enrichment.unsure import unsure_names

_CURRENT = Account("c", "Monzo", "checking", "GBP", "Current")
_SAVER = Account("s", "Starling Bank", "savings", "GBP", "Saver")


def _row(id_: str, text: str, minor: int, account: str = "c", day: int = 4) -> Transaction:
    return Transaction(id_, account, date(2026, 5, day), text, minor, "GBP")


@pytest.fixture(scope="module")
def unsure(models: Models) -> str:
    return f"{unsure_names(models)[0]} LEEDS"


def _question(text: str, models: Models) -> Question:
    [question] = enrich([_CURRENT], [_row("t", text, -2_100)], models).questions
    return question


def test_equal_lines_are_onex_its_rows(models: Models, unsure: str) -> None:
    rows = [_row(f"t{n}", unsure, -2_100 - n, day=4 + n) for n in range(3)]
    found = enrich([_CURRENT], [*rows, _row("known", "TESCO STORES", -800)], models)
    assert list(found.questions.values()) == [3]
    assert found.questions.keys() == {_question(unsure, models)}


def test_an_answer_files_the_row_and_ends_the_question(models: Models, unsure: str) -> None:
    answers = {_question(unsure, models): Answer("shopping.clothing", 0.99)}
    found = enrich([_CURRENT], [_row("t", unsure, -2_100)], models, answers=answers)
    [row] = found.rows
    assert (row.category, row.category_source) == ("shopping.clothing", "llm")
    assert ASK_BELOW < row.category_confidence <= 0.8
    assert found.questions == {}


def test_a_row_without_a_leaf_is_unsure_however_likely_it_is() -> None:
    inner = Choice("eating_out", 0.7, "trees", inner=True)
    assert is_unsure(inner)
    assert is_unsure(Choice("eating_out.bar", 0.4, "trees"))
    assert not is_unsure(Choice("eating_out.bar", 0.6, "trees"))


def test_a_persons_own_word_outranks_an_answer(models: Models, unsure: str) -> None:
    answers = {_question(unsure, models): Answer("shopping.clothing", 0.99)}
    rule = Rule("health.dental", transaction_id="t")
    rows = [_row("t", unsure, -2_100)]
    [row] = enrich([_CURRENT], rows, models, [rule], answers).rows
    assert (row.category, row.category_source) == ("health.dental", "rule")


def test_both_legs_of_a_move_are_not_asked(models: Models) -> None:
    rows = [
        _row("out", "TRANSFER TO STARLING SAVER", -20_000),
        _row("in", "FROM MONZO CURRENT", 20_000, "s", 5),
    ]
    assert enrich([_CURRENT, _SAVER], rows, models).questions == {}


def test_a_line_that_names_only_a_person_raises_no_question(models: Models) -> None:
    rows = [_row("t", "Zelle payment to Chidinma Okonkwo", -900)]
    assert all(
        "okonkwo" not in question.text for question in enrich([_CURRENT], rows, models).questions
    )


def test_the_prompt_lists_every_leaf_and_numbers_the_lines() -> None:
    assert all(f"\n{leaf} = " in system() for leaf in load_taxonomy().leaves())
    question = Question("oakfield vets", False, "GBP", "card")
    assert '"n": 2' in user([line(question, "a"), line(question, "b")])


_LABELS = st.builds(
    Label,
    n=st.integers(-5, 12),
    category=st.sampled_from(["groceries.supermarket", "groceries", "nothing", ""]),
    sure=st.floats(0, 1),
)


@given(st.lists(_LABELS), st.integers(0, 8))
def test_only_usable_answers_are_taken(labels: list[Label], count: int) -> None:
    found = answers_of(Labels(answers=labels), count)
    assert all(0 <= place < count for place in found)
    assert all(answer.category == "groceries.supermarket" for answer in found.values())
