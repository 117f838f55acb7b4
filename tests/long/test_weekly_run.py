"""The week's run on a ledger in which somebody wrote one message."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from florin.cli import app
from jobs import behaviour, intents
from jobs.intents import Recipe
from ledger import inbox, people
from ledger.database import migrate, open_engine, writing
from ledger.scope import UserScope
from ledger.types import Person
from registry import Registry

AT = datetime(2026, 6, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(
    not os.environ.get("FLORIN_LONG"), reason="a long test: set FLORIN_LONG, or run .ci/long"
)


def _typed(url: str, text: str) -> None:
    migrate(url)
    engine = open_engine(url)
    person = Person("p", "Ann Other", "GB", "GBP", "GB", "Europe/London", demo=False, clock=None)
    with writing(engine) as connection:
        people.create_person(connection, person, AT)
        people.open_conversation(connection, UserScope("p"), "web", AT, "web:1")
        inbox.accept(connection, inbox.Message("web:1", "web", "1", "text", text, AT, AT))
    engine.dispose()


@pytest.mark.timeout(1_800)
def test_a_week_labels_trains_measures_and_releases_what_the_gate_lets_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'florin.db'}"
    _typed(url, "how much did i send to priya, call 07700 900123")
    home = tmp_path / "home"
    monkeypatch.setenv("FLORIN_HOME", str(home))
    monkeypatch.setenv("FLORIN_DATABASE", url)
    monkeypatch.setattr(intents, "FIRST", Recipe(drawn=3_000, copies=1, epoch=1, workers=1))
    weekly = ["weekly", "--lines", "1000", "--seeds", "1", "--workers", "1"]
    done = CliRunner().invoke(app, weekly)
    assert done.exit_code == 0, done.stderr
    (label,) = (home / "labels" / "intents.jsonl").read_text().splitlines()
    assert json.loads(label)["text"] == "how much did i send to <NAME>, call <PHONE>"
    assert (home / "reports" / "intents" / "report.md").is_file()
    serving = Registry(home / "registry").pointer("intents").current
    assert serving is not None
    assert f"{serving} serves." in done.stdout

    # Next week nothing has changed but what must be understood: the gate says so.
    monkeypatch.setitem(behaviour.MINIMUM, "what is my balance", "tell_joke")
    done = CliRunner().invoke(app, weekly)
    assert done.exit_code == 1
    assert "fit: unchanged" in done.stderr
    assert "is not released: behaviour" in done.stderr
    assert Registry(home / "registry").pointer("intents").current == serving
