"""How long a 100,000-row file takes, and how much memory, for each format.

Run by hand: ``florin bench import``, or ``python -m tests.bench.import_bench [ROWS [FORMAT ...]]``
for one line of JSON each. Each import is a process of its own on a
fresh database, so that its peak memory is its own; both the importing process and the limited
reader it starts are counted, each by its own peak.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ledger import audit
from ledger.database import migrate, open_engine, writing
from tests.bench.figures import Figure, at_most

ROWS = 100_000
_BETWEEN_S = 0.01

_CHILD = """
import json, resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from intake.files import Source, read_files
from intake.importing import import_for
from ledger.database import migrate, open_engine
from ledger.imports.choices import Choices
url, path = sys.argv[1], Path(sys.argv[2])
begun = time.monotonic()
migrate(url)
readings = read_files([Source(path, path.name)], Choices())
done = import_for(open_engine(url), "bench", readings, Choices(), at=datetime.now(UTC))
report = done.reports[0]
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({
    "added": report.added, "matched": report.matched, "held": report.held,
    "rejected": report.rejected, "seconds": round(time.monotonic() - begun, 2),
    "cpu_seconds": round(sum(one.ru_utime + one.ru_stime for one in used), 2),
    "importer_mb": round(used[0].ru_maxrss / 1024), "reader_mb": round(used[1].ru_maxrss / 1024),
}))
"""
_SHOPS = (
    "TESCO STORES 3021",
    "PRET A MANGER",
    "TFL TRAVEL CH",
    "AMAZON.CO.UK*AB12",
    "SHELL A40",
    "NETFLIX.COM",
    "BRITISH GAS",
    "GREGGS PLC 877",
    "BOOTS 1204",
    "UBER *TRIP HELP.UBER",
)
Row = tuple[date, str, int]


def history(rows: int) -> Iterator[Row]:
    """Rows of an account over ten years: day, description, pence."""
    chance = random.Random(7)
    day, first = date(2016, 1, 1), date(2016, 1, 1)
    for number in range(rows):
        day = first + timedelta(days=number * 3650 // rows)
        yield (
            day,
            f"{chance.choice(_SHOPS)} {chance.randrange(10_000)}",
            -chance.randrange(100, 9_999),
        )


def _money(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def write_csv(path: Path, rows: int) -> None:
    """Debit and credit columns with a balance."""
    balance = 50_000_000
    with path.open("w", encoding="utf-8") as out:
        out.write("Date,Description,Paid out,Paid in,Balance\n")
        for day, text, minor in history(rows):
            balance += minor
            out.write(f"{day:%d/%m/%Y},{text},{_money(-minor)},,{_money(balance)}\n")


def write_ofx(path: Path, rows: int) -> None:
    """OFX 1, tags left open."""
    with path.open("w", encoding="utf-8") as out:
        out.write(
            "OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>GBP"
            "<BANKACCTFROM><BANKID>1<ACCTID>12345678</BANKACCTFROM><BANKTRANLIST>\n"
        )
        for number, (day, text, minor) in enumerate(history(rows)):
            out.write(
                f"<STMTTRN><TRNTYPE>DEBIT\n<DTPOSTED>{day:%Y%m%d}\n<TRNAMT>{_money(minor)}\n"
                f"<FITID>{number}\n<NAME>{text[:32]}\n<MEMO>{text}\n</STMTTRN>\n"
            )
        out.write("</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n")


def write_qif(path: Path, rows: int) -> None:
    """QIF."""
    with path.open("w", encoding="utf-8") as out:
        out.write("!Type:Bank\n")
        for day, text, minor in history(rows):
            out.write(f"D{day:%d/%m/%Y}\nT{_money(minor)}\nP{text}\n^\n")


def write_camt(path: Path, rows: int) -> None:
    """CAMT.053."""
    with path.open("w", encoding="utf-8") as out:
        out.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:'
            'tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>GB33BUKB2020155'
            "5555555</IBAN></Id><Ccy>GBP</Ccy></Acct>\n"
        )
        for number, (day, text, minor) in enumerate(history(rows)):
            out.write(
                f'<Ntry><Amt Ccy="GBP">{_money(-minor)}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>'
                f"<Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{number}"
                f"</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf>"
                f"</TxDtls></NtryDtls></Ntry>\n"
            )
        out.write("</Stmt></BkToCstmrStmt></Document>\n")


_WRITERS: dict[str, Callable[[Path, int], None]] = {
    "csv": write_csv,
    "ofx": write_ofx,
    "qif": write_qif,
    "xml": write_camt,
}


def run(folder: Path, kind: str, rows: int, round_name: str) -> dict[str, Any]:
    """Import a file in a process of its own, while another writer writes again and again."""
    path, url = folder / f"statement.{kind}", f"sqlite:///{folder / kind}.db"
    if not path.exists():
        _WRITERS[kind](path, rows)
        migrate(url)
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, url, str(path)], stdout=subprocess.PIPE, text=True
    ) as child:
        waited = _longest_wait(url, child)
        told, _ = child.communicate()
    if child.returncode != 0:
        raise RuntimeError(f"The import of {path.name} failed.")
    size = round(path.stat().st_size / 1e6, 1)
    counted: dict[str, Any] = json.loads(told)
    return {
        "format": kind,
        "import": round_name,
        "file_mb": size,
        "longest_wait": round(waited, 2),
        **counted,
    }


def _longest_wait(url: str, child: subprocess.Popen[str]) -> float:
    """Seconds that a writer such as a chat waits at most, until a process ends."""
    engine, longest = open_engine(url), 0.0
    while child.poll() is None:
        begun = time.monotonic()
        with writing(engine) as connection:
            audit.record(connection, datetime.now(UTC), None, "imported", None)
        longest = max(longest, time.monotonic() - begun)
        time.sleep(_BETWEEN_S)
    engine.dispose()
    return longest


def measure() -> Iterator[Figure]:
    """Each format, new and then known, with 100,000 rows."""
    with tempfile.TemporaryDirectory() as folder:
        for kind in _WRITERS:
            for round_name in ("first", "again"):
                found = run(Path(folder), kind, ROWS, round_name)
                name = f"{kind}, {round_name}"
                yield Figure(f"{name}: import", f"{found['seconds']} s")
                yield at_most(f"{name}: longest wait of a writer", found["longest_wait"], 3, "s")
                memory = max(found["importer_mb"], found["reader_mb"])
                yield Figure(f"{name}: memory of a process", f"{memory} MB")


def main() -> None:
    """Print one line per import."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    kinds = sys.argv[2:] or list(_WRITERS)
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            for round_name in ("first", "again"):
                print(json.dumps(run(Path(folder), kind, rows, round_name)), flush=True)


if __name__ == "__main__":
    main()
