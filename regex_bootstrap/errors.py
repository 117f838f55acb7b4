"""What can be wrong with the intents as data."""


class BootstrapError(Exception):
    """The intents cannot be used as they are written."""


class BadIntentFileError(BootstrapError):
    """A file lacks a field or names something unknown."""


class BadPatternError(BootstrapError):
    """A pattern does not compile under RE2 or uses an unknown fragment."""
