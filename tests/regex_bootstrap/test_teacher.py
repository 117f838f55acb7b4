"""The patterns as data: they compile, they vote, they abstain."""

from pathlib import Path

import pytest

from nlu.normalise import normalise
from regex_bootstrap.catalog import Catalog, read_catalog
from regex_bootstrap.errors import BadIntentFileError, BadPatternError
from regex_bootstrap.patterns import Pattern, PatternSet
from regex_bootstrap.vote import Teacher


@pytest.fixture(scope="module")
def catalog(data_folder: Path) -> Catalog:
    return read_catalog(data_folder / "intents")


@pytest.fixture(scope="module")
def teacher(catalog: Catalog) -> Teacher:
    return Teacher.of(catalog)


def test_every_intent_of_the_contract_has_a_file_with_patterns(catalog: Catalog) -> None:
    assert len(catalog.intents) == 65
    for intent in catalog.intents.values():
        assert intent.patterns, intent.name
        assert intent.examples, intent.name


def test_examples_are_never_labelled_as_another_intent(catalog: Catalog, teacher: Teacher) -> None:
    wrong = []
    for intent in catalog.intents.values():
        for example in intent.examples:
            label = teacher.label(normalise(example))
            if label.intent not in (None, intent.name):
                wrong.append((intent.name, example, label.intent))
    assert not wrong


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how much did i spend at tesco last month", "spending_total"),
        ("turn off autosave", "disable_autosave"),
        ("tell me a joke", "tell_joke"),
        ("delete all my data", "delete_data"),
    ],
)
def test_plain_sentences_are_labelled(teacher: Teacher, text: str, intent: str) -> None:
    assert teacher.label(normalise(text)).intent == intent


def test_nothing_is_an_honest_answer(teacher: Teacher) -> None:
    label = teacher.label(normalise("zorp blen kwee"))
    assert label.intent is None
    assert label.confidence == 0


def test_a_conflict_of_equals_is_an_abstention() -> None:
    rules = PatternSet([Pattern("greet", "hi"), Pattern("goodbye", "bye")])
    assert Teacher(rules).label("hi bye").intent is None


def test_a_counter_pattern_silences_its_intent() -> None:
    rules = PatternSet([Pattern("greet", "hi"), Pattern("greet", "spend", counter=True)])
    assert rules.votes("hi how much did i spend") == []


def test_accuracy_is_learnt_from_agreement_without_gold() -> None:
    rules = PatternSet([Pattern("a", "x"), Pattern("a", "y"), Pattern("a", "w"), Pattern("b", "z")])
    history = ["x y w"] * 40 + ["x y w z"] * 40
    learnt = Teacher(rules).learn(history)
    assert learnt.accuracies[3] < min(learnt.accuracies[:3])


def test_a_pattern_that_re2_refuses_is_named() -> None:
    with pytest.raises(BadPatternError, match="greet"):
        PatternSet([Pattern("greet", r"(?=x)")])


def test_an_incomplete_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "_shared.yml").write_text("fragments: {}\nvalues: {}\n")
    (tmp_path / "greet.yml").write_text("intent: hello\n")
    with pytest.raises(BadIntentFileError, match=r"greet\.yml"):
        read_catalog(tmp_path)
