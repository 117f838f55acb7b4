"""Every table that there is: what stands in a file of its own is made known here."""

from ledger import cases, disputes, erasure, exports, hiding, peers, rules, tables

metadata = tables.metadata
modules = (tables, rules, exports, erasure, cases, disputes, hiding, peers)
