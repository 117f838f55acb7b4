import json
from decimal import Decimal
from pathlib import Path

import pytest

from florin.language import NoLanguageModelError, asker_of, endpoint_of, handed_on
from florin.services import Addresses, services
from florin.settings import Settings


def _settings(home: Path, **more: object) -> Settings:
    return Settings(home=home, **more)  # type: ignore[arg-type]


def test_without_an_address_nothing_is_asked(tmp_path: Path) -> None:
    assert asker_of(_settings(tmp_path)) is None
    with pytest.raises(NoLanguageModelError, match="FLORIN_LLM_BASE_URL"):
        endpoint_of(_settings(tmp_path, llm_model="m"))


def test_the_intake_process_alone_is_told_of_the_language_model(tmp_path: Path) -> None:
    settings = _settings(
        tmp_path, llm_base_url="http://127.0.0.1:9/v1", llm_model="m", llm_key="sk-0123",
        llm_price_in=Decimal("0.15"),
    )  # fmt: skip
    told = {
        service.name: service.environment.get("FLORIN_SERVICE", "")
        for service in services(settings, Addresses.choose(8123), "key", tmp_path / "model")
    }
    assert [name for name, config in told.items() if "sk-0123" in config] == ["intake"]
    there = Settings(**json.loads(told["intake"])["language"])
    assert there == settings.model_copy(update={"home": there.home})
    assert asker_of(there) is not None
    assert endpoint_of(there).options.key == "sk-0123"
    assert handed_on(there) == handed_on(settings)
