"""What can go wrong between a message and its answer.

::

    BotError
    ├── ServiceError            another service did not do its part
    │   ├── UnreachableError    nothing listens there (killed, restarting)
    │   ├── LateError           no answer within its share of the time
    │   ├── FailedError         an error status, or an answer that is none
    │   └── TooManyFilesError   as many files as may be are being made already
    ├── EmptyAnswerError        the engine had nothing to say, which is a failure
    ├── FailedActionError       an action says that it failed or was late
    ├── StaleButtonError        a button of another conversation, or none
    ├── TooManyAttemptsError    wrong link codes, again and again
    ├── UploadRefusedError      a file that is empty or past the limit
    ├── NoSessionError          a browser that has not opened its link
    ├── TooManyWaitingError     more unanswered messages than anybody types
    └── NoWorkerError           a part of the gateway has died; it is about to end
"""


class BotError(Exception):
    """A mistake with one clear sentence: what was wrong, where, what to do."""


class ServiceError(BotError):
    """A service that a turn needs did not do its part."""


class UnreachableError(ServiceError):
    """Nothing listens at the service's address."""

    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service cannot be reached; is it running?")


class LateError(ServiceError):
    """A service did not answer in time."""

    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service did not answer in time.")


class FailedError(ServiceError):
    """A service answered with an error or with nothing that can be read."""

    def __init__(self, service: str, status: int) -> None:
        super().__init__(f"The {service} service failed with status {status}.")


class TooManyFilesError(ServiceError):
    """As many files as may be at once are being made for others."""

    def __init__(self) -> None:
        super().__init__("Too many files are being made just now; try again in a moment.")


class EmptyAnswerError(BotError):
    """The engine answered with nothing to say."""

    def __init__(self) -> None:
        super().__init__("The dialogue engine had nothing to say; look at its log.")


class FailedActionError(BotError):
    """An action answered with nothing but the class of its error.

    Attributes:
        failed: The class that the action named.
    """

    def __init__(self, failed: str) -> None:
        super().__init__(f"The action failed with {failed}; look at the actions' log.")
        self.failed = failed


class StaleButtonError(BotError):
    """A tapped button is not one of this conversation."""

    def __init__(self) -> None:
        super().__init__("This button is not one of this conversation.")


class TooManyAttemptsError(BotError):
    """Too many wrong link codes in a short time."""

    def __init__(self) -> None:
        super().__init__("Too many wrong codes; try again in a quarter of an hour.")


class UploadRefusedError(BotError):
    """A file is empty or larger than what is taken."""


class NoSessionError(BotError):
    """A browser has no session."""

    def __init__(self) -> None:
        super().__init__("Open this chat with its one-time link.")


class TooManyWaitingError(BotError):
    """A conversation has more unanswered messages than anybody types."""

    def __init__(self) -> None:
        super().__init__("One moment: I'm still answering what you asked.")


class NoWorkerError(BotError):
    """A part that answers messages has died."""

    def __init__(self) -> None:
        super().__init__("Florin is restarting; please send that again in a moment.")
