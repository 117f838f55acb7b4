"""Whether spending is essential: from the description, else from its category."""

from __future__ import annotations

from enrichment.models import Models


def essential_of(category: str, models: Models) -> tuple[bool, float, str]:
    """Whether a line is essential, how sure that is, and what it rests on.

    Args:
        category: The category that was settled on, by the history too.
        models: The fitted parts.

    Returns:
        The answer, its probability before calibration, and `description` or `category`.
    """
    rate = rate_of(category, models)
    return rate >= 0.5, max(rate, 1 - rate), "category"


def rate_of(category: str, models: Models) -> float:
    """Share of essential lines in a category; the taxonomy's default where none were seen."""
    if category in models.essential_rate:
        return models.essential_rate[category]
    default = models.taxonomy.essential(category)
    return {"yes": 0.9, "no": 0.05, "depends": 0.45}[default]
