"""Fits the quick models beside the first tests, so that those which need them wait less.

`tests/conftest.py` starts ``python -m tests.models``; whoever needs a model meanwhile waits for it.
"""

from florin.settings import ROOT
from jobs import enrichment, intents
from registry import Registry

KEPT = ROOT / ".florin" / "tests" / "registry"
"""Models are kept between runs, by the hash of what they were made from."""


def main() -> None:
    """Fit what is not there."""
    registry = Registry(KEPT)
    for kind in (intents, enrichment):
        kind.ensure_quick(registry, ROOT / "data", lambda _: None)


if __name__ == "__main__":
    main()
