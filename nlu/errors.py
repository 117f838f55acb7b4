"""What can go wrong in NLU.

::

    NluError
    ├── BrokenModelError    a model's folder lacks a file or holds one that cannot be read
    └── BadRequestError     a request that is none
"""


class NluError(Exception):
    """A mistake with one clear sentence: what was wrong, where, what to do."""


class BrokenModelError(NluError):
    """A model's folder lacks a file, or holds one that cannot be read."""


class BadRequestError(NluError):
    """A request lacks its text, or a field is none."""
