"""A row on its way into the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext as _

from sites.errors import Problem, nth
from sites.importing.cells import Formula, Row, Table
from sites.importing.values import clean

SHOWN = 60  # characters of a value that a problem repeats


@dataclass
class Draft:
    """A row, what its cells mean, and the record that it makes or changes.

    `titles` are what the file, or else the product, calls each column. `values` are by the names
    of the model's fields (lon and lat until those are a point); what is absent from them was
    not given. `record` is filled with them; `before` are the stored values by attribute, empty
    for a new record. `links` are the stored codes of each field that leads to many. `places`
    are the codes of the divisions in which the record lies, `old_places` of those in which it lay.
    """

    table: Table
    row: Row
    titles: Mapping[str, str]
    values: dict[str, object] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    record: models.Model | None = None
    before: dict[str, object] = field(default_factory=dict)
    links: dict[str, set[str]] = field(default_factory=dict)
    places: set[str] = field(default_factory=set)
    old_places: set[str] = field(default_factory=set)

    def given(self, name: str) -> bool:
        """Whether the row has the column at all."""
        return name in self.row.cells

    def refuse(
        self, column: str, message: str, value: object = None, *, forbidden: bool = False
    ) -> None:
        """Note what is wrong with a column, and what to do; the value is by default the cell's."""
        shown = self.row.cells.get(column) if value is None else value
        problem = Problem(
            self.table.file,
            self.table.sheet,
            self.row.number,
            self.titles.get(column, column),
            _shown(shown),
            message,
            forbidden,
            self.table.features,
        )
        self.problems.append(problem)

    def place_seen_from(self, other: "Draft") -> str:
        """Where in the file the draft is, in words; the sheet is named where it is another."""
        place = nth(self.row.number, feature=self.table.features)
        if self.table is other.table:
            return place
        return _("表 %(sheet)s %(place)s") % {"sheet": self.table.sheet, "place": place}


def _shown(value: object) -> str:
    if value is None or isinstance(value, dict):
        return ""
    text = value.text if isinstance(value, Formula) else str(value)
    text = " ".join(clean(text).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
