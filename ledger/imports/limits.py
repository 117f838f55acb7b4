"""The limit on everything a file may hold, with its reason."""

MAX_BYTES = 64 * 1024 * 1024
"""Six times a 100,000-row statement; a larger file is refused before it is read."""

MAX_ROWS = 300_000
"""Thirty years of forty rows a day, with room."""

MAX_COLUMNS = 200
"""The widest bank exports have about sixty."""

MAX_CELL = 32_768
"""Characters of one value; a SWIFT remittance text has at most 9,000."""

MAX_LINE = 1 << 20
"""Bytes without a line end in a file that is no markup, where a row is a line."""

MAX_CDATA = 1_000
"""CDATA sections of one file: banks wrap names in them, floods are made of them."""

MAX_TAGS = 6_000_000
"""Tags of one file: twenty of each row of the longest statement."""

MAX_DEPTH = 40
"""Nested elements: a CAMT.053 entry is fourteen deep."""
