"""Every limit of the gateway, with its reason. All times are in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a turn may take.

    Attributes:
        turn: A message is answered or apologised for within 30; the rest is for sending.
        context: The caller's context, a few reads.
        nlu: One parse takes milliseconds; half of this is a hang, which is tried once more.
        engine: One dialogue turn; the engine's own deadline is longer, so ours decides.
        reading: A file that takes longer than this is answered "still reading".
        margin: What of a turn is kept for storing its answer; no file is waited for in it.
        importing: The longest import that is waited for at all.
        lease: After a gateway is killed, its conversations are taken over this much later.
        poll: How often a gateway looks for what another one left behind.
        context_life: How long a context is used again; imports end it at once.
        parallel: Conversations in flight; each waits, hardly any computes.
        attempts: A message that took a gateway down this often is apologised for.
        text: Code points of a message that is read; longer ones are answered with the limit.
        upload: Bytes of a file; 100,000 rows of a bank take about a fifth.
        grace: A last reply that was sent has this long to arrive before its person is erased: a
            page that lost it comes back for it.
        farewell: One that nobody fetches is erased after this.
    """

    turn: float = 25.0
    context: float = 4.0
    nlu: float = 6.0
    engine: float = 14.0
    reading: float = 18.0
    margin: float = 2.0
    importing: float = 150.0
    lease: float = 6.0
    poll: float = 1.0
    context_life: float = 15.0
    parallel: int = 256
    attempts: int = 3
    text: int = 1000
    upload: int = 64 * 1024 * 1024
    grace: float = 10.0
    farewell: float = 3600.0
