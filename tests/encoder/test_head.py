"""Classifiers over vectors."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoder import BrokenHeadError, Head, load, load_head
from jobs.encoder_head import fit_head

MONEY = [
    ("whats my balance", "balance"), ("how much do i have", "balance"),
    ("how much is in my account", "balance"), ("cancel netflix", "cancel"),
    ("stop my gym membership", "cancel"), ("get rid of spotify", "cancel"),
    ("tell me a joke", "joke"), ("make me laugh", "joke"), ("say something funny", "joke"),
]  # fmt: skip


@pytest.fixture(scope="module")
def head() -> Head:
    return fit_head(load().encode([text for text, _ in MONEY]), [label for _, label in MONEY])


def test_other_words_find_the_same_label(head: Head) -> None:
    vectors = load().encode(
        ["balance please", "i want to end my prime subscription", "another joke"]
    )
    assert head.best(vectors) == ["balance", "cancel", "joke"]


def test_a_head_reads_back_as_it_was_written(head: Head, tmp_path: Path) -> None:
    head.save(tmp_path / "head.npz")
    again = load_head(tmp_path / "head.npz")
    vectors = load().encode(["balance please", "another joke"])
    assert again.classes == head.classes
    assert np.allclose(again.probabilities(vectors), head.probabilities(vectors), atol=2e-3)


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"PK\x03\x04broken"])
def test_a_broken_file_is_told(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "head.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BrokenHeadError, match="train it again"):
        load_head(path)


@given(seed=st.integers(0, 10_000), rows=st.integers(0, 5))
def test_probabilities_sum_to_one(seed: int, rows: int) -> None:
    rng = np.random.default_rng(seed)
    head = Head(
        ("a", "b", "c"),
        (50 * rng.normal(size=(8, 3))).astype(np.float32),
        rng.normal(size=3).astype(np.float32),
    )
    found = head.probabilities(rng.normal(size=(rows, 8)).astype(np.float32))
    assert found.shape == (rows, 3)
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)


def test_two_classes_have_a_column_each() -> None:
    vectors = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], dtype=np.float32)
    head = fit_head(vectors, ["left", "left", "right", "right"])
    assert head.weights.shape == (2, 2)
    assert head.best(vectors) == ["left", "left", "right", "right"]
