"""Which action the engine's rules call, read from the rules themselves.

A message that answers a form, or that comes while one is open, is known only from what it got then:
an action that no rule calls outside of a form.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ENGINE = Path(__file__).parent.parent / "bot" / "engine"

Yaml = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """What follows from an intent today.

    Attributes:
        actions: The action of each intent outside of forms; a form is the question it asks.
        inside: Actions that are called only while a form is open.
        fallback: The action of an intent without a rule.
    """

    actions: Mapping[str, str]
    inside: frozenset[str]
    fallback: str

    def action(self, intent: str | None, then: str) -> str:
        """The action that a turn gets today.

        Args:
            intent: What it is understood as today.
            then: The action that it got then, which a form may have called.
        """
        return then if then in self.inside else self.actions.get(intent or "", self.fallback)


def read_rules(engine: Path = ENGINE) -> Rules:
    """The rules in the engine's folder."""
    domain, config = _yaml(engine / "domain.yml"), _yaml(engine / "config.yml")
    rules = _yaml(engine / "data" / "rules.yml")["rules"]
    actions = dict(_called(domain, [rule for rule in rules if "condition" not in rule]))
    conditional = {
        step["action"]
        for rule in rules
        if "condition" in rule
        for step in rule["steps"]
        if step.get("action") in domain["actions"]
    }
    fallback = next(
        policy["core_fallback_action_name"]
        for policy in config["policies"]
        if policy["name"] == "RulePolicy"
    )
    return Rules(actions, frozenset(conditional - set(actions.values())), fallback)


def _called(domain: Yaml, rules: list[Yaml]) -> Iterator[tuple[str, str]]:
    """Each intent and the first action that follows it."""
    for rule in rules:
        first, then, *_ = rule["steps"]
        for intent in first.get("or", [first]):
            yield intent["intent"], _asked(domain, then["action"])


def _asked(domain: Yaml, action: str) -> str:
    """The action itself; a form asks for its first slot."""
    form = domain["forms"].get(action)
    return action if form is None else f"action_ask_{form['required_slots'][0]}"


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
