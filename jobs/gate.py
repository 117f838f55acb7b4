"""The end of every release: what the gate found stops the candidate, or it serves."""

from collections.abc import Sequence

from jobs.errors import GateError
from registry import Registry


def let_serve(registry: Registry, kind: str, name: str, reasons: Sequence[str]) -> None:
    """Switch to a candidate that nothing speaks against.

    Args:
        registry: Where it is published.
        kind: Of model.
        name: The candidate's hash.
        reasons: Why it may not serve, a sentence each.

    Raises:
        GateError: There are reasons; what serves goes on serving.
        RegistryError: It is unknown or was changed.
    """
    if reasons:
        raise GateError(f"{name} is not released: " + "; ".join(reasons) + ".")
    registry.switch(kind, name)
