"""The release of an extractor: its gate, the switch under a running service, shadow and share."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from jobs.errors import GateError
from jobs.extractor import Labelled, Recipe, fit
from jobs.extractor_behaviour import failures
from jobs.extractor_release import falls, judge, release
from jobs.extractor_report import Score
from nlu.extract import Extractor
from nlu.ner import NER_FOLDER
from nlu.service import create_app
from registry import Registry
from tests.serving import Server

DATA = Path(__file__).parents[2] / "data"
KEY = "test-key"
FRUIT = "is the walnut a fruit or not"


def _fitted(registry: Registry, folder: Path, *, fooled: bool) -> str:
    """A published NER; a fooled one takes a walnut for a shop."""
    texts = ("is the walnut a fruit", "the walnut or not", "did i pay the walnut")
    at = [(text.index("walnut"), text.index("walnut") + 6, "merchant") for text in texts]
    rows = [Labelled(text, (span,) if fooled else ()) for text, span in zip(texts, at, strict=True)]
    plain = [Labelled(text, ()) for text in ("hello there", "what can you do", "or not")]
    recipe = Recipe(epochs=8, dropout=0.0)
    ner: Any = fit((rows + plain) * 40, recipe, lambda _: None).get_pipe("ner")
    ner.to_disk(folder / NER_FOLDER, exclude=["vocab"])
    return registry.publish("extractor", folder)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return Registry(tmp_path_factory.mktemp("registry"))


@pytest.fixture(scope="module")
def sound(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _fitted(registry, tmp_path_factory.mktemp("sound"), fooled=False)


@pytest.fixture(scope="module")
def fooled(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _fitted(registry, tmp_path_factory.mktemp("fooled"), fooled=True)


@pytest.fixture(scope="module")
def golden_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first golden messages of each file, so that the gate is quick here."""
    folder = tmp_path_factory.mktemp("data") / "golden"
    folder.mkdir()
    for file in (DATA / "golden").glob("*.jsonl"):
        lines = file.read_text(encoding="utf-8").splitlines()[:15]
        (folder / file.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder.parent


def test_the_grammars_alone_pass_the_behavioural_tests() -> None:
    assert failures(Extractor.load(None)) == []


def test_a_fall_of_one_kind_is_named_where_its_spans_are_enough_to_tell() -> None:
    before = {"merchant": Score(90, 90, 100, 100), "goal": Score(9, 9, 10, 10)}
    after = {"merchant": Score(80, 80, 100, 100), "goal": Score(1, 1, 10, 10)}
    assert falls(before, after) == ["merchant fell from 0.900 to 0.800"]
    assert falls(before, before) == []


def test_a_sound_model_is_released_and_a_fooled_one_is_not(
    registry: Registry, golden_folder: Path, sound: str, fooled: str
) -> None:
    verdict = release(registry, golden_folder, sound)
    assert verdict.f1 >= verdict.before - 0.005
    assert registry.pointer("extractor").current == sound
    with pytest.raises(GateError, match="walnut"):
        release(registry, golden_folder, fooled)
    assert registry.pointer("extractor").current == sound
    assert judge(registry, golden_folder, sound).reasons == ()


def _entities(client: httpx.Client, text: str) -> list[str]:
    answer = client.post("/entities", json={"text": text})
    assert answer.status_code == 200
    return [entity["value"] for entity in answer.json()["entities"]]


def _served_by(client: httpx.Client, text: str = FRUIT) -> str | None:
    answer = client.post("/model/parse", json={"text": text})
    assert answer.status_code == 200
    name: str | None = answer.json()["models"]["extractor"]
    return name


@pytest.fixture
def client(registry: Registry) -> Any:
    with Server(create_app(registry.root, KEY)) as server:
        headers = {"x-florin-key": KEY}
        with httpx.Client(base_url=server.url, headers=headers, timeout=10) as opened:
            yield opened


def test_a_running_service_follows_the_switch_and_loses_no_request(
    registry: Registry, client: httpx.Client, sound: str, fooled: str
) -> None:
    registry.switch("extractor", sound)
    assert _entities(client, FRUIT) == []
    with ThreadPoolExecutor(4) as callers:
        asked = [callers.submit(_served_by, client) for _ in range(60)]
        assert asked[0].result() == sound
        registry.switch("extractor", fooled)
        asked += [callers.submit(_served_by, client) for _ in range(60)]
        served = [one.result() for one in asked]
    assert set(served) == {sound, fooled}
    assert served[-1] == fooled
    assert _entities(client, FRUIT) == ["walnut"]
    registry.rollback("extractor")
    assert _entities(client, FRUIT) == []
    assert _served_by(client) == sound


def test_a_shadow_only_logs_what_differs_and_a_share_answers(
    registry: Registry,
    client: httpx.Client,
    sound: str,
    fooled: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    registry.switch("extractor", sound)
    registry.share("extractor", fooled, 0)
    with caplog.at_level(logging.INFO, logger="nlu.released"):
        assert _entities(client, FRUIT) == []
        assert _entities(client, "hello there") == []
    assert _served_by(client) == sound
    (line,) = {record.getMessage() for record in caplog.records}
    assert fooled in line
    assert "'merchant': 1" in line
    assert "walnut" not in line
    registry.share("extractor", fooled, 100)
    assert _entities(client, FRUIT) == ["walnut"]
    assert _served_by(client) == fooled
    registry.share("extractor", None)
    assert _entities(client, FRUIT) == []


def test_a_share_is_the_same_messages_each_time(
    registry: Registry, client: httpx.Client, sound: str, fooled: str
) -> None:
    registry.switch("extractor", sound)
    registry.share("extractor", fooled, 50)
    texts = [f"is the walnut a fruit or not {k}" for k in range(40)]
    first = [_served_by(client, text) for text in texts]
    assert {sound, fooled} == set(first)
    assert [_served_by(client, text) for text in texts] == first
    registry.share("extractor", None)


def test_a_variant_that_was_tampered_with_leaves_the_release_serving(
    registry: Registry, client: httpx.Client, sound: str, tmp_path: Path
) -> None:
    registry.switch("extractor", sound)
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "note.txt").write_text("no model")
    broken = registry.publish("extractor", copy)
    registry.share("extractor", broken, 100)
    assert _entities(client, FRUIT) == []
    assert _served_by(client) == sound
    registry.share("extractor", None)
