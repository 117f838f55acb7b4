"""What can go wrong with a large language model's endpoint.

::

    EndpointError
    ├── EndpointDownError     cannot be reached or fails
    │   └── EndpointSlowError takes too long; what that costs is not known
    ├── EndpointBusyError     says too often that it has too much to do (429)
    ├── EndpointRefusedError  does not take the request: address, model or key are wrong
    ├── BadReplyError         answers, but not in the shape that was asked for
    └── OverBudgetError       today's tokens are spent
"""


class EndpointError(Exception):
    """No answer; the text is one sentence and holds nothing of what was asked."""


class EndpointDownError(EndpointError):
    """The endpoint cannot be reached or fails."""


class EndpointSlowError(EndpointDownError):
    """The endpoint takes too long."""


class EndpointBusyError(EndpointError):
    """The endpoint has too much to do.

    Args:
        wait_seconds: What it asks to wait for; 0 where it does not say.
    """

    def __init__(self, wait_seconds: float = 0.0) -> None:
        super().__init__("The language model has too much to do (429).")
        self.wait_seconds = wait_seconds


class EndpointRefusedError(EndpointError):
    """The endpoint does not take such requests."""


class BadReplyError(EndpointError):
    """The reply is not of the shape that was asked for."""


class OverBudgetError(EndpointError):
    """Today's tokens are spent."""
