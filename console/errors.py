"""What can go wrong in support's tools.

::

    ConsoleError
    ├── NothingFoundError   no conversation and no turn has this name
    ├── AmbiguousError      several conversations have it
    ├── NoCaseError         no case has this id
    └── CaseEndedError      a case that was withdrawn or closed before
"""

from collections.abc import Sequence


class ConsoleError(Exception):
    """A mistake with one clear sentence: what was wrong, where, what to do."""


class NothingFoundError(ConsoleError):
    """No conversation and no turn has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no conversation and no turn {name!r}.")


class AmbiguousError(ConsoleError):
    """Several conversations have this name."""

    def __init__(self, name: str, ids: Sequence[str]) -> None:
        super().__init__(f"Several conversations are named {name!r}; say which: {', '.join(ids)}.")


class NoCaseError(ConsoleError):
    """No case has this id."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"There is no case {case_id!r}; `florin cases list` shows those open.")


class CaseEndedError(ConsoleError):
    """A case was withdrawn or closed before."""

    def __init__(self, case_id: str, state: str) -> None:
        super().__init__(f"Case {case_id} is {state} already; nothing was sent.")
