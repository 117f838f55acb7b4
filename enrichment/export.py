"""Enriched rows as the JSON of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.types import Enriched, Stream


def to_json(row: Enriched, streams: Mapping[str, Stream]) -> dict[str, Any]:
    """One enriched transaction as `florin enrich` prints it.

    Args:
        row: The enriched row.
        streams: The person's streams by id.
    """
    stream = streams.get(row.stream_id) if row.stream_id else None
    return {
        "transaction_id": row.transaction_id,
        "counterparty": {
            "value": row.counterparty,
            "confidence": round(row.counterparty_confidence, 4),
            "source": row.counterparty_source,
            "id": row.counterparty_id,
            "website": row.website,
            "logo": row.logo,
        },
        "category": {
            "value": row.category,
            "confidence": round(row.category_confidence, 4),
            "source": row.category_source,
        },
        "essential": {
            "value": row.essential,
            "confidence": round(row.essential_confidence, 4),
            "source": row.essential_source,
        },
        "recurring": {
            "value": row.recurring,
            "confidence": round(row.recurring_confidence, 4),
            "stream": row.stream_id,
            "cadence": stream.cadence if stream else None,
            "income": stream.income if stream else False,
        },
        "location": {
            "city": row.city,
            "region": row.region,
            "country": row.country,
            "confidence": round(row.location_confidence, 4),
        },
        "refund_of": row.refund_of,
        "duplicate_of": row.duplicate_of,
    }
