"""The language model of the settings: for layer 4, the oracle and the judge."""

from typing import TYPE_CHECKING, Any

from florin.errors import FlorinError
from florin.settings import Settings

if TYPE_CHECKING:
    from endpoint import Endpoint
    from intake.asking import Asker


class NoLanguageModelError(FlorinError):
    """No endpoint is set up."""

    def __init__(self) -> None:
        super().__init__(
            "No language model is set up; FLORIN_LLM_BASE_URL and FLORIN_LLM_MODEL say which."
        )


def is_set_up(settings: Settings) -> bool:
    """Whether there is an endpoint to ask."""
    return bool(settings.llm_base_url and settings.llm_model)


def handed_on(settings: Settings) -> dict[str, Any]:
    """What a service's process needs of the settings to ask the endpoint itself."""
    wanted = {name for name in Settings.model_fields if name.startswith("llm_")}
    return settings.model_dump(mode="json", include={"home", *wanted})


def endpoint_of(settings: Settings) -> "Endpoint":
    """The endpoint of the settings.

    Raises:
        NoLanguageModelError: None is set up.
    """
    from endpoint import Budget, Endpoint, Options  # noqa: PLC0415 - most commands ask nothing

    if not settings.llm_base_url or not settings.llm_model:
        raise NoLanguageModelError
    options = Options(
        settings.llm_base_url,
        settings.llm_model,
        settings.llm_key,
        settings.llm_timeout_seconds,
        settings.llm_tries,
    )
    return Endpoint(options, Budget(settings.endpoint_file, settings.llm_daily_tokens))


def asker_of(settings: Settings) -> "Asker | None":
    """Layer 4 of enrichment, none where no endpoint is set up."""
    if not is_set_up(settings):
        return None
    from endpoint import Cache  # noqa: PLC0415
    from intake.asking import Asker, wording  # noqa: PLC0415
    from jobs.redaction import Redactor  # noqa: PLC0415

    endpoint = endpoint_of(settings)
    cache = Cache(settings.endpoint_file, wording(endpoint.options.model))
    return Asker(endpoint, cache, lambda names: Redactor(names).redact)
