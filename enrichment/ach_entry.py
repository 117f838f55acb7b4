"""The company and its own word for an entry, in an ACH line that sets nothing between them.

The format gives a company 16 letters and the word for its entry 10 (Nacha Operating Rules, batch
header record, fields 3 and 7): `PUGET SOUND ENER BILLPAY`.
"""

from __future__ import annotations

import re

from enrichment.rails import ENTRY

COMPANY, _WORD = 16, 10
_LONGEST, _WORDS = 24, 3
"""Letters and words of what originators print for an entry at most."""
_SAID = re.compile(
    ENTRY + r"|(?:ins ?)?prem(?:ium)?|pension|annuity|(?:auto|home) loan|prop(?:erty)? tax|eft|"
    r"payables?|dues|tuition|reimb\w*|claims?|rent|donation|contrib\w*",
    re.IGNORECASE,
)
_OF_A_NAME = frozenset(
    ["inc", "llc", "co", "corp", "company", "network", "ltd", "group", "bank", "services"]
)


def split_entry(name: str) -> tuple[str, str]:
    """The company, and what it calls the entry; empty where the line does not tell them apart.

    Args:
        name: What a line says behind the bank's own words, blanks single.
    """
    words = name.split(" ")
    for count in range(min(_WORDS, len(words) - 1), 0, -1):
        entry = " ".join(words[-count:])
        if len(entry) <= _LONGEST and _SAID.fullmatch(entry):
            return " ".join(words[:-count]), entry
    full = name[COMPANY : COMPANY + 1] == " " and len(name) <= COMPANY + 1 + _WORD
    entry = name[COMPANY + 1 :]
    if full and " " not in entry and entry.casefold() not in _OF_A_NAME:
        return name[:COMPANY], entry
    return name, ""
