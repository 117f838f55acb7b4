"""A large language model behind any OpenAI-compatible address, under a time limit and a budget."""

from endpoint.budget import Budget
from endpoint.cache import Cache
from endpoint.client import Endpoint, Options, Reply
from endpoint.errors import (
    BadReplyError,
    EndpointBusyError,
    EndpointDownError,
    EndpointError,
    EndpointRefusedError,
    OverBudgetError,
)

__all__ = [
    "BadReplyError",
    "Budget",
    "Cache",
    "Endpoint",
    "EndpointBusyError",
    "EndpointDownError",
    "EndpointError",
    "EndpointRefusedError",
    "Options",
    "OverBudgetError",
    "Reply",
]
