"""Placeholders of redacted lines replaced by invented stand-ins, so that a line keeps its form."""

from __future__ import annotations

import re
import zlib

from jobs import redaction

_NAMES = (
    "Alex Morgan", "Sam Taylor", "Jo Bennett", "Chris Palmer", "Robin Hayes", "Lee Foster",
    "Pat Quinn", "Casey Holt", "Jamie Rowe", "Drew Marsh",
)  # fmt: skip
_FIXED = {
    redaction.EMAIL: "someone@example.com",
    redaction.CARD: "0000",
    redaction.ACCOUNT: "00000000",
    redaction.IBAN: "GB00XXXX00000000000000",
    redaction.SORT_CODE: "00-00-00",
    redaction.PHONE: "000-000-0000",
    redaction.ID: "000000000",
    redaction.ADDRESS: "1 High Street",
    redaction.POSTCODE: "00000",
    redaction.REFERENCE: "REF000000",
}
_PLACEHOLDER = re.compile(r"<[A-Z-]+>")


def stand_ins(redacted: str) -> str:
    """A redacted line with invented values; the same line always gets the same ones."""

    def invented(match: re.Match[str]) -> str:
        if match.group() == redaction.NAME:
            name = _NAMES[(zlib.crc32(redacted.encode()) + match.start()) % len(_NAMES)]
            return name.upper() if redacted.isupper() else name
        return _FIXED.get(match.group(), match.group())

    return _PLACEHOLDER.sub(invented, redacted)
