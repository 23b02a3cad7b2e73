"""A period's report: figures from records only, each with the query of the records behind it.

A figure and its list are told by the same words: `where` chooses the cells that are added up, and
is the query string that opens them. So the figure and the length of its list cannot differ.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from events.choices import Audience, Status
from events.kept import ReportFigure
from events.models import Event
from events.report_cells import (
    FACTS,
    VISITS,
    Cell,
    Period,
    event_cells,
    site_cells,
    village_cells,
)
from sites.choices import LISTED_KINDS, LISTED_TIERS, EventKind, SiteKind, Source, Tier
from sites.models import Organ, Region

Words = tuple[str, ...]
HELD = {"status": (Status.HELD.value,)}
OPEN = {"status": (Status.PLANNED.value, Status.CONFIRMED.value)}
LECTURES = (EventKind.LECTURE.value, EventKind.CASE_LECTURE.value)
LISTED = {"kind": tuple(map(str, LISTED_KINDS)), "tier": tuple(map(str, LISTED_TIERS))}
SEVEN = tuple(audience for audience in Audience if audience != Audience.PUBLIC)  # 法律七进


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

    @property
    def county_name(self) -> str:
        """The county's; "" for all counties, or for a code that none has."""
        return self.county_names.get(self.county, "")


@dataclass(frozen=True)
class _Measure:
    """What a figure adds up: of which records, and their number or their `total`."""

    label: str
    of: str
    where: Mapping[str, Words]
    unit: str
    adds: bool = False

    def value(self, cells: Iterable[Cell]) -> tuple[int | None, int]:
        """The sum, None where no record says it, and how many records do not say."""
        found = [cell for cell in cells if cell.of == self.of and self._fits(cell)]
        unknown = sum(cell.unknown for cell in found)
        if not self.adds:
            nothing_said = self.of == "villages" and not found
            shown = unknown if self.of == "villages" else 0
            return (None if nothing_said else sum(cell.count for cell in found)), shown
        totals = [cell.total for cell in found if cell.total is not None]
        return (sum(totals) if totals else None), unknown

    def _fits(self, cell: Cell) -> bool:
        return all(cell.facts[name] in words for name, words in self.where.items())


@dataclass(frozen=True)
class _Side:
    """The cells of one of the two periods, and what the query strings say of it.

    `silent`: not one event of the period is on record anywhere, so that no count of events is 0.
    """

    cells: list[Cell]
    period: Period
    as_of: datetime.date
    silent: bool = False

    def value(self, measure: _Measure) -> tuple[int | None, int]:
        told_by_events = measure.of == "events" or measure.where.get("fact", ("",))[0] in VISITS
        return (None, 0) if self.silent and told_by_events else measure.value(self.cells)

    def query(self, measure: _Measure, county: str) -> str:
        days = {"from": str(self.period.first), "to": str(self.period.last)}
        asked = {"on": str(self.as_of)} if measure.of == "sites" else days
        asked |= {name: ",".join(words) for name, words in measure.where.items()}
        return urlencode(asked | ({"region": county} if county else {}), safe=",")

    def within(self, county: str) -> "_Side":
        if not county:
            return self
        cells = [cell for cell in self.cells if county in cell.counties]
        return _Side(cells, self.period, self.as_of, self.silent)


def report(period: Period, against: Period, now: datetime.datetime, county: str = "") -> Report:
    """The report of a period beside an earlier one that ends before it begins; 7 queries.

    `county`: the code of a county, or "" for all. Stocks of a day to come are told as of today.
    Raises ValueError where the periods overlap.
    """
    if against.last >= period.first:
        raise ValueError("the earlier period must end before the period begins")
    counties = dict(Region.objects.counties().order_by("code").values_list("code", "name"))
    now_side, then_side = _sides(period, against, now)
    here, there = now_side.within(county), then_side.within(county)
    return Report(
        period,
        against,
        now_side.as_of,
        then_side.as_of,
        county,
        counties,
        tuple(_sections(here, there, county)),
        () if county else tuple(_county_rows(now_side, then_side, counties)),
        tuple(_organ_rows(now_side, then_side, now, county)),
        tuple(_typed(period, county)),
        _sources(here.cells),
    )


def _sides(period: Period, against: Period, now: datetime.datetime) -> tuple[_Side, _Side]:
    as_of = min(period.last, now.date())
    against_as_of = min(against.last, now.date())
    events, earlier_events = event_cells(period, against, now)
    villages, earlier_villages = village_cells(period, against)
    cells = [*events, *site_cells(as_of), *villages]
    earlier_cells = [*earlier_events, *site_cells(against_as_of), *earlier_villages]
    return (
        _Side(cells, period, as_of, not events),
        _Side(earlier_cells, against, against_as_of, not earlier_events),
    )


def _figure(measure: _Measure, here: _Side, there: _Side, county: str) -> Figure:
    value, unknown = here.value(measure)
    earlier, _unknown = there.value(measure)
    return Figure(
        measure.label,
        value,
        earlier,
        measure.unit,
        measure.of,
        here.query(measure, county),
        there.query(measure, county),
        unknown,
    )


def _sections(here: _Side, there: _Side, county: str) -> Iterator[Section]:
    both = [cell for cell in (*here.cells, *there.cells) if cell.of == "events"]
    told = [
        (_("活动和人数"), _happened()),
        (_("演出(按演出队)"), _by_troupe((EventKind.SHOW.value,), both)),
        (_("讲座(按系列)"), _by_series(both)),
        (_("讲座(按讲师团)"), _by_troupe(LECTURES, both)),
        (_("专项活动"), _by_campaign(both)),
        (_("法律七进(按对象)"), _by_audience()),
        (_("场所和阵地"), _places()),
        (_("公共法律服务点"), _services()),
        (_("村(社区)"), _of_villages()),
    ]
    for title, measures in told:
        figures = tuple(_figure(measure, here, there, county) for measure in measures)
        if figures:
            yield Section(title, figures)


def _events(label: object, where: Mapping[str, Words] = HELD, **more: Words) -> _Measure:
    return _Measure(str(label), "events", {**where, **more}, _("场"))


def _happened() -> Iterator[_Measure]:
    yield _events(_("举办的活动"))
    for kind in EventKind:
        yield _events(kind.label, kind=(kind.value,))
    yield _people(_("到场人数"))
    yield _events(_("没有人数记录的活动"), counted=("false",))


def _people(label: str, **more: Words) -> _Measure:
    return _Measure(label, "events", {**HELD, **more}, _("人次"), adds=True)


def _by_troupe(kinds: Words, cells: list[Cell]) -> Iterator[_Measure]:
    names = {
        cell.facts["troupe"]: cell.troupe_name
        for cell in cells
        if cell.facts["kind"] in kinds and cell.facts["troupe"]
    }
    for code in sorted(names):
        yield _events(names[code], kind=kinds, troupe=(code,))


def _by_series(cells: list[Cell]) -> Iterator[_Measure]:
    for series in _present("series", (cell for cell in cells if cell.facts["kind"] in LECTURES)):
        yield _events(series, kind=LECTURES, series=(series,))


def _by_campaign(cells: list[Cell]) -> Iterator[_Measure]:
    for campaign in _present("campaign", cells):
        yield _events(campaign, campaign=(campaign,))


def _present(name: str, cells: Iterable[Cell]) -> list[str]:
    return sorted({cell.facts[name] for cell in cells} - {""})


def _by_audience() -> Iterator[_Measure]:
    seven = tuple(audience.value for audience in SEVEN)
    yield _events(_("法律七进合计"), audience=seven)
    for audience in SEVEN:
        yield _events(audience.label, audience=(audience.value,))
    yield _people(_("法律七进到场人数"), audience=seven)


def _sites(label: object, **where: Words) -> _Measure:
    return _Measure(str(label), "sites", where, _("处"))


def _places() -> Iterator[_Measure]:
    yield _sites(_("市县两级法治文化阵地"), **LISTED)
    for kind in LISTED_KINDS:
        yield _sites(kind.label, **{**LISTED, "kind": (kind.value,)})
    for kind in (SiteKind.HALL, SiteKind.FRONT):
        yield _sites(kind.label, kind=(kind.value,))


def _services() -> Iterator[_Measure]:
    yield _sites(_("公共法律服务点合计"), kind=(SiteKind.SERVICE.value,))
    for tier in Tier:
        yield _sites(tier.label, kind=(SiteKind.SERVICE.value,), tier=(tier.value,))


def _of_villages() -> Iterator[_Measure]:
    for name, label in VISITS.items():
        yield _Measure(str(label), "villages", {"fact": (name,)}, _("个"))
    units = {"literates": _("人"), "households": _("户")}
    for name, fact in FACTS.items():
        unit = units.get(name, _("个"))
        yield _Measure(str(fact.label), "villages", {"fact": (name,)}, unit, bool(fact.adds))


def county_measures() -> list[_Measure]:
    """The columns of the table by county."""
    return [
        _events(_("活动")),
        _events(EventKind.SHOW.label, kind=(EventKind.SHOW.value,)),
        _events(_("讲座和以案释法"), kind=LECTURES),
        _people(_("到场人数")),
        _sites(_("市县两级阵地"), **LISTED),
        _sites(SiteKind.FRONT.label, kind=(SiteKind.FRONT.value,)),
        _sites(SiteKind.SERVICE.label, kind=(SiteKind.SERVICE.value,)),
        _Measure(_("首次到达的村"), "villages", {"fact": ("new",)}, _("个")),
    ]


def _county_rows(here: _Side, there: _Side, counties: dict[str, str]) -> Iterator[Row]:
    for code, name in counties.items():
        sides = here.within(code), there.within(code)
        figures = tuple(_figure(measure, *sides, code) for measure in county_measures())
        yield Row(code, name, figures)


def _organ_rows(here: _Side, there: _Side, now: datetime.datetime, county: str) -> Iterator[Row]:
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
            measure = _events(label, where, host=(organ.code,))
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
