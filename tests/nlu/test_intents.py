"""The student as it serves: behaviour that a person sees, on a quick model."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from jobs.behaviour import ASKED, broken, failures, pairs
from jobs.intents import QUICK, ensure_quick
from nlu.layers import Layers
from nlu.second import load_second
from nlu.service import create_app
from nlu.serving import Nlu, to_json
from nlu.shortcuts import shortcut
from nlu.types import Previous, Request
from registry import Registry
from tests.models import KEPT
from tests.serving import Server

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
_INVARIANT = 0.97


@pytest.fixture(scope="module")
def kept(data_folder: Path) -> Registry:
    """Quick models by the hash of their inputs, kept from one test run to the next."""
    found = Registry(KEPT)
    ensure_quick(found, data_folder, lambda _: None)
    return found


@pytest.fixture(scope="module")
def registry(
    kept: Registry, tmp_path_factory: pytest.TempPathFactory, data_folder: Path
) -> Registry:
    """A registry of these tests alone, which they may break."""
    name = ensure_quick(kept, data_folder, lambda _: None)
    found = Registry(tmp_path_factory.mktemp("registry"))
    found.switch("intents", found.publish("intents", kept.path("intents", name)))
    return found


@pytest.fixture(scope="module")
def layers(registry: Registry) -> Layers:
    folder = registry.current("intents")
    assert folder is not None
    return Layers.load(folder, load_second())


@pytest.fixture(scope="module")
def nlu(registry: Registry) -> Nlu:
    return Nlu(registry)


def ask(nlu: Nlu, text: str, previous: Previous | None = None) -> tuple[str, str]:
    found = nlu.intent(Request(text, NOW, previous=previous))
    return found.intent.name, found.route


def test_the_quick_model_is_small_enough_for_a_first_start() -> None:
    assert QUICK.drawn <= 200_000


def test_an_unchanged_quick_model_is_not_fitted_again(kept: Registry, data_folder: Path) -> None:
    told: list[str] = []
    ensure_quick(kept, data_folder, told.append)
    assert told == []


def test_plain_sentences_are_understood(layers: Layers) -> None:
    assert failures(layers) == []


def test_courtesy_case_emoji_typos_and_amounts_change_nothing(layers: Layers) -> None:
    bad = broken(layers)
    assert len(bad) <= (1 - _INVARIANT) * len(list(pairs())), bad


@pytest.mark.parametrize("text", ["", "   ", "...", "\x00", "?!?!"])
def test_nothing_said_is_out_of_scope_or_help(nlu: Nlu, text: str) -> None:
    assert ask(nlu, text)[0] in ("out_of_scope", "help")


@pytest.mark.parametrize("text", ["qwkjhd zxmnb qpw", "asdkfj alskdjf"])
def test_gibberish_is_out_of_scope(nlu: Nlu, text: str) -> None:
    assert ask(nlu, text)[0] == "out_of_scope"


def test_an_elliptical_message_leans_on_the_question_before(nlu: Nlu) -> None:
    assert ask(nlu, "and last month?", ASKED)[0] == "refine_query"
    assert ask(nlu, "show me the rest", ASKED)[0] == "show_more"


def test_a_full_question_after_another_is_its_own_intent(nlu: Nlu) -> None:
    assert ask(nlu, "when do i get paid next", ASKED)[0] == "next_payday"


def test_the_turn_before_may_be_its_text_alone(nlu: Nlu) -> None:
    previous = Previous(text="how much did i spend on food last week")
    assert ask(nlu, "what about tesco", previous)[0] == "refine_query"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hi", "greet"),
        ("👍", "affirm"),
        ("👎👎", "deny"),
        ("y", "affirm"),
        ("n", "deny"),
        ("😍", "praise"),
    ],
)
def test_single_words_and_emoji_need_no_model(text: str, intent: str) -> None:
    assert shortcut(text) == intent


def test_the_parse_always_has_text_intent_and_entities(nlu: Nlu) -> None:
    for text in ("", "hello", "how much did i spend at tesco last month over £20"):
        found = to_json(nlu.parse(Request(text, NOW)))
        assert {"text", "intent", "entities", "route", "model", "models"} <= found.keys()
        assert found["text"] == text
        assert 0 <= found["intent"]["confidence"] <= 1


def test_a_release_is_followed_and_a_broken_one_is_not(
    registry: Registry, nlu: Nlu, tmp_path: Path, data_folder: Path
) -> None:
    serving = registry.pointer("intents").current
    assert serving is not None
    other = _twin(registry, tmp_path / "draft")
    registry.switch("intents", other)
    assert nlu.parse(Request("what is my balance", NOW)).models["intents"] == other
    (registry.root / "intents" / other / "model.bin").write_bytes(b"broken")
    registry.share("intents", None)
    assert ask(nlu, "what is my balance")[0] == "check_balance"
    registry.rollback("intents")
    assert nlu.parse(Request("what is my balance", NOW)).models["intents"] == serving


def _twin(registry: Registry, draft: Path) -> str:
    """The model that serves under another hash."""
    serving = registry.current("intents")
    assert serving is not None
    draft.mkdir()
    for file in serving.iterdir():
        if file.name != "manifest.json":
            (draft / file.name).write_bytes(file.read_bytes())
    (draft / "note.txt").write_text(f"the same model, published as {draft.name}")
    return registry.publish("intents", draft)


def test_releases_under_load_lose_no_request(registry: Registry, tmp_path: Path) -> None:
    one, other = _twin(registry, tmp_path / "one"), _twin(registry, tmp_path / "other")
    registry.switch("intents", one)
    done = threading.Event()

    def ask(url: str) -> str:
        answer = httpx.post(
            f"{url}/model/parse",
            json={"text": "what is my balance"}, headers={"x-florin-key": "key"}, timeout=60,
        )  # fmt: skip
        assert answer.status_code == 200
        assert answer.json()["intent"]["name"] == "check_balance"
        return str(answer.json()["models"]["intents"])

    def keep_asking(url: str) -> set[str]:
        seen = {ask(url)}
        while not done.is_set():
            seen.add(ask(url))
        return seen

    with Server(create_app(registry.root, "key")) as server, ThreadPoolExecutor(4) as pool:
        clients = [pool.submit(keep_asking, server.url) for _ in range(4)]
        try:
            for name in (other, one) * 4:
                time.sleep(0.1)
                registry.switch("intents", name)
                assert ask(server.url) == name
        finally:
            done.set()
        assert set().union(*(client.result() for client in clients)) <= {one, other}


def test_a_shadow_changes_no_answer(registry: Registry, nlu: Nlu) -> None:
    serving = registry.pointer("intents").current
    assert serving is not None
    registry.share("intents", serving, 0)
    assert nlu.parse(Request("what is my balance", NOW)).models["intents"] == serving
    registry.share("intents", None)


def test_a_part_that_a_plan_waits_for_is_kept_though_it_is_no_question(nlu: Nlu) -> None:
    waits = Previous.of({"asked": {"intent": "set_budget"}})
    for previous, kinds in ((waits, ["amount"]), (None, [])):
        parse = nlu.parse(Request("£200", NOW, previous=previous))
        assert parse.understanding.intent.name == "out_of_scope"
        assert [entity.entity for entity in parse.entities] == kinds
