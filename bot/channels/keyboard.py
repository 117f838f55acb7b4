"""Telegram's buttons under an answer."""

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

_ROW = 3
_ROW_LETTERS = 34
"""Letters of the buttons that stand side by side on a phone."""


def keyboard(payload: dict[str, Any]) -> InlineKeyboardMarkup | None:
    """Buttons in rows: short ones side by side, what the answer is about before the next steps."""
    rows: list[list[dict[str, Any]]] = []
    for button in payload.get("buttons") or []:
        row = rows[-1] if rows else []
        letters = sum(len(one["title"]) for one in [*row, button])
        alike = bool(row) and bool(row[0].get("part")) == bool(button.get("part"))
        if alike and len(row) < _ROW and letters <= _ROW_LETTERS:
            row.append(button)
        else:
            rows.append([button])
    keyboard = [
        [InlineKeyboardButton(one["title"], callback_data=one["token"]) for one in row]
        for row in rows
    ]
    return InlineKeyboardMarkup(keyboard) if keyboard else None
