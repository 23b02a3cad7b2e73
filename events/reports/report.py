"""A period's report: figures from records only, each with the query of the records behind it.

A figure and its list are told by the same words: `where` chooses the cells that are added up, and
is the query string that opens them. So the figure and the length of its list cannot differ.
"""

import datetime
from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from events.choices import Status
from events.models import Event
from events.reports.cells import Cell, Period
from events.reports.kept import ReportFigure
from events.reports.measures import (
    HELD,
    OPEN,
    Side,
    county_measures,
    events_measure,
    figure_of,
    sections_of,
    sides_of,
)
from events.reports.told import Figure, Report, Row, Section, Typed
from sites.choices import Source
from sites.models import Organ, Region

__all__ = ["Figure", "Report", "Row", "Section", "Typed", "county_measures", "report"]


def report(period: Period, against: Period, now: datetime.datetime, county: str = "") -> Report:
    """The report of a period beside an earlier one that ends before it begins; 7 queries.

    `county`: the code of a county, or "" for all. Stocks of a day to come are told as of today.
    Raises ValueError where the periods overlap.
    """
    if against.last >= period.first:
        raise ValueError("the earlier period must end before the period begins")
    counties = dict(Region.objects.counties().order_by("code").values_list("code", "name"))
    now_side, then_side = sides_of(period, against, now)
    here, there = now_side.within(county), then_side.within(county)
    return Report(
        period,
        against,
        now_side.as_of,
        then_side.as_of,
        county,
        counties,
        tuple(sections_of(here, there, county)),
        () if county else tuple(_county_rows(now_side, then_side, counties)),
        tuple(_organ_rows(now_side, then_side, now, county)),
        tuple(_typed(period, county)),
        _sources(here.cells),
    )


def _county_rows(here: Side, there: Side, counties: dict[str, str]) -> Iterator[Row]:
    for code, name in counties.items():
        sides = here.within(code), there.within(code)
        figures = tuple(figure_of(measure, *sides, code) for measure in county_measures())
        yield Row(code, name, figures)


def _organ_rows(here: Side, there: Side, now: datetime.datetime, county: str) -> Iterator[Row]:
    """Organs of the county, or all, with what they host; an event of two hosts counts for both."""
    columns = (
        (_("计划"), OPEN),
        (_("已举办"), HELD),
        (_("逾期未登记"), {"overdue": ("true",)}),
    )
    sides = (here, there)
    spans = [_chosen(side.period, now) for side in sides]
    counts = {
        f"c{i}_{j}": Count("events", filter=Q(events__in=span[i].values("pk")))
        for j, span in enumerate(spans)
        for i in range(len(columns))
    }
    organs = (
        Organ.objects.filter(region__code__startswith=county) if county else Organ.objects.all()
    )
    for organ in organs.annotate(**counts).order_by("code"):
        figures = []
        for i, (label, where) in enumerate(columns):
            measure = events_measure(label, where, host=(organ.code,))
            queries = [side.query(measure, "") for side in sides]
            values = [
                None if side.silent else getattr(organ, f"c{i}_{j}") for j, side in enumerate(sides)
            ]
            figures.append(Figure(label, *values, measure.unit, "events", *queries))
        yield Row(organ.code, organ.name, tuple(figures), organ.duty)


def _chosen(period: Period, now: datetime.datetime) -> tuple:
    """The events of the organs' three columns."""
    events = Event.objects.between(period.first, period.last)
    return (
        events.filter(status__in=OPEN["status"]),
        events.filter(status=Status.HELD),
        events.overdue(now),
    )


def _typed(period: Period, county: str) -> Iterator[Typed]:
    figures = ReportFigure.objects.filter(first__gte=period.first, last__lte=period.last)
    for each in figures.filter(county=county or None):
        value = f"{each.value.normalize():f}"
        span = Period(each.first, each.last)
        yield Typed(each.pk, each.name, value, each.unit, span, each.source)


def _sources(cells: list[Cell]) -> dict[str, int]:
    """How many events of the period come from where."""
    counts: dict[str, int] = {}
    for cell in cells:
        if cell.of == "events":
            label = str(Source(cell.source).label)
            counts[label] = counts.get(label, 0) + cell.count
    return counts
