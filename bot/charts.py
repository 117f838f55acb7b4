"""Charts as pictures, for channels that cannot draw: the actions draw them after the answer."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.errors import FailedError, LateError, UnreachableError

WARMING = {"mark": "point", "data": {"values": [{}]}}
"""The first picture after a start takes seconds, so it is one that nobody waits for."""
_DEADLINE_SECONDS = 8.0
"""A chart takes a third of a second; the first after a start some seconds."""


class Charts:
    """Has charts drawn.

    Args:
        actions: Base URL of the service that draws.
        key: The internal key.
    """

    def __init__(self, actions: str, key: str) -> None:
        self._url = f"{actions}/chart"
        self._headers = {"x-florin-key": key}

    async def draw(self, spec: Mapping[str, Any]) -> bytes:
        """A chart as PNG.

        Raises:
            ServiceError: The actions do not draw it.
        """
        limits = aiohttp.ClientTimeout(total=_DEADLINE_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(headers=self._headers, timeout=limits) as http,
                http.post(self._url, json={"spec": spec}) as response,
            ):
                if response.status != 200:
                    raise FailedError("actions", response.status)
                return await response.read()
        except TimeoutError:
            raise LateError("actions") from None
        except aiohttp.ClientConnectorError:
            raise UnreachableError("actions") from None
        except aiohttp.ClientError:
            raise FailedError("actions", 0) from None
