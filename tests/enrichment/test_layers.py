from datetime import date

import numpy as np
import pytest

from enrichment.category import Frame
from enrichment.choice import choose
from enrichment.decide import Decision, decide
from enrichment.layers import by_third, unaided
from enrichment.models import Models
from enrichment.neighbours import of, together
from enrichment.third import load_third
from ledger.types import Account, Transaction

_ACCOUNT = Account("c", "Monzo", "checking", "GBP", "Current")


def _decided(models: Models, text: str, minor: int = -1840) -> Decision:
    row = Transaction("t", "c", date(2026, 5, 4), text, minor, "GBP")
    return decide([(row, _ACCOUNT)], models)[0]


def _classes(frame: Frame, *ids: str) -> list[int]:
    return [frame.index[id_] for id_ in ids]


def test_an_unsure_leaf_gives_way_to_the_node_above(models: Models) -> None:
    frame = models.frame
    evidence = _decided(models, "ANYTHING").evidence
    chosen = _classes(
        frame, "transport.public.rail", "transport.public.local", "transport.taxi", "housing.rent"
    )
    said = ("", "", "", "")
    unsure = choose(evidence, said, chosen, [0.29, 0.28, 0.23, 0.2], frame)
    assert (unsure.category, unsure.inner) == ("transport.public", True)
    assert unsure.confidence == pytest.approx(0.57)
    wider = choose(evidence, said, chosen, [0.25, 0.2, 0.25, 0.3], frame)
    assert wider.category == "housing.rent"
    top = choose(evidence, said, chosen, [0.24, 0.2, 0.29, 0.27], frame)
    assert (top.category, top.inner) == ("transport", True)


def test_trees_are_asked_only_where_sources_differ_or_the_text_is_unsure(models: Models) -> None:
    clear = _decided(models, "TESCO STORES 2041      LEEDS         GBR")
    assert clear.choice.clear
    assert clear.choice.source == "rule"
    unsure = _decided(models, "QUORNDON XYLO")
    assert not unsure.choice.clear
    [row] = unaided([clear.evidence], np.stack([clear.text]), models.frame)
    assert row is not None
    assert row.category == "groceries.supermarket"
    other = clear.evidence._replace(mcc="transport.driving.fuel")
    assert unaided([other], np.stack([clear.text]), models.frame) == [None]


def test_what_is_sure_is_not_asked_about(models: Models) -> None:
    third = load_third()
    assert third is not None
    known = _decided(models, "TESCO STORES 2041      LEEDS         GBR")
    assert known.choice.source != "slm"
    assert not third.asks(known.choice, known.evidence)


def test_the_small_model_is_heard_within_the_sign(models: Models) -> None:
    third = load_third()
    assert third is not None
    evidence = _decided(models, "QWERTZ HOT YOGA LOFT").evidence
    text = np.full((1, len(models.frame.classes)), 1 / len(models.frame.classes), np.float32)
    [choice] = by_third([evidence], text, models, third)
    assert choice.source == "slm"
    assert models.taxonomy.flow(choice.category) != "in"


def test_a_text_is_answered_alike_alone_and_among_others() -> None:
    third = load_third()
    assert third is not None
    classes = third.head.classes
    texts = ["harbor oaks dental", "blue lagoon spa", "harbor oaks dental"]
    many = third.probabilities(texts, classes)
    assert np.allclose(many[0], many[2])
    assert np.allclose(many.sum(axis=1), 1, atol=1e-4)
    assert np.allclose(third.probabilities([texts[1]], classes)[0], many[1])


def test_neighbours_vote_by_likeness() -> None:
    vectors = np.eye(3, dtype=np.float32)
    votes = of(vectors, ["a", "b", "b"], ["a", "b"])
    found = votes.probabilities(np.array([[0.9, 0.3, 0.316]], dtype=np.float32))
    assert found[0, 0] > 0.99
    both = together(found, found[:, ::-1], 1.0)
    assert both[0] == pytest.approx([0.5, 0.5], abs=1e-3)
