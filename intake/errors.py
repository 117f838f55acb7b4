"""What can go wrong while a file is taken in."""


class IntakeError(Exception):
    """A mistake with one clear sentence."""


class FileMissingError(IntakeError):
    """The file to import is not there, or is no plain file."""


class ReaderFailedError(IntakeError):
    """The process that reads files could not be started or gave no answer."""
