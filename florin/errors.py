"""What can go wrong around starting and wiring.

::

    FlorinError
    ├── UnwritableHomeError   the data folder cannot be written
    ├── PortInUseError        another program listens where the gateway should
    ├── MissingPythonError    no Python for the dialogue engine
    ├── StepFailedError       a step of the first start failed
    ├── ServiceFailedError    a service did not come up
    └── TurnError             a question that got no answer
"""


class FlorinError(Exception):
    """A mistake with one clear sentence: what was wrong, where, what to do."""


class UnwritableHomeError(FlorinError):
    """The data folder cannot be written."""


class PortInUseError(FlorinError):
    """Another program listens on the gateway's port."""


class MissingPythonError(FlorinError):
    """No Python 3.10 for the dialogue engine."""


class StepFailedError(FlorinError):
    """A step of the first start failed."""


class ServiceFailedError(FlorinError):
    """A service did not come up."""


class TurnError(FlorinError):
    """A question got no answer."""
