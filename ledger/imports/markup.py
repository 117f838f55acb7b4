"""What XML and SGML must not hold, checked before a parser sees any of it."""

import re

from ledger.errors import HostileFileError
from ledger.imports.limits import MAX_CDATA, MAX_CELL, MAX_TAGS

_LONG = re.compile(rf"(?:\A|[<>])[^<>]{{{MAX_CELL + 1}}}")
"""Begins at a tag's end only, so that each value is looked at once."""
_DECLARED = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)", re.IGNORECASE)
_OPEN, _CLOSE = "<![CDATA[", "]]>"


def _may_be_long(text: str) -> bool:
    """Whether half a cell's length lies between two tags, which is seen without a pattern."""
    half = MAX_CELL // 2
    blocks = (text[start : start + half] for start in range(0, len(text), half))
    return any("<" not in block and ">" not in block for block in blocks)


def check_markup(text: str) -> None:
    """Refuse declarations, floods of CDATA and values that no bank writes.

    Raises:
        HostileFileError: One of these is there.
    """
    if text.count("<") > MAX_TAGS:
        raise HostileFileError("The file has more tags than any bank's; export a shorter period.")
    if text.count(_OPEN) > MAX_CDATA:
        raise HostileFileError("The file has too many CDATA sections to be a bank's.")
    if "<!" in text and _DECLARED.search(text):
        raise HostileFileError("The file declares XML entities or types; bank files have none.")
    if _may_be_long(text) and (found := _LONG.search(text)):
        line = text.count("\n", 0, found.start()) + 1
        raise HostileFileError(f"Line {line} holds a value longer than {MAX_CELL:,} characters.")
    start = text.find(_OPEN)
    while start >= 0:
        end = text.find(_CLOSE, start)
        if end < 0 or end - start > MAX_CELL:
            raise HostileFileError(f"A CDATA section is longer than {MAX_CELL:,} characters.")
        start = text.find(_OPEN, end)
