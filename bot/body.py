"""Reads what a route is sent, no further than any message goes."""

from starlette.requests import Request

from bot.errors import UploadRefusedError

_LONGEST = 32_768


async def read_body(request: Request) -> bytes:
    """The whole body of a message.

    Raises:
        UploadRefusedError: It is longer than any message; the rest is left unread.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST:
            raise UploadRefusedError("That message is too long.")
    return bytes(body)
