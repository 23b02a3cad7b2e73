"""What a report adds up: records counted once, in cells, by everything that a figure may ask for."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from events.choices import Status
from events.models import Event, Reach
from sites import clock
from sites.choices import ModelVillage
from sites.models import Site, Village
from sites.querysets import VillageQuerySet

COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Period:
    """Shanghai days first … last, both included."""

    first: datetime.date
    last: datetime.date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"a period that begins on {self.first} cannot end on {self.last}")

    def before(self) -> "Period":
        """The period of the same length that ends the day before; whole months stay whole."""
        if self._months:
            return self.like(clock.months_before(self.first, self._months))
        return self.like(self.first - (self.last - self.first) - datetime.timedelta(days=1))

    def like(self, first: datetime.date) -> "Period":
        """The period of the same length that begins on a day; whole months stay whole."""
        if self._months and first.day == 1:
            after = clock.months_before(first, -self._months)
            return Period(first, after - datetime.timedelta(days=1))
        return Period(first, first + (self.last - self.first))

    @property
    def _months(self) -> int:
        """How many calendar months the period is; 0 where it is not whole ones."""
        after = clock.day_after(self.last)
        if self.first.day != 1 or after.day != 1:
            return 0
        return (after.year - self.first.year) * 12 + after.month - self.first.month


@dataclass(frozen=True)
class Cell:
    """Records that are alike: `count` of them, in these counties.

    `of`: "events", "sites" or "villages". `facts`: what they are, by the names that the query
    strings of their lists have. `total`: people, None where no record says how many.
    `unknown`: how many of the records do not say.
    """

    of: str
    facts: dict[str, str]
    counties: frozenset[str]
    count: int
    total: int | None = None
    unknown: int = 0
    troupe_name: str = ""
    source: str = ""


def event_cells(
    period: Period, against: Period, now: datetime.datetime
) -> tuple[list[Cell], list[Cell]]:
    """Events that start in a period and in an earlier one, with which it shares no day."""
    both = Event.objects.between(period.first, period.last) | Event.objects.between(
        against.first, against.last
    )
    groups = both.values(
        "audience",
        "campaign",
        "source",
        "status",
        "troupe__name",
        earlier=Q(starts_at__lt=clock.midnight(period.first)),
        kind=F("programme__kind"),
        series=F("programme__series"),
        by=F("troupe_id"),
        at=F("site__county_id"),
        of_village=Substr("village_id", 1, COUNTY_DIGITS),
        counted=Q(attendance__isnull=False),
        over=Event.objects.is_overdue(now),
    ).annotate(count=Count("pk"), people=Sum("attendance"))
    cells: tuple[list[Cell], list[Cell]] = ([], [])
    for group in groups:
        cells[group["earlier"]].append(_event_cell(group))
    return cells


def _event_cell(group: dict) -> Cell:
    facts = {name: group[name] for name in ("audience", "campaign", "kind", "series", "status")}
    facts |= {"troupe": group["by"] or ""}
    facts |= {"counted": _flag(group["counted"]), "overdue": _flag(group["over"])}
    return Cell(
        "events",
        facts,
        frozenset(filter(None, (group["at"], group["of_village"]))),
        group["count"],
        group["people"],
        0 if group["counted"] else group["count"],
        group["troupe__name"] or "",
        group["source"],
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"


def site_cells(day: datetime.date) -> list[Cell]:
    """Sites that are open on a day."""
    groups = Site.objects.open_on(day).order_by().values("kind", "tier", "county_id")
    return [
        Cell(
            "sites",
            {"kind": group["kind"], "tier": group["tier"]},
            frozenset([group["county_id"]]),
            group["count"],
        )
        for group in groups.annotate(count=Count("pk"))
    ]


@dataclass(frozen=True)
class Fact:
    """What is known of a village today: whom it is true of, of whom it is known, what is added."""

    label: str
    true: Q
    known: Q
    adds: str = ""


_HAS_LITERATES = Q(legal_literates__isnull=False)
_HAS_HOUSEHOLDS = Q(model_households__isnull=False)
_IS_MODEL = Q(model_village__gt="")
FACTS = {
    "national": Fact(
        ModelVillage.NATIONAL.label, Q(model_village=ModelVillage.NATIONAL), _IS_MODEL
    ),
    "regional": Fact(
        ModelVillage.REGIONAL.label, Q(model_village=ModelVillage.REGIONAL), _IS_MODEL
    ),
    "adviser": Fact(
        _("有法律顾问的村(社区)"), Q(legal_adviser=True), Q(legal_adviser__isnull=False)
    ),
    "literates": Fact(_("法律明白人"), _HAS_LITERATES, _HAS_LITERATES, "legal_literates"),
    "households": Fact(_("学法用法示范户"), _HAS_HOUSEHOLDS, _HAS_HOUSEHOLDS, "model_households"),
}
VISITS = {"reached": _("有活动到过的村(社区)"), "new": _("首次有活动到达的村(社区)")}


def reached(first: datetime.date | None, last: datetime.date | None) -> Q:
    """Villages with a held event in the days: in themselves, at a site of theirs, or naming them."""
    held = Event.objects.filter(status=Status.HELD).between(first, last)
    return (
        Q(pk__in=held.exclude(village=None).values("village"))
        | Q(pk__in=held.exclude(site__village=None).values("site__village"))
        | Q(pk__in=Reach.objects.filter(event__in=held).values("village"))
    )


def _newly_reached(period: Period) -> Q:
    """Reached in the period and never before, as far as the records go back."""
    day_before = period.first - datetime.timedelta(days=1)
    return reached(period.first, period.last) & ~reached(None, day_before)


def villages_with(fact: str, period: Period) -> VillageQuerySet:
    """The villages that a figure of villages counts; `fact` is a key of FACTS or VISITS."""
    if fact in FACTS:
        return Village.objects.filter(FACTS[fact].true)
    asked = reached(period.first, period.last) if fact == "reached" else _newly_reached(period)
    return Village.objects.filter(asked)


def village_cells(period: Period, against: Period) -> tuple[list[Cell], list[Cell]]:
    """Villages by what is known of them (today only), and by whether events reached them."""
    counts = {f"{name}_true": Count("pk", filter=fact.true) for name, fact in FACTS.items()}
    counts |= {f"{name}_known": Count("pk", filter=fact.known) for name, fact in FACTS.items()}
    counts |= {f"{name}_sum": Sum(fact.adds) for name, fact in FACTS.items() if fact.adds}
    for name, span in (("now", period), ("then", against)):
        counts[f"reached_{name}"] = Count("pk", filter=reached(span.first, span.last))
        counts[f"new_{name}"] = Count("pk", filter=_newly_reached(span))
    groups = Village.objects.order_by().values(county=Substr("code", 1, COUNTY_DIGITS))
    rows = list(groups.annotate(villages=Count("pk"), **counts))
    now = [cell for row in rows for cell in (*_fact_cells(row), *_visit_cells(row, "now"))]
    return now, [cell for row in rows for cell in _visit_cells(row, "then")]


def _fact_cells(row: dict) -> Iterator[Cell]:
    """None where no village of the county says anything: that is no zero."""
    county = frozenset([row["county"]])
    for name, fact in FACTS.items():
        known = row[f"{name}_known"]
        if known:
            unknown = 0 if fact.known is _IS_MODEL else row["villages"] - known
            total = row.get(f"{name}_sum")
            yield Cell("villages", {"fact": name}, county, row[f"{name}_true"], total, unknown)


def _visit_cells(row: dict, when: str) -> Iterator[Cell]:
    for name in VISITS:
        county = frozenset([row["county"]])
        yield Cell("villages", {"fact": name}, county, row[f"{name}_{when}"])
