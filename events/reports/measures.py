"""What the figures of a report add up, and over which records of its two periods."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from events.choices import Audience, Status
from events.reports.cells import (
    FACTS,
    VISITS,
    Cell,
    Period,
    event_cells,
    site_cells,
    village_cells,
)
from events.reports.told import Figure, Section
from sites.choices import LISTED_KINDS, LISTED_TIERS, EventKind, SiteKind, Tier

Words = tuple[str, ...]
HELD = {"status": (Status.HELD.value,)}
OPEN = {"status": (Status.PLANNED.value, Status.CONFIRMED.value)}
LECTURES = (EventKind.LECTURE.value, EventKind.CASE_LECTURE.value)
LISTED = {"kind": tuple(map(str, LISTED_KINDS)), "tier": tuple(map(str, LISTED_TIERS))}
SEVEN = tuple(audience for audience in Audience if audience != Audience.PUBLIC)  # 法律七进


@dataclass(frozen=True)
class Measure:
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
class Side:
    """The cells of one of the two periods, and what the query strings say of it.

    `silent`: not one event of the period is on record anywhere, so that no count of events is 0.
    """

    cells: list[Cell]
    period: Period
    as_of: datetime.date
    silent: bool = False

    def value(self, measure: Measure) -> tuple[int | None, int]:
        told_by_events = measure.of == "events" or measure.where.get("fact", ("",))[0] in VISITS
        return (None, 0) if self.silent and told_by_events else measure.value(self.cells)

    def query(self, measure: Measure, county: str) -> str:
        days = {"from": str(self.period.first), "to": str(self.period.last)}
        asked = {"on": str(self.as_of)} if measure.of == "sites" else days
        asked |= {name: ",".join(words) for name, words in measure.where.items()}
        return urlencode(asked | ({"region": county} if county else {}), safe=",")

    def within(self, county: str) -> "Side":
        if not county:
            return self
        cells = [cell for cell in self.cells if county in cell.counties]
        return Side(cells, self.period, self.as_of, self.silent)


def sides_of(period: Period, against: Period, now: datetime.datetime) -> tuple[Side, Side]:
    as_of = min(period.last, now.date())
    against_as_of = min(against.last, now.date())
    events, earlier_events = event_cells(period, against, now)
    villages, earlier_villages = village_cells(period, against)
    cells = [*events, *site_cells(as_of), *villages]
    earlier_cells = [*earlier_events, *site_cells(against_as_of), *earlier_villages]
    return (
        Side(cells, period, as_of, not events),
        Side(earlier_cells, against, against_as_of, not earlier_events),
    )


def figure_of(measure: Measure, here: Side, there: Side, county: str) -> Figure:
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


def sections_of(here: Side, there: Side, county: str) -> Iterator[Section]:
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
        figures = tuple(figure_of(measure, here, there, county) for measure in measures)
        if figures:
            yield Section(title, figures)


def events_measure(label: object, where: Mapping[str, Words] = HELD, **more: Words) -> Measure:
    return Measure(str(label), "events", {**where, **more}, _("场"))


def _happened() -> Iterator[Measure]:
    yield events_measure(_("举办的活动"))
    for kind in EventKind:
        yield events_measure(kind.label, kind=(kind.value,))
    yield _people(_("到场人数"))
    yield events_measure(_("没有人数记录的活动"), counted=("false",))


def _people(label: str, **more: Words) -> Measure:
    return Measure(label, "events", {**HELD, **more}, _("人次"), adds=True)


def _by_troupe(kinds: Words, cells: list[Cell]) -> Iterator[Measure]:
    names = {
        cell.facts["troupe"]: cell.troupe_name
        for cell in cells
        if cell.facts["kind"] in kinds and cell.facts["troupe"]
    }
    for code in sorted(names):
        yield events_measure(names[code], kind=kinds, troupe=(code,))


def _by_series(cells: list[Cell]) -> Iterator[Measure]:
    for series in _present("series", (cell for cell in cells if cell.facts["kind"] in LECTURES)):
        yield events_measure(series, kind=LECTURES, series=(series,))


def _by_campaign(cells: list[Cell]) -> Iterator[Measure]:
    for campaign in _present("campaign", cells):
        yield events_measure(campaign, campaign=(campaign,))


def _present(name: str, cells: Iterable[Cell]) -> list[str]:
    return sorted({cell.facts[name] for cell in cells} - {""})


def _by_audience() -> Iterator[Measure]:
    seven = tuple(audience.value for audience in SEVEN)
    yield events_measure(_("法律七进合计"), audience=seven)
    for audience in SEVEN:
        yield events_measure(audience.label, audience=(audience.value,))
    yield _people(_("法律七进到场人数"), audience=seven)


def _sites(label: object, **where: Words) -> Measure:
    return Measure(str(label), "sites", where, _("处"))


def _places() -> Iterator[Measure]:
    yield _sites(_("市县两级法治文化阵地"), **LISTED)
    for kind in LISTED_KINDS:
        yield _sites(kind.label, **{**LISTED, "kind": (kind.value,)})
    for kind in (SiteKind.HALL, SiteKind.FRONT):
        yield _sites(kind.label, kind=(kind.value,))


def _services() -> Iterator[Measure]:
    yield _sites(_("公共法律服务点合计"), kind=(SiteKind.SERVICE.value,))
    for tier in Tier:
        yield _sites(tier.label, kind=(SiteKind.SERVICE.value,), tier=(tier.value,))


def _of_villages() -> Iterator[Measure]:
    for name, label in VISITS.items():
        yield Measure(str(label), "villages", {"fact": (name,)}, _("个"))
    units = {"literates": _("人"), "households": _("户")}
    for name, fact in FACTS.items():
        unit = units.get(name, _("个"))
        yield Measure(str(fact.label), "villages", {"fact": (name,)}, unit, bool(fact.adds))


def county_measures() -> list[Measure]:
    """The columns of the table by county."""
    return [
        events_measure(_("活动")),
        events_measure(EventKind.SHOW.label, kind=(EventKind.SHOW.value,)),
        events_measure(_("讲座和以案释法"), kind=LECTURES),
        _people(_("到场人数")),
        _sites(_("市县两级阵地"), **LISTED),
        _sites(SiteKind.FRONT.label, kind=(SiteKind.FRONT.value,)),
        _sites(SiteKind.SERVICE.label, kind=(SiteKind.SERVICE.value,)),
        Measure(_("首次到达的村"), "villages", {"fact": ("new",)}, _("个")),
    ]
