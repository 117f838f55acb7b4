"""The committed encoder: what comes out, and what must not matter to it."""

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encoder import FOLDER, WIDTH, BrokenEncoderError, Encoder, load

SENTENCES = [
    "how much did i spend on groceries last month",
    "whats my balance",
    "cancel netflix",
    "tell me a joke",
    "tesco stores",
    "shell service station",
]


SHARED = load()


@pytest.fixture
def encoder() -> Encoder:
    return SHARED


def test_vectors_have_length_one_in_the_order_of_the_texts(encoder: Encoder) -> None:
    vectors = encoder.encode(SENTENCES)
    assert vectors.shape == (len(SENTENCES), WIDTH)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    alone = np.vstack([encoder.encode([text]) for text in SENTENCES])
    assert np.allclose(vectors, alone, atol=1e-4)


def test_no_texts_are_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, WIDTH)


def test_like_meanings_are_nearer_than_others(encoder: Encoder) -> None:
    asked, again, joke, shop, other_shop = encoder.encode(
        ["whats my balance", "how much money is in my account", "tell me a joke",
         "tesco stores", "sainsburys supermarket"]
    )  # fmt: skip
    assert asked @ again > asked @ joke
    assert shop @ other_shop > shop @ joke


def test_case_makes_no_difference(encoder: Encoder) -> None:
    lower, upper = encoder.encode(["cancel netflix", "CANCEL NETFLIX"])
    assert np.allclose(lower, upper, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.text(max_size=200), max_size=6))
def test_any_text_has_a_vector_that_its_neighbours_do_not_change(texts: list[str]) -> None:
    vectors = SHARED.encode(texts)
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    beside = SHARED.encode([*reversed(texts), *SENTENCES])[: len(texts)][::-1]
    assert np.allclose(vectors, beside, atol=1e-4)


@pytest.mark.parametrize("text", ["", " ", "\x00\u202e", "x" * 10_000, "\ud800", "😀" * 500])
def test_bad_input_has_a_vector(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


def test_threads_share_an_encoder_from_its_first_use_on() -> None:
    fresh, found = load(), []
    threads = [
        threading.Thread(target=lambda: found.append(fresh.encode(SENTENCES))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.allclose(found[0], each, atol=1e-5) for each in found)


def test_a_missing_file_is_told_when_it_is_needed(tmp_path: Path) -> None:
    missing = load(tmp_path)
    with pytest.raises(BrokenEncoderError, match="cannot be read"):
        missing.encode(["hello"])


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes((FOLDER / "tokenizer.json").read_bytes())
    (tmp_path / "model.onnx").write_bytes((FOLDER / "model.onnx").read_bytes()[:100_000])
    with pytest.raises(BrokenEncoderError, match="cannot be read"):
        load(tmp_path).encode(["hello"])


def test_what_is_committed_stays_small_and_carries_its_notice() -> None:
    size = sum(file.stat().st_size for file in FOLDER.iterdir())
    assert size <= 30_000_000
    assert "Apache License" in (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "all-MiniLM-L6-v2" in (FOLDER / "NOTICE.md").read_text(encoding="utf-8")
