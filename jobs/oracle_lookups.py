"""What the oracle is told of a line besides its words: facts from tables, and any plug-in's."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from rapidfuzz import fuzz, process

from enrichment.counterparty import MerchantIndex
from enrichment.reading import Reading
from jobs.enrichment_text import Silver
from jobs.errors import OracleError
from knowledge.mcc import category_of_mcc
from knowledge.merchants import slug

_LIKE = 60.0
_EXAMPLES = 3


@dataclass(frozen=True)
class Line:
    """A line that is to be labelled.

    Attributes:
        description: Redacted, as the bank wrote it.
        amount: As it stands in the file, signed.
        currency: ISO 4217.
        account_type: `checking`, `credit` and so on.
        mcc: Merchant category code, empty where the file has none.
        reading: The line, read.
    """

    description: str
    amount: str
    currency: str
    account_type: str
    mcc: str
    reading: Reading


Lookup = Callable[[Line], Sequence[str]]
"""Facts about a line, one short sentence each; none where it knows nothing.

A look-up of one's own is any such function, named `package.module:function` on the command line.
It is given the redacted line only."""


def merchant_base(index: MerchantIndex) -> Lookup:
    """What the merchant base knows of the name."""

    def facts(line: Line) -> Sequence[str]:
        merchant = line.reading.merchant
        if merchant is None:
            return ()
        known = index.by_id.get(merchant.id, merchant)
        usual = f"; a payment there is usually {known.category}" if known.category else ""
        return (f"merchant table: {known.name}, {known.website or 'no website'}{usual}",)

    return facts


def card_code(line: Line) -> Sequence[str]:
    """What the card's merchant category code says."""
    category = category_of_mcc(line.mcc) if line.mcc else ""
    return (f"merchant category code {line.mcc}: {category}",) if category else ()


def likenesses(silver: Sequence[Silver]) -> Lookup:
    """The labelled lines that read most alike."""
    by_text = {row.reading.text: row for row in silver if row.reading.text}
    texts = list(by_text)

    def facts(line: Line) -> Sequence[str]:
        found = process.extract(
            line.reading.text, texts, scorer=fuzz.token_set_ratio, limit=_EXAMPLES,
            score_cutoff=_LIKE,
        )  # fmt: skip
        rows = [by_text[text] for text, _, _ in found]
        return [f"labelled line like it: {row.reading.text} = {row.category}" for row in rows]

    return facts


def table(path: Path) -> Lookup:
    """A table of one's own: CSV with the columns `name` and `fact`, looked up by the name read.

    Raises:
        OracleError: It cannot be read or lacks a column.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            known = {slug(row["name"]): row["fact"] for row in csv.DictReader(file)}
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise OracleError(
            f"The look-up table {path} cannot be read ({type(error).__name__}); "
            "it needs the columns name and fact."
        ) from error

    def facts(line: Line) -> Sequence[str]:
        fact = known.get(slug(line.reading.shown))
        return (f"{path.stem}: {fact}",) if fact else ()

    return facts


def named(spec: str) -> Lookup:
    """A look-up by its name on the command line: a CSV file, or `package.module:function`.

    Raises:
        OracleError: There is no such file or function.
    """
    module, _, attribute = spec.partition(":")
    if not attribute:
        return table(Path(spec))
    try:
        found: Lookup = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise OracleError(f"There is no look-up {spec}: {error}.") from error
    return found
