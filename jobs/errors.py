"""What can go wrong in an offline run.

::

    JobError
    ├── StepsError         steps that cannot be run as they are declared
    │   ├── RunBusyError   another process works on the same run
    │   └── StepFailedError  a step ended with an error; what was finished is kept
    ├── LabelError         messages that cannot be read or labels that cannot be written
    ├── OracleError        lines that cannot be read, or an endpoint that gave out
    ├── StreamsFitError    the process that fits streams failed
    ├── BadTemplateError   a template of an intent file that cannot be read
    └── GateError          a model that is not good enough to serve
"""


class JobError(Exception):
    """A mistake with one clear sentence: what was wrong, where, what to do."""


class StepsError(JobError):
    """The declared steps do not fit together."""


class RunBusyError(StepsError):
    """Another process works on the same run."""


class StepFailedError(StepsError):
    """A step ended with an error; finished steps are kept."""


class LabelError(JobError):
    """Messages cannot be read or labels cannot be written."""


class StudyError(JobError):
    """A search cannot keep its trials where it was told to."""


class OracleError(JobError):
    """Lines cannot be read, or the endpoint gave out; what was labelled is kept."""


class StreamsFitError(JobError):
    """The process that fits streams failed; what it wrote to standard error says why.

    Args:
        code: What it ended with.
    """

    def __init__(self, code: int) -> None:
        super().__init__(
            f"Fitting streams ended with code {code}; its message stands above. Free some memory "
            "if there is none, and train again."
        )


class BadTemplateError(JobError):
    """A template of an intent file cannot be read."""


class GateError(JobError):
    """A model is not good enough to serve."""
