from pathlib import Path

import pytest

from registry import (
    NoEarlierModelError,
    NothingToPublishError,
    Registry,
    TamperedModelError,
    UnknownKindError,
    UnknownModelError,
)


def folder_with(place: Path, text: str) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    (place / "model.bin").write_text(text)
    (place / "deep").mkdir(exist_ok=True)
    (place / "deep" / "labels.json").write_text("[]")
    return place


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "registry")


def test_the_same_files_are_one_model(registry: Registry, tmp_path: Path) -> None:
    first = registry.publish("intents", folder_with(tmp_path / "a", "one"))
    second = registry.publish("intents", folder_with(tmp_path / "b", "one"))
    other = registry.publish("intents", folder_with(tmp_path / "c", "two"))
    assert first == second != other


def test_nothing_serves_before_a_switch(registry: Registry, tmp_path: Path) -> None:
    name = registry.publish("intents", folder_with(tmp_path / "a", "one"))
    assert registry.current("intents") is None
    before = registry.stamp("intents")
    registry.switch("intents", name)
    served = registry.current("intents")
    assert served is not None
    assert (served / "model.bin").read_text() == "one"
    assert registry.stamp("intents") != before


def test_rollback_returns_to_the_model_before(registry: Registry, tmp_path: Path) -> None:
    one = registry.publish("extractor", folder_with(tmp_path / "a", "one"))
    two = registry.publish("extractor", folder_with(tmp_path / "b", "two"))
    registry.switch("extractor", one)
    with pytest.raises(NoEarlierModelError):
        registry.rollback("extractor")
    registry.switch("extractor", two)
    assert registry.previous("extractor") == one
    assert registry.rollback("extractor") == one
    assert registry.pointer("extractor").current == one


def test_switching_to_what_serves_keeps_the_way_back(registry: Registry, tmp_path: Path) -> None:
    one = registry.publish("intents", folder_with(tmp_path / "a", "one"))
    two = registry.publish("intents", folder_with(tmp_path / "b", "two"))
    for name in (one, two, two):
        registry.switch("intents", name)
    assert registry.previous("intents") == one


@pytest.mark.parametrize("damage", ["change", "add", "remove"])
def test_a_tampered_model_is_refused_and_the_old_one_serves_on(
    registry: Registry, tmp_path: Path, damage: str
) -> None:
    one = registry.publish("intents", folder_with(tmp_path / "a", "one"))
    two = registry.publish("intents", folder_with(tmp_path / "b", "two"))
    registry.switch("intents", one)
    place = registry.root / "intents" / two
    if damage == "change":
        (place / "model.bin").write_text("evil")
    elif damage == "add":
        (place / "more.bin").write_text("evil")
    else:
        (place / "model.bin").unlink()
    with pytest.raises(TamperedModelError):
        registry.switch("intents", two)
    assert registry.pointer("intents").current == one


def test_publishing_again_repairs_a_broken_copy(registry: Registry, tmp_path: Path) -> None:
    source = folder_with(tmp_path / "a", "one")
    name = registry.publish("intents", source)
    (registry.root / "intents" / name / "model.bin").write_text("evil")
    assert registry.publish("intents", source) == name
    assert (registry.path("intents", name) / "model.bin").read_text() == "one"


def test_a_variant_ends_with_the_next_switch(registry: Registry, tmp_path: Path) -> None:
    one = registry.publish("intents", folder_with(tmp_path / "a", "one"))
    two = registry.publish("intents", folder_with(tmp_path / "b", "two"))
    registry.switch("intents", one)
    registry.share("intents", two, 10)
    variant = registry.pointer("intents").variant
    assert variant is not None
    assert (variant.hash, variant.share) == (two, 10)
    registry.switch("intents", two)
    assert registry.pointer("intents").variant is None


def test_each_mistake_has_its_sentence(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(UnknownKindError, match="recipes"):
        registry.current("recipes")
    with pytest.raises(UnknownModelError, match="abc"):
        registry.switch("intents", "abc")
    with pytest.raises(NothingToPublishError, match="nowhere"):
        registry.publish("intents", tmp_path / "nowhere")


def test_a_full_disk_publishes_nothing(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(OSError, match="No space left"):
        registry.publish("intents", folder_with(tmp_path / "a", "one"))
    assert not [p for p in (registry.root / "intents").iterdir() if p.is_dir()]
