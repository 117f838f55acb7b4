"""`florin up`: everything on one machine."""

import signal
import time
from types import FrameType

import typer

from florin.settings import Settings

_LOOK_SECONDS = 0.5


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def up() -> None:
    """Start everything with the embedded defaults, print the web address; Ctrl-C stops it all."""
    from florin.people import demo_links
    from florin.stack import started

    settings = Settings()
    # Said outright: a shell starts programs in the background with Ctrl-C ignored.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    begun = time.monotonic()

    def progress(line: str) -> None:
        typer.echo(f"  {time.monotonic() - begun:5.1f} s  {line}")

    typer.echo("Florin is starting.")
    try:
        with started(settings, progress, settings.port) as (_, supervisor):
            address = settings.gateway_url(settings.port)
            typer.echo(f"Florin is ready after {time.monotonic() - begun:.1f} s: {address}/")
            for name, link in demo_links(settings, address):
                typer.echo(f"  chat as {name} (link works once): {link}")
            typer.echo("Ctrl-C stops everything.")
            while True:
                for name in supervisor.revive():
                    typer.echo(f"  {name} had stopped and was started again.")
                time.sleep(_LOOK_SECONDS)
    except KeyboardInterrupt:
        typer.echo("Florin has stopped.")
