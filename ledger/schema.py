"""Every table that there is: what stands in a file of its own is made known here."""

from ledger import (
    alerts,
    autosave,
    cases,
    disputes,
    erasure,
    exports,
    filing,
    forecasts,
    hiding,
    notices,
    peers,
    rules,
    tables,
)

metadata = tables.metadata
modules = (
    tables,
    rules,
    filing,
    exports,
    erasure,
    cases,
    disputes,
    hiding,
    peers,
    autosave,
    alerts,
    notices,
    forecasts,
)
