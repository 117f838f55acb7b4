"""What can go wrong while a file is taken in."""


class IntakeError(Exception):
    """A mistake with one clear sentence."""


class FileMissingError(IntakeError):
    """The file to import is not there, or is no plain file."""


class UploadGoneError(IntakeError):
    """The file of an upload is not kept any more, and nothing of it was stored."""

    def __init__(self) -> None:
        super().__init__("I don't have that file any more; please send it again.")


class ReaderFailedError(IntakeError):
    """The process that reads files could not be started or gave no answer."""
