"""What a report tells, as plain values: figures, sections, rows by county and organ, places."""

import datetime
from dataclasses import dataclass

from events.reports.cells import Period
from events.reports.places import Place


@dataclass(frozen=True)
class Figure:
    """One number. `value` is None where no record says it; `earlier` is the earlier period's.

    `query`, `earlier_query`: of the list of the records, which are `of` events, sites or villages.
    `unknown`: how many of these records do not say.
    """

    label: str
    value: int | None
    earlier: int | None
    unit: str
    of: str
    query: str
    earlier_query: str
    unknown: int = 0

    @property
    def change(self) -> int | None:
        """None where either is not known."""
        if self.value is None or self.earlier is None:
            return None
        return self.value - self.earlier


@dataclass(frozen=True)
class Section:
    """Figures under one heading."""

    title: str
    figures: tuple[Figure, ...]
    note: str = ""


@dataclass(frozen=True)
class Row:
    """The figures of a county or an organ; `about` is the organ's duty list."""

    code: str
    name: str
    figures: tuple[Figure, ...]
    about: str = ""


@dataclass(frozen=True)
class Typed:
    """A figure that was typed in, with its source; `value` as it was written."""

    number: int
    name: str
    value: str
    unit: str
    period: Period
    source: str


@dataclass(frozen=True)
class Report:
    """Everything that is told of a period. Stocks are those of `as_of` and `against_as_of`."""

    period: Period
    against: Period
    as_of: datetime.date
    against_as_of: datetime.date
    county: str
    county_names: dict[str, str]
    sections: tuple[Section, ...]
    counties: tuple[Row, ...]
    organs: tuple[Row, ...]
    typed: tuple[Typed, ...]
    sources: dict[str, int]
    places: tuple[Place, ...] = ()  # where the events were held, where that was asked

    @property
    def county_name(self) -> str:
        """The county's; "" for all counties, or for a code that none has."""
        return self.county_names.get(self.county, "")
