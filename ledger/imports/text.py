"""From bytes to text: encodings, and the refusal of what is no text."""

import codecs
import re

from ledger.errors import HostileFileError, UnreadableFileError
from ledger.imports.limits import MAX_BYTES, MAX_LINE, MAX_ROWS

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive or spreadsheet"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a word processor's document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
_CONTROL_BYTES = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_PROBE = 4096


def check_bytes(data: bytes) -> None:
    """Refuse what can be told from the bytes alone.

    Raises:
        HostileFileError: Too large, or too many lines.
        UnreadableFileError: Empty, or a well-known format that is no bank file.
    """
    if len(data) > MAX_BYTES:
        raise HostileFileError(
            f"The file is larger than {MAX_BYTES // 1024 // 1024} MB; export a shorter period."
        )
    if not data.strip():
        raise UnreadableFileError("The file is empty.")
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise UnreadableFileError(f"The file is {name}, not a bank file; export CSV or OFX.")
    if data.count(b"\n") > MAX_ROWS * 20:
        raise HostileFileError("The file has too many lines; export a shorter period.")
    _check_lines(data)


def _check_lines(data: bytes) -> None:
    """Refuse a line of megabytes before anything slow looks at it; OFX and XML may be one line."""
    if b"<" in data[:_PROBE]:
        return
    for start in range(0, len(data) - MAX_LINE, MAX_LINE):
        block = data[start : start + MAX_LINE]
        if b"\n" not in block and b"\r" not in block:
            line = data.count(b"\n", 0, start) + 1
            raise HostileFileError(f"Line {line} is longer than any bank's; the file is refused.")


def _encoding(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    probe = data[:_PROBE]
    if probe[1::2].count(0) > len(probe) // 5 and not probe[::2].count(0):
        return "utf-16-le"
    if probe[::2].count(0) > len(probe) // 5 and not probe[1::2].count(0):
        return "utf-16-be"
    return "utf-8"


def _may_hold_controls(data: bytes) -> bool:
    """Whether a text that is not UTF-16 may hold control characters, quicker than by a pattern."""
    return len(data.translate(None, _CONTROL_BYTES)) < len(data) or any(
        found in data for found in _NO_CHARACTERS
    )


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or, where it is neither, Windows-1252.

    Raises:
        HostileFileError: NUL or other control characters: it is no text.
        UnreadableFileError: It is in none of these encodings, or no file of a bank.
    """
    check_bytes(data)
    encoding = _encoding(data)
    if b"\x00" in data and not encoding.startswith("utf-16"):
        raise HostileFileError("The file holds NUL bytes, so it is no text; export it again.")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise UnreadableFileError(
                "The file's encoding cannot be told; save it as UTF-8."
            ) from error
    text = text.rstrip("\x1a")
    wide = encoding.startswith("utf-16")
    if (wide or _may_hold_controls(data)) and (found := _CONTROL.search(text)):
        line = text.count("\n", 0, found.start()) + 1
        raise HostileFileError(
            f"Line {line} holds a control character, so it is no text; export it again."
        )
    return text
