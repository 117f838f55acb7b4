"""The steps of a first start, run as a process of their own (`python -m florin.steps`)."""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from florin.people import ensure_demo_people, ensure_enriched
from florin.processes import die_with_parent
from florin.settings import Settings
from jobs import enrichment as enrichment_job
from jobs import intents as intents_job
from ledger.database import migrate
from registry import Registry


def _quiet(_line: str) -> None:
    """The steps' own progress is finer than a first start shows."""


def _enrichment(settings: Settings) -> None:
    enrichment_job.ensure_quick(Registry(settings.registry_dir), settings.data_dir, _quiet)


@contextmanager
def _beside(settings: Settings, registry: Registry) -> Iterator[Callable[[], object]]:
    """What waits for the enrichment model; on a first start it is fitted meanwhile.

    Neither model needs the other, and one alone leaves the second core idle.
    """
    if registry.current("enrichment") is not None:
        yield lambda: _enrichment(settings)
        return
    with ProcessPoolExecutor(1, get_context("spawn"), die_with_parent) as pool:
        yield pool.submit(_enrichment, settings).result


def main() -> None:
    """Run each step in turn and print a line for it; standard error ends with a reason."""
    settings = Settings()
    registry = Registry(settings.registry_dir)
    with _beside(settings, registry) as enrichment:
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("database", lambda: migrate(settings.database_url)),
            ("intent model", lambda: intents_job.ensure_quick(registry, settings.data_dir, _quiet)),
            ("enrichment model", enrichment),
            ("demo people", lambda: ensure_demo_people(settings)),
            ("enriched rows", lambda: ensure_enriched(settings, registry)),
        )
        for name, run in steps:
            begun = time.monotonic()
            run()
            print(f"{name} ready ({time.monotonic() - begun:.1f} s)", flush=True)


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}" if not str(error) else str(error))
