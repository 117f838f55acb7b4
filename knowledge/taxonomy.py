"""The taxonomy of categories as data with a typed reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Essential = Literal["yes", "no", "depends"]
Flow = Literal["in", "out", "neutral"]

_FILE = Path(__file__).parent / "data" / "taxonomy.yml"
UNCATEGORISED = "services.uncategorised"


class UnknownCategoryError(KeyError):
    """A category id that the taxonomy does not hold."""

    def __init__(self, category_id: str) -> None:
        super().__init__(category_id)
        self.category_id = category_id

    def __str__(self) -> str:
        """One sentence: what was wrong, where, what to do."""
        return (
            f"The category {self.category_id!r} is not in the taxonomy; "
            "use an id of knowledge/data/taxonomy.yml."
        )


@dataclass(frozen=True, slots=True)
class Category:
    """One node of the taxonomy.

    Attributes:
        id: Dotted path, such as `utilities.energy.gas`; ids never change.
        name: What people are shown.
        parent: The id above, None at the top.
        level: 1 at the top to 3.
        essential: The default for spending; `depends` leaves it to the counterparty or the person.
        flow: `in` raises income, `out` is spending, `neutral` is neither.
        description: One sentence of what belongs here.
        examples: Names that a reader knows.
    """

    id: str
    name: str
    parent: str | None
    level: int
    essential: Essential
    flow: Flow
    description: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Taxonomy:
    """All categories, in the order of the file.

    Attributes:
        categories: Category by id.
    """

    categories: dict[str, Category]
    _below: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Works out what stands below each id."""
        below: dict[str, list[str]] = {id_: [] for id_ in self.categories}
        for category in self.categories.values():
            if category.parent is not None:
                below[category.parent].append(category.id)
        self._below.update({id_: tuple(ids) for id_, ids in below.items()})

    def __contains__(self, category_id: object) -> bool:
        """Whether the id is known."""
        return category_id in self.categories

    def __iter__(self) -> Iterator[Category]:
        """Every category, parents before their children."""
        return iter(self.categories.values())

    def __len__(self) -> int:
        """How many categories there are, inner nodes included."""
        return len(self.categories)

    def get(self, category_id: str) -> Category:
        """Picks a category by its id.

        Raises:
            UnknownCategoryError: The id is not in the taxonomy.
        """
        try:
            return self.categories[category_id]
        except KeyError:
            raise UnknownCategoryError(category_id) from None

    def children(self, category_id: str) -> tuple[str, ...]:
        """The ids right below, in the order of the file."""
        self.get(category_id)
        return self._below[category_id]

    def descendants(self, category_id: str) -> tuple[str, ...]:
        """The id itself and every id below it."""
        found = [category_id]
        for child in self.children(category_id):
            found.extend(self.descendants(child))
        return tuple(found)

    def ancestors(self, category_id: str) -> tuple[str, ...]:
        """The ids above, nearest first; empty for a top-level category."""
        above: list[str] = []
        parent = self.get(category_id).parent
        while parent is not None:
            above.append(parent)
            parent = self.categories[parent].parent
        return tuple(above)

    def top(self, category_id: str) -> str:
        """The top-level id that the category belongs to."""
        return (category_id, *self.ancestors(category_id))[-1]

    def tops(self) -> tuple[str, ...]:
        """The top-level ids."""
        return tuple(c.id for c in self if c.parent is None)

    def leaves(self) -> tuple[str, ...]:
        """The ids with nothing below them."""
        return tuple(id_ for id_, below in self._below.items() if not below)

    def is_leaf(self, category_id: str) -> bool:
        """Whether nothing stands below the id."""
        return not self.children(category_id)

    def flow(self, category_id: str) -> Flow:
        """Whether the category is income, spending or neither."""
        return self.get(category_id).flow

    def essential(self, category_id: str) -> Essential:
        """The default of the category: `yes`, `no` or `depends`."""
        return self.get(category_id).essential

    def name(self, category_id: str) -> str:
        """The category's name as people are shown it."""
        return self.get(category_id).name

    def with_name(self, name: str) -> tuple[str, ...]:
        """The ids whose name is this one, case ignored."""
        wanted = name.strip().casefold()
        return tuple(c.id for c in self if c.name.casefold() == wanted)


def _category(row: dict[str, Any]) -> Category:
    return Category(
        id=row["id"],
        name=row["name"],
        parent=row["parent"],
        level=row["level"],
        essential=row["essential"],
        flow=row["flow"],
        description=row["description"],
        examples=tuple(row["examples"]),
    )


def read_taxonomy(path: Path) -> Taxonomy:
    """Reads a taxonomy file (YAML with a list `categories`)."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = yaml.load(path.read_bytes(), Loader=loader)["categories"]  # noqa: S506
    return Taxonomy({row["id"]: _category(row) for row in rows})


@cache
def load_taxonomy() -> Taxonomy:
    """The project's taxonomy, read once per process."""
    return read_taxonomy(_FILE)
