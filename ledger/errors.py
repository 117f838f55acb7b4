"""What can go wrong around the ledger: one class per kind of mistake.

::

    LedgerError
    ├── MoneyError              an amount or currency that is none
    ├── DatabaseError           a database that cannot be opened or migrated
    ├── ScopeError              a turn's token that is forged or too old
    ├── NotFoundError
    │   ├── UnknownPersonError
    │   ├── UnknownConversationError
    │   └── UnknownUploadError
    ├── LeaseLostError          a conversation that another gateway took over
    ├── LinkError               a one-time code that is wrong, used or too old
    └── ImportRefusedError      a file of which nothing was stored
        ├── HostileFileError    made to hurt, or past a limit
        └── UnreadableFileError no bank file that we can read
"""


class LedgerError(Exception):
    """A mistake with one clear sentence: what was wrong, where, what to do."""


class MoneyError(LedgerError):
    """An amount or a currency that is none."""


class DatabaseError(LedgerError):
    """The database cannot be opened or brought up to date."""


class ScopeError(LedgerError):
    """A turn's token is forged, damaged or too old."""


class NotFoundError(LedgerError):
    """Something was named that the ledger does not hold."""


class UnknownPersonError(NotFoundError):
    """No person has this id."""

    def __init__(self, person_id: str) -> None:
        super().__init__(f"There is no person {person_id!r}; import a bank file for them first.")


class UnknownConversationError(NotFoundError):
    """No conversation has this id."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"There is no conversation {conversation_id!r}.")


class UnknownUploadError(NotFoundError):
    """No upload of this person has this id."""

    def __init__(self, upload_id: str) -> None:
        super().__init__(f"There is no upload {upload_id!r}; send the file again.")


class LeaseLostError(LedgerError):
    """Another gateway has taken the conversation over."""

    def __init__(self) -> None:
        super().__init__("Another gateway has taken this conversation over; drop this answer.")


class LinkError(LedgerError):
    """A one-time link code is wrong, was used, or is too old."""

    def __init__(self) -> None:
        super().__init__("This link code is wrong, used or too old; ask for a new one.")


class ImportRefusedError(LedgerError):
    """A file was refused and nothing of it was stored."""


class HostileFileError(ImportRefusedError):
    """A file is past a limit or made to hurt its reader."""


class UnreadableFileError(ImportRefusedError):
    """A file is no bank file that can be read."""
