"""Whether an answer of `florin ask` is right, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.cases.answers import expected as right_answer

NEGATIVE = re.compile(r"\b(no|not|none|nothing|never|off|paused|cannot|short)\b|n['’]t\b", re.I)


def faults(case: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """What the answer gets wrong; empty when it is right.

    Args:
        case: A row of a table of questions.
        answer: The JSON object of the contract.

    Returns:
        One short sentence for each fault, naming fields and never sums or names.
    """
    right = right_answer(case)
    found = [] if answer["intent"] == case["intent"] else ["intent"]
    found += _main(right, answer)
    found += _sums(right, answer)
    found += _words(right, answer)
    return found + _rows(case, right, answer)


def _main(right: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    figures = answer["figures"]
    first = figures[0]["minor"] if figures else None
    if right["main"] is not None:
        nothing = right["main"] == 0 and first is None and NEGATIVE.search(answer["reply"])
        if first not in [right["main"], *right["alts"]] and not nothing:
            yield "main figure"
    if right["range"]:
        low, high = right["range"]
        if first is None or not low <= first <= high:
            yield "main figure out of range"
    if figures and right["currency"] and figures[0]["currency"] != right["currency"]:
        yield "currency"


def _sums(right: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    minors = {figure["minor"] for figure in answer["figures"]}
    if not minors.issuperset(right["figures"].values()):
        yield "a figure is missing"
    if not {count["value"] for count in answer["counts"]}.issuperset(right["counts"].values()):
        yield "count"
    dates = {date["date"] for date in answer["dates"]}
    if not all(dates.intersection(value.split("|")) for value in right["dates"].values()):
        yield "date"
    if not all(abs(s) in {abs(m) for m in minors} or _in_reply(s, answer) for s in right["said"]):
        yield "a sum is not said"


def _in_reply(minor: int, answer: dict[str, Any]) -> bool:
    whole, part = divmod(abs(minor), 100)
    cents = rf"\.{part:02d}" if part else r"(\.00)?"
    text = answer["reply"].replace(",", "")
    return re.search(rf"(?<![\d.]){whole}{cents}(?![\d]|\.\d)", text) is not None


def _words(right: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    reply = answer["reply"].casefold().replace("’", "'")
    for name in right["names"]:
        if not any(word.casefold() in reply for word in name.split("|")):
            yield "a name is missing"
    denies = NEGATIVE.search(answer["reply"]) is not None
    if right["verdict"] and denies != (right["verdict"] == "no"):
        yield "verdict"


def _rows(case: dict[str, Any], right: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    if right["transactions"] is None:
        return []
    figures = answer["figures"]
    if figures and figures[0]["minor"] in right["alts"]:
        return []  # another reading rests on other rows
    wanted, given = set(right["transactions"]), set(answer["transactions"])
    if case["intent"] == "report_fraud":
        return [] if given and given <= wanted else ["rows"]
    return [] if given == wanted else ["rows"]
