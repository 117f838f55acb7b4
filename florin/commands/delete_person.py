"""`florin delete-person`: everything that there is of somebody is deleted."""

from typing import Annotated

import typer

from florin.errors import FlorinError


def delete_person(
    user: Annotated[str, typer.Option(help="Whom, a person's id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a person: accounts, rows, plans, chats, files, links; nothing of them is left."""
    if not yes and typer.prompt(f"This cannot be undone. Type {user} to delete it all") != user:
        raise FlorinError("Nothing was deleted.")
    import httpx

    from florin.settings import Settings
    from florin.stack import stack

    with stack(Settings()) as running:
        try:
            response = httpx.delete(
                f"{running.gateway_url}/people/{user}",
                headers={"x-florin-key": running.internal_key},
                timeout=60,
                trust_env=False,
            )
        except httpx.HTTPError as error:
            raise FlorinError("Florin's gateway did not answer; is it still running?") from error
    if response.status_code != httpx.codes.OK:
        raise FlorinError(str(response.json().get("error", "Florin's gateway refused this.")))
    print(f"Everything of {user} is deleted. The audit keeps that somebody was deleted, not who.")
