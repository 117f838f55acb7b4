"""The company and its own word for an entry, in an ACH line that sets nothing between them.

The format gives a company 16 letters and the word for its entry 10 (Nacha Operating Rules, batch
header record, fields 3 and 7): `PUGET SOUND ENER BILLPAY`.
"""

from __future__ import annotations

import re

from enrichment.rails import ENTRY

COMPANY, _WORD = 16, 10
_SAID = re.compile(
    r"^(?P<company>.*?[a-z]{2}.*?)\s+(?P<entry>" + ENTRY + r"|(?:ins ?)?prem(?:ium)?|pension|"
    r"annuity|(?:auto |home )?loan|(?:prop(?:erty)? )?tax(?:es)?|utility|utilities|eft|payables?|"
    r"dues|tuition|benefits?|reimb\w*|claims?|rent|donation|contrib\w*)$",
    re.IGNORECASE,
)


def split_entry(name: str) -> tuple[str, str]:
    """The company, and what it calls the entry; empty where the line does not tell them apart.

    Args:
        name: What a line says behind the bank's own words, blanks single.
    """
    said = _SAID.match(name)
    if said:
        return said["company"], said["entry"]
    full = name[COMPANY : COMPANY + 1] == " " and len(name) <= COMPANY + 1 + _WORD
    if full and " " not in name[COMPANY + 1 :]:
        return name[:COMPANY], name[COMPANY + 1 :]
    return name, ""
