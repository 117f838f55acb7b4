import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from endpoint import Budget, Endpoint, Options
from enrichment.counterparty import MerchantIndex, common_words
from jobs.errors import OracleError
from jobs.oracle import BATCH, Oracle, Prices
from jobs.oracle_lines import read_lines, write_silver
from jobs.oracle_lookups import Line, merchant_base, named
from jobs.pseudonyms import stand_ins
from jobs.redaction import Redactor
from knowledge.merchants import load_merchants
from tests.model_server import Body, ModelServer, Status, model_server

_ROOT = Path(__file__).parent.parent.parent
_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def _label(item: dict[str, Any]) -> dict[str, Any]:
    pets = "VET" in item["description"].upper()
    return {
        "n": item["n"],
        "reason": "The word vet." if pets else "A supermarket by the merchant table.",
        "counterparty": "Tesco" if "TESCO" in item["description"] else "Oakfield Vets",
        "category": "family.pets.vet" if pets else "groceries.supermarket",
        "essential": not pets,
        "recurring_likely": False,
        "city": "Leeds",
        "region": "",
        "country": "GB",
        "confidence": "high",
    }


def _items(body: dict[str, Any]) -> list[dict[str, Any]]:
    return list(json.loads(body["messages"][-1]["content"]))


def _labels(body: dict[str, Any]) -> Any:
    return {"labels": [_label(item) for item in _items(body)]}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server(_labels) as running:
        yield running


@pytest.fixture(scope="module")
def index() -> MerchantIndex:
    base = load_merchants()
    return MerchantIndex(base, common_words(merchant.name for merchant in base))


@pytest.fixture(scope="module")
def redact() -> Any:
    return Redactor().redact


def _file(folder: Path, count: int) -> Path:
    path = folder / "lines.csv"
    rows = ["description,amount,currency"]
    rows += [f"OAKFIELD VETS {chr(65 + n // 26)}{chr(65 + n % 26)} YORK,-5{n}.00,GBP"
             for n in range(count)]  # fmt: skip
    path.write_text("\n".join(rows) + "\n")
    return path


def _oracle(server: ModelServer, folder: Path, index: MerchantIndex) -> Oracle:
    options = Options(server.base_url, "m", timeout_seconds=5, tries=2)
    endpoint = Endpoint(options, Budget(folder / "e.db", 10_000_000), lambda _: None)
    return Oracle(endpoint, [merchant_base(index)], folder / "runs", lambda _: None)


def test_labels_have_reasons_and_silver_has_what_can_be_believed(
    server: ModelServer, tmp_path: Path, index: MerchantIndex, redact: Any
) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(
        "description,amount,currency,account_type\n"
        "TESCO STORES 2041 LEEDS,-8.00,GBP,checking\n"
        "TESCO STORES 2041 LEEDS,-9.50,GBP,checking\n"
        "FPO SARAH CONNOR OAKFIELD VETS,-40.00,GBP,checking\n"
    )
    lines = read_lines(path, index, redact)
    oracle = _oracle(server, tmp_path, index)
    out = tmp_path / "silver.csv"
    assert write_silver(out, lines, oracle.label(lines, lambda: _NOW), index) == 2
    [sent] = server.requests
    items = _items(sent)
    assert any("tesco.com" in fact for fact in items[0]["facts"])
    assert "CONNOR" not in json.dumps(items)
    with out.open(newline="") as file:
        tesco, vet = csv.DictReader(file)
    assert (tesco["website"], tesco["city"], tesco["reason"]) == (
        "tesco.com", "Leeds", "A supermarket by the merchant table.",
    )  # fmt: skip
    assert (vet["category"], vet["website"], vet["city"]) == ("family.pets.vet", "", "")
    assert "CONNOR" not in vet["description"]
    assert "<" not in vet["description"]


def test_the_cost_is_known_before_anything_is_sent(
    server: ModelServer, tmp_path: Path, index: MerchantIndex, redact: Any
) -> None:
    lines = read_lines(_file(tmp_path, 25), index, redact)
    oracle = _oracle(server, tmp_path, index)
    prices = Prices(Decimal("2.50"), Decimal(10), "USD")
    left = oracle.estimate(lines, prices)
    assert (left.lines, left.requests) == (25, 3)
    exact = (Decimal("2.5") * left.tokens_in + 10 * left.tokens_out) / 1_000_000
    assert left.minor is not None
    assert 0 <= left.minor - exact * 100 < 1
    assert "25 lines in 3 requests" in str(left)
    assert server.requests == []
    assert oracle.estimate(lines, Prices(None, None, "USD")).minor is None


def test_what_is_labelled_is_kept_when_the_endpoint_gives_out(
    server: ModelServer, tmp_path: Path, index: MerchantIndex, redact: Any
) -> None:
    lines = read_lines(_file(tmp_path, 25), index, redact)
    oracle = _oracle(server, tmp_path, index)
    good = server.answer

    def failing(body: dict[str, Any]) -> Any:
        server.next = [Status(500)] * 2
        return good(body)

    server.answer = failing
    with pytest.raises(OracleError, match="10 of 25 lines"):
        oracle.label(lines, lambda: _NOW)
    server.answer, server.next = good, []
    server.requests.clear()
    assert len(oracle.label(lines, lambda: _NOW)) == 25
    assert len(server.requests) == 2
    assert oracle.estimate(lines, Prices(None, None, "USD")).lines == 0


def test_a_batch_without_a_valid_answer_is_left_for_the_next_run(
    server: ModelServer, tmp_path: Path, index: MerchantIndex, redact: Any
) -> None:
    lines = read_lines(_file(tmp_path, 15), index, redact)
    oracle = _oracle(server, tmp_path, index)
    server.next = [Body(b"{}")] * 2
    assert len(oracle.label(lines, lambda: _NOW)) == 5
    assert len(oracle.label(lines, lambda: _NOW)) == 15


def test_a_journal_that_was_cut_off_goes_on(
    server: ModelServer, tmp_path: Path, index: MerchantIndex, redact: Any
) -> None:
    lines = read_lines(_file(tmp_path, 20), index, redact)
    oracle = _oracle(server, tmp_path, index)
    oracle.label(lines, lambda: _NOW)
    [journal] = (tmp_path / "runs").glob("*.jsonl")
    journal.write_bytes(journal.read_bytes()[:-40])
    server.requests.clear()
    assert len(oracle.label(lines, lambda: _NOW)) == 20
    assert [len(_items(body)) for body in server.requests] == [1]
    server.requests.clear()
    assert len(oracle.label(lines, lambda: _NOW)) == 20
    assert server.requests == []


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    def slowly(body: dict[str, Any]) -> Any:
        time.sleep(0.4)
        return _labels(body)

    with model_server(slowly) as server:
        path, out = _file(tmp_path, 6 * BATCH), tmp_path / "silver.csv"
        environment = os.environ | {
            "FLORIN_HOME": str(tmp_path / "home"), "FLORIN_LLM_BASE_URL": server.base_url,
            "FLORIN_LLM_MODEL": "m", "FLORIN_LLM_DAILY_TOKENS": "10000000",
        }  # fmt: skip
        command = [
            sys.executable, "-c", "from florin.cli import main; main()", "train", "enrichment",
            "--oracle", str(path), "--out", str(out), "--yes",
        ]  # fmt: skip
        first = subprocess.Popen(command, env=environment, cwd=_ROOT)
        deadline = time.monotonic() + 120
        while len(server.requests) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        first.kill()
        first.wait()
        assert not out.exists()
        done = len(server.requests) - 1
        assert done >= 2
        server.requests.clear()
        subprocess.run(command, env=environment, cwd=_ROOT, check=True)
        assert len(server.requests) == 6 - done
        with out.open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 6 * BATCH
        assert all(row["reason"] for row in rows)


def test_lookups_are_pluggable(tmp_path: Path, index: MerchantIndex, redact: Any) -> None:
    facts = tmp_path / "register.csv"
    facts.write_text("name,fact\nOakfield Vets,a veterinary surgery\n")
    [line] = read_lines(_file(tmp_path, 1), index, redact)
    assert isinstance(line, Line)
    [fact] = named(str(facts))(line) or [""]
    assert fact == "register: a veterinary surgery"
    assert named("jobs.oracle_lookups:card_code")(line) == ()
    with pytest.raises(OracleError, match="no look-up"):
        named("jobs.oracle_lookups:nothing")
    with pytest.raises(OracleError, match="name and fact"):
        named(str(tmp_path / "absent.csv"))


@pytest.mark.parametrize(
    "text",
    ["amount,currency\n-1.00,GBP\n", "description,amount,currency\nTESCO,much,GBP\n"],
)
def test_a_file_that_cannot_be_labelled_is_named_with_its_line(
    tmp_path: Path, index: MerchantIndex, redact: Any, text: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(OracleError, match=r"bad\.csv, line 2"):
        read_lines(path, index, redact)


def test_stand_ins_are_the_same_each_time_and_keep_the_case() -> None:
    line = stand_ins("ZELLE TO <NAME> DINNER <PHONE>")
    assert line == stand_ins("ZELLE TO <NAME> DINNER <PHONE>")
    assert line.isupper()
    assert "<" not in line
