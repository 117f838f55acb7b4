"""The engine's domain and rules say the same as the contract of intents."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "bot" / "engine"
# What the engine knows beside the contract: the answer to its own question after a complaint.
OWN_ENTITIES = {"feedback"}


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def _contract() -> tuple[set[str], set[str]]:
    contract = _read(ROOT / "knowledge" / "data" / "intents.yml")
    return {name for group in contract["groups"].values() for name in group}, set(
        contract["entities"]
    )


def test_the_domain_has_every_intent_and_kind_of_the_contract() -> None:
    domain = _read(ENGINE / "domain.yml")
    intents, kinds = _contract()
    assert {next(iter(entry)) for entry in domain["intents"]} == intents
    assert set(domain["entities"]) - OWN_ENTITIES == kinds


def test_every_intent_has_a_rule_and_every_rule_a_known_action() -> None:
    domain = _read(ENGINE / "domain.yml")
    rules = _read(ENGINE / "data" / "rules.yml")["rules"]
    ruled = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    used = {step["action"] for rule in rules for step in rule["steps"] if "action" in step}
    assert ruled == _contract()[0]
    known = set(domain["actions"]) | set(domain.get("forms", {})) | {"action_deactivate_loop"}
    assert used <= known
