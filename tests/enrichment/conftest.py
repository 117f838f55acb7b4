from pathlib import Path

import pytest

from enrichment.models import Models, load
from enrichment.pipeline import Enrichment, enrich
from jobs.enrichment import ensure_quick
from jobs.enrichment_people import Golden, read_people
from registry import Registry
from tests.models import KEPT

_ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def models() -> Models:
    """The first-run model, fitted once and kept for the next run of the tests."""
    registry = Registry(KEPT)
    name = ensure_quick(registry, _ROOT / "data", lambda _: None)
    return load(registry.path("enrichment", name))


@pytest.fixture(scope="session")
def people(models: Models) -> dict[str, tuple[Golden, Enrichment]]:
    """The golden people with what was found out about them."""
    return {
        person.name: (person, enrich(person.accounts, person.rows, models))
        for person in read_people(_ROOT / "data" / "people")
    }
