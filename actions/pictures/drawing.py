"""A specification drawn to PNG, offline, by vl-convert (Vega in an embedded engine)."""

from collections.abc import Mapping
from threading import Lock
from typing import Any

import vl_convert

SCALE = 2.0
"""Pixels of the picture for one of the chart: sharp on a phone."""

_one_at_a_time = Lock()


def png(spec: Mapping[str, Any]) -> bytes:
    """Draws a chart; nothing is loaded from anywhere.

    Args:
        spec: A Vega-Lite specification with its data inside.

    Raises:
        ValueError: It is none.
    """
    with _one_at_a_time:
        drawn: bytes = vl_convert.vegalite_to_png(dict(spec), scale=SCALE, allowed_base_urls=[])
    return drawn
