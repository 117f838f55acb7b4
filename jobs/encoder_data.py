"""What the sentence encoder is trained on: messages with intents, bank lines with categories."""

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from enrichment.clean import words_of
from enrichment.counterparty import MerchantIndex, common_words
from jobs.enrichment_text import read_silver
from jobs.lines import block, vocabulary
from jobs.noise import vary
from jobs.taught import Cleaner, by_hand, by_student, by_teacher, history
from knowledge.merchants import load_merchants, slug
from knowledge.taxonomy import load_taxonomy
from knowledge.words import load_typical_names, load_words
from nlu.intents import IntentModel
from nlu.normalise import normalise
from regex_bootstrap.catalog import read_catalog

_LABEL = "__label__"
_MISSPELT = 0.25
"""Share of the lines that are misspelt: what serves mends most slips before the encoder reads."""
_HELD_SHARE = 5
"""One merchant in so many is kept from the encoder."""


@dataclass(frozen=True)
class Task:
    """Texts with one label each.

    Attributes:
        name: ``intents`` or ``categories``.
        rows: Text and label, each pair once.
    """

    name: str
    rows: tuple[tuple[str, str], ...]


def held_out(merchant: str) -> bool:
    """Whether the encoder has seen no line of a merchant.

    Confidences of a classifier over its vectors are to be calibrated on these alone: the vectors
    of all other silver lines know their labels already.

    Args:
        merchant: As `jobs.enrichment_text.Silver.group` or `knowledge.merchants.slug` names it.
    """
    return zlib.crc32(merchant.encode()) % _HELD_SHARE == 0


def intents(data_dir: Path, student: Path | None, lines: int, copies: int, seed: int) -> Task:
    """Lines drawn from the templates and messages of the history, varied anew.

    Args:
        data_dir: The repository's ``data``.
        student: A published intent model that labels the history; None asks the teacher alone.
        lines: How many are drawn from templates.
        copies: Copies of each labelled message.
        seed: The same seed draws the same rows.
    """
    drawn = block(data_dir / "intents", seed, lines, _MISSPELT)
    pairs = [_parts(line) for line in drawn]
    pairs += _labelled(data_dir, student, copies, random.Random(seed))  # noqa: S311 - lines
    return Task("intents", tuple(dict.fromkeys(pairs)))


def _parts(line: str) -> tuple[str, str]:
    """Text and intent of a line; what stands before the text is the label and its context."""
    label, _, text = line.rstrip("\n").split(" ", 2)
    return text, label.removeprefix(_LABEL)


def _labelled(
    data_dir: Path, student: Path | None, copies: int, rng: random.Random
) -> Iterator[tuple[str, str]]:
    messages = history(data_dir)
    taught = by_student(IntentModel.load(student), messages) if student else by_teacher(messages)
    cleaner = Cleaner(
        vocabulary(data_dir / "intents"), read_catalog(data_dir / "intents").values["name"]
    )
    for row in [*taught, *by_hand(data_dir)]:
        said = cleaner.clean(row.text, rng)
        for number in range(copies):
            text = normalise(vary(said, rng, _MISSPELT) if number else said)
            if text:
                yield text, row.intent


def categories(data_dir: Path, knowledge: int, seed: int) -> Task:
    """Silver lines and a sample of the knowledge tables, without the merchants held out.

    Args:
        data_dir: The repository's ``data``.
        knowledge: How many names and words of the tables are drawn.
        seed: The same seed draws the same rows.
    """
    base = load_merchants()
    index = MerchantIndex(base, common_words(merchant.name for merchant in base))
    silver = [
        (row.reading.text, row.category)
        for row in read_silver(data_dir, index)
        if row.reading.text and not held_out(row.group)
    ]
    told = list(dict.fromkeys(known()))
    drawn = random.Random(seed).sample(told, min(knowledge, len(told)))  # noqa: S311
    return Task("categories", tuple(dict.fromkeys([*silver, *drawn])))


def known() -> Iterator[tuple[str, str]]:
    """Read what the tables say: merchants not held out, words of categories, their names.

    Yields:
        Text in the form of `enrichment.clean.words_of`, and its leaf.
    """
    taxonomy = load_taxonomy()
    for merchant in load_merchants():
        if not merchant.category or held_out(slug(merchant.name)):
            continue
        if taxonomy.is_leaf(merchant.category):
            for name in (merchant.name, *merchant.aliases):
                if text := words_of(name):
                    yield text, merchant.category
    for category, phrases in (*load_words().items(), *load_typical_names().items()):
        yield from ((words_of(phrase), category) for phrase in phrases)
    for category in taxonomy.leaves():
        yield words_of(taxonomy.name(category)), category
