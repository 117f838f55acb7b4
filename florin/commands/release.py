"""`florin release` and `florin rollback`: which model serves."""

from typing import Annotated

import typer

from florin.commands.kinds import Kind
from florin.settings import Settings


def release(
    kind: Annotated[Kind, typer.Argument(help="What is released.")],
    model: Annotated[str, typer.Argument(help="The content hash that `florin train` printed.")],
    seeds: Annotated[
        list[str] | None, typer.Option("--seed", help="The same recipe by another seed, its hash.")
    ] = None,
    *,
    shadow: Annotated[
        bool, typer.Option("--shadow", help="Only compare, beside the one that serves.")
    ] = False,
    share: Annotated[int, typer.Option(help="Percent that get the variant.", min=0, max=100)] = 0,
) -> None:
    """Let a model serve once the gate lets it; or run it beside the one that serves."""
    from registry import Registry

    settings = Settings()
    registry = Registry(settings.registry_dir)
    if shadow or share:
        registry.share(kind.value, model, 0 if shadow else share)
        print(f"{model} runs beside the model that serves.")
        return
    if kind is Kind.intents:
        from jobs.intent_release import release as gate

        verdict = gate(registry, settings.data_dir, [model, *(seeds or [])])
        before = "" if verdict.before is None else f" (before: {verdict.before:.3f})"
        print(f"{model} serves; golden accuracy {verdict.accuracy:.3f}{before}.")
        return
    if kind is Kind.enrichment:
        from jobs.enrichment_release import release as weigh

        found = weigh(registry, settings.data_dir, model)
        print(f"{model} serves; golden leaf {found.leaf:.3f}, top {found.top:.3f}.")
        return
    from jobs.extractor_release import release as let_serve

    spans = let_serve(registry, settings.data_dir, model)
    print(f"{model} serves; golden span F1 {spans.f1:.3f} (before: {spans.before:.3f}).")


def rollback(kind: Annotated[Kind, typer.Argument(help="What goes back.")]) -> None:
    """Let the model before serve again."""
    from registry import Registry

    print(f"{Registry(Settings().registry_dir).rollback(kind.value)} serves again.")
