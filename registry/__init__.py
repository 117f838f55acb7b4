"""Models under their content hash, and the pointer to the one that serves."""

from registry.errors import (
    NoEarlierModelError,
    NothingToPublishError,
    RegistryError,
    TamperedModelError,
    UnknownKindError,
    UnknownModelError,
)
from registry.pointer import Pointer, Variant
from registry.registry import KINDS, Registry

__all__ = [
    "KINDS",
    "NoEarlierModelError",
    "NothingToPublishError",
    "Pointer",
    "Registry",
    "RegistryError",
    "TamperedModelError",
    "UnknownKindError",
    "UnknownModelError",
    "Variant",
]
