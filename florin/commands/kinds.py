"""What can be trained, measured and released."""

from enum import StrEnum

from florin.errors import FlorinError


class Kind(StrEnum):
    """The kinds of model."""

    intents = "intents"
    extractor = "extractor"
    enrichment = "enrichment"


class NothingToTrainError(FlorinError):
    """The kind has no model that could be trained."""
