"""Names that say nothing, whatever the model has learned."""

from datetime import date

from enrichment.models import Models
from enrichment.pipeline import enrich
from ledger.types import Account, Transaction

_NAMES = (
    "VELLOQUIST OOM", "QUIRRAM BREXELL", "ZORBLAX FNORD", "YUNTRIB KAPPEL", "MIVVO DREXIT",
    "OBBERWITZ NAUL", "TRUMBAX QUELLO", "FREZZIK OMDAHL", "WEXXUM PRIBBLE", "JANDOQ VIRREL",
)  # fmt: skip
_ACCOUNT = Account("c", "Monzo", "checking", "GBP", "Current")


def unsure_names(models: Models) -> list[str]:
    """Those of some invented names that raise a question as a purchase in Leeds."""
    found = []
    for name in _NAMES:
        row = Transaction("t", "c", date(2026, 1, 14), f"{name} LEEDS", -2_100, "GBP")
        if enrich([_ACCOUNT], [row], models).questions:
            found.append(name)
    return found
