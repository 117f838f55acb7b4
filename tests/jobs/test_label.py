import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from typer.testing import CliRunner

from florin.cli import app
from jobs.errors import LabelError
from jobs.label import classes_of, label_messages, within_cap
from jobs.label_report import write_report
from jobs.messages import LedgerMessages, MessageFile, people_named
from ledger import inbox, people, tables
from ledger.database import writing
from ledger.scope import UserScope
from ledger.types import Person
from regex_bootstrap.catalog import Catalog, Intent
from regex_bootstrap.patterns import patterns_of

AT = datetime(2025, 6, 1, tzinfo=UTC)


def intent(name: str, *patterns: str) -> Intent:
    return Intent(name, name, (), patterns, (), (), ())


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    made = [
        intent("greet", "^(?:hi|hello)$"),
        intent("spending_total", "how much .*spen[dt]", "spent at"),
        intent("refunds", "refund"),
        intent("cancel_subscription", "cancel"),
    ]
    return Catalog({one.name: one for one in made}, {})


def write(path: Path, rows: list[object]) -> MessageFile:
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return MessageFile(path)


def said(conversation: str, text: str, **more: object) -> dict[str, object]:
    return {"conversation": conversation, "turn": 1, "text": text, **more}


def read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_messages_come_out_labelled_redacted_and_in_order(tmp_path, catalog):
    source = write(
        tmp_path / "in.jsonl",
        [
            said("web:4477", "hello"),
            said("web:4477", "how much have i spent with priya, call 07700 900123"),
            said("tg:1", "cancel my refund"),
            said("tg:1", "the weather"),
        ],
    )
    report = label_messages([source], catalog, tmp_path / "out.jsonl")
    rows = read(tmp_path / "out.jsonl")
    assert [row["label"] for row in rows] == ["greet", "spending_total", None, None]
    assert [row["outcome"] for row in rows] == ["label", "label", "conflict", "abstain"]
    assert rows[1]["text"] == "how much have i spent with <NAME>, call <PHONE>"
    assert rows[1]["votes"] == ["spending_total/0"]
    assert 0.6 <= rows[1]["confidence"] <= 1
    assert [row["person"] for row in rows] == ["p0", "p0", "p1", "p1"]
    assert not {"4477", "tg:1"} & set((tmp_path / "out.jsonl").read_text().split('"'))
    assert (report.read, report.labelled, report.conflicts, report.abstained) == (4, 2, 1, 1)
    assert (report.people, report.redacted, report.coverage) == (2, 1, 0.5)


def test_misspelt_words_are_mended_for_the_teacher_and_kept_in_the_text(tmp_path, catalog):
    source = write(tmp_path / "in.jsonl", [said("a", "how mcuh did i spent at aldi refnud")])
    words = dict.fromkeys(("how", "much", "did", "spent", "at", "aldi", "refund"), 50)
    label_messages([source], catalog, tmp_path / "out.jsonl", words=words)
    (row,) = read(tmp_path / "out.jsonl")
    assert row["text"] == "how mcuh did i spent at aldi refnud"
    assert row["votes"] == ["spending_total/0", "spending_total/1", "refunds/0"]


def test_bad_lines_are_counted_with_their_numbers_and_the_rest_is_kept(tmp_path, catalog):
    path = tmp_path / "in.jsonl"
    good = orjson.dumps(said("a", "hello"))
    path.write_bytes(
        b"\n".join(
            [
                good,
                b"{broken",
                b"[1]",
                b'{"conversation": "a"}',
                b'{"text": "x"}',
                b"",
                b"\xff",
                good,
            ]
        )
    )
    report = label_messages([MessageFile(path)], catalog, tmp_path / "out.jsonl")
    assert report.read == 2
    assert report.bad == {"in.jsonl": 5}
    assert [(bad.line, bad.reason) for bad in report.bad_lines] == [
        (2, "is no JSON"),
        (3, "is no JSON object"),
        (4, "has no text"),
        (5, "has no conversation"),
        (7, "is no JSON"),
    ]
    markdown, data = write_report(report, tmp_path / "out.jsonl")
    assert "in.jsonl, line 2: is no JSON" in markdown.read_text()
    assert json.loads(data.read_text())["intents"]["greet"]["labelled"] == 2


def test_one_person_has_at_most_one_percent_of_a_class(tmp_path, catalog):
    many = [said("talker", f"how much have i spent on {n}") for n in range(200)]
    others = [said(f"c{n % 300}", "how much did i spend") for n in range(900)]
    source = write(tmp_path / "in.jsonl", many + others)
    report = label_messages([source], catalog, tmp_path / "out.jsonl")
    rows = read(tmp_path / "out.jsonl")
    of_each = Counter(row["person"] for row in rows)
    assert max(of_each.values()) <= 0.01 * len(rows)
    assert of_each["p0"] == 9
    assert report.capped == 191
    assert report.intents["spending_total"] == {"labelled": 1100, "written": 909}


def test_an_invented_surname_of_one_person_is_said_once_at_most(tmp_path, catalog):
    loud = [said("a", "how much did i spend on zzyzxian", person="loud") for _ in range(50)]
    quiet = [said(f"b{n}", "how much did i spend") for n in range(60)]
    label_messages([write(tmp_path / "in.jsonl", loud + quiet)], catalog, tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text().count("zzyzxian") == 1


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=60), st.floats(0.05, 1))
def test_the_cap_holds_for_every_class_and_keeps_everybody(pairs, share):
    who = np.array([person for person, _ in pairs], dtype=np.int64)
    classes = np.array([number for _, number in pairs], dtype=np.int64)
    kept = within_cap(who, classes, share)
    for number in set(classes.tolist()):
        counts = Counter(who[kept & (classes == number)].tolist())
        assert set(counts) == set(who[classes == number].tolist())
        assert max(counts.values()) <= max(1, share * sum(counts.values()))


def test_two_processes_say_what_one_says(tmp_path, catalog):
    rows = [said(f"c{n % 7}", f"how much did i spend on {n} with sarah") for n in range(9_000)]
    source = write(tmp_path / "in.jsonl", rows)
    one = label_messages([source], catalog, tmp_path / "one.jsonl")
    sizes: list[int] = []
    two = label_messages([source], catalog, tmp_path / "two.jsonl", workers=2, advance=sizes.append)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert (one.read, one.written) == (two.read, two.written)
    assert sum(sizes) == source.size


def test_a_missing_file_is_named_and_the_old_labels_stay(tmp_path, catalog):
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    with pytest.raises(LabelError, match=r"gone\.jsonl cannot be read"):
        label_messages([MessageFile(tmp_path / "gone.jsonl")], catalog, out)
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_no_message_at_all_gives_an_empty_file(tmp_path, catalog):
    report = label_messages([write(tmp_path / "in.jsonl", [])], catalog, tmp_path / "out.jsonl")
    assert (report.read, report.coverage) == (0, 0.0)
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_classes_are_the_intents_and_the_two_ways_to_have_none(catalog):
    assert classes_of(patterns_of(catalog))[-2:] == ["conflict", "abstain"]


@pytest.fixture(scope="module")
def talked(engine):
    """Two people of the ledger; one has typed, tapped and pays somebody."""
    with writing(engine) as connection:
        for who, name in (("p-one", "Bramblewick Oddfellow"), ("p-two", "Quiet Person")):
            person = Person(who, name, "GB", "GBP", "GB", "Europe/London", demo=False, clock=None)
            people.create_person(connection, person, AT)
        scope = UserScope("p-one")
        people.open_conversation(connection, scope, "web", AT, "web:9911")
        for key, kind, body in (
            ("1", "text", "how much have i spent with tannerwick"),
            ("2", "button", "token"),
            ("3", "text", "thanks, bramblewick oddfellow"),
        ):
            message = inbox.Message("web:9911", "web", key, kind, body, AT, AT)
            inbox.accept(connection, message)
        _pay(connection, "t1", "Ysolde Tannerwick", "transfers.person")
        _pay(connection, "t2", "Tesco", "food.groceries")
    return engine


def _pay(connection, row: str, name: str, category: str) -> None:
    if not connection.execute(tables.accounts.select()).first():
        connection.execute(
            insert(tables.accounts).values(
                person_id="p-one", id="a", institution="b", type="current", currency="GBP", name="c"
            )
        )
    connection.execute(
        insert(tables.transactions).values(
            person_id="p-one", id=row, account_id="a", booked=AT.date(), description=name,
            minor=-100, currency="GBP", fingerprint=row, occurrence=0, line=1, raw={},
        )
    )  # fmt: skip
    connection.execute(
        insert(tables.enriched).values(
            person_id="p-one", transaction_id=row, counterparty=name, counterparty_id=name.lower(),
            counterparty_confidence=1.0, category=category, category_confidence=1.0,
            essential_confidence=0.0, recurring_confidence=0.0, location_confidence=0.0, model="m",
        )
    )  # fmt: skip


def test_the_ledgers_conversations_are_read_and_its_people_redacted(talked, tmp_path, catalog):
    names = people_named(talked)
    assert names == ["Bramblewick Oddfellow", "Quiet Person", "Ysolde Tannerwick"]
    report = label_messages([LedgerMessages(talked)], catalog, tmp_path / "out.jsonl", payees=names)
    rows = read(tmp_path / "out.jsonl")
    assert [row["text"] for row in rows] == [
        "how much have i spent with <NAME>",
        "thanks, <NAME>",
    ]
    assert (report.read, report.people) == (2, 1)


def test_the_command_labels_files_and_says_what_it_did(tmp_path, catalog):
    write(tmp_path / "in.jsonl", [said("a", "hi"), {"no": "message"}])
    out = tmp_path / "labels" / "out.jsonl"
    arguments = ["label", str(tmp_path / "in.jsonl"), "--out", str(out), "--workers", "1"]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert "1 of 1 messages" in result.stdout
    assert "in.jsonl, line 2: has no text" in result.stderr
    assert read(out)[0]["label"] == "greet"
    assert (tmp_path / "labels" / "out.report.md").exists()


def test_the_command_without_anything_to_read_says_so():
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "florin.cli"]
    code = "import sys; sys.argv[1:] = ['label', '--out', 'x']; from florin.cli import main; main()"
    done = subprocess.run(
        [*command[:1], "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 1
    assert "Name the files to label" in done.stderr
