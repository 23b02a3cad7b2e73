"""What each address may be asked for, and the query that it stands for: pages and API alike."""

import datetime
from dataclasses import dataclass
from typing import Annotated

from django.contrib.gis.geos import Polygon
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from events.choices import Audience, Language, Status
from events.models import Event
from events.querysets import EventQuerySet
from mapui import readers
from mapui.params import BadParameters, Filter, Param, refusal
from mapui.whats_on import nearby
from sites import clock
from sites.board import State
from sites.choices import EventKind, Level, SiteKind, Tier
from sites.models import Site
from sites.querysets import RegionQuerySet, SiteQuerySet, VillageQuerySet

Region = Annotated[
    str, Param(readers.DIGITS, "Only in the division whose code begins so, such as 150203.")
]
Box = Annotated[
    tuple[float, float, float, float] | None,
    Param(readers.BOX, "Only in this box: west,south,east,north in degrees."),
]
LONGEST_NAME = 50  # characters of a name, or of what is searched for
NamePart = Annotated[str, Param(readers.text(LONGEST_NAME), "Only with this in the name.")]
Words = tuple[str, ...]
Day = datetime.date | None


@dataclass(frozen=True)
class Nothing(Filter):
    """For addresses that take no parameter."""


@dataclass(frozen=True)
class OnMap(Filter):
    """What the home page is asked to show."""

    place: Annotated[str, Param(readers.CODE, "This site.")] = ""


@dataclass(frozen=True)
class Paging(Filter):
    """Which part of a list is wanted."""

    limit: Annotated[int, Param(readers.whole(1, 10_000), "Return at most so many.")] = 1000
    offset: Annotated[int, Param(readers.whole(0, 10**9), "Leave out so many first.")] = 0


_ON = "As it was on this Shanghai date, by default today; not in the future."


@dataclass(frozen=True)
class OnDay(Filter):
    """As of a day that is not in the future."""

    on: Annotated[Day, Param(readers.DATE, _ON)] = None

    def day(self, today: datetime.date) -> datetime.date:
        """The day that is asked for, by default today. Raises BadParameters for a later one."""
        if self.on is None or self.on <= today:
            return self.on or today
        message = _("on:%(on)s 是未来日期,只能查到今天(%(today)s)为止。")
        message %= {"on": self.on, "today": today}
        raise BadParameters([refusal("on", str(self.on), f"≤ {today}", message)])


@dataclass(frozen=True)
class Regions(Paging):
    """Divisions."""

    level: Annotated[Words, Param(readers.some_of(Level), "Levels, comma-separated.")] = ()
    region: Region = ""

    def apply(self, regions: RegionQuerySet) -> RegionQuerySet:
        """Those of the divisions that are asked for."""
        if self.level:
            regions = regions.filter(level__in=self.level)
        return regions.within(self.region)


@dataclass(frozen=True)
class Villages(Paging, OnDay):
    """Villages, with the verdicts of a standard where one is named."""

    region: Region = ""
    bbox: Box = None
    q: NamePart = ""
    standard: Annotated[
        str,
        Param(
            readers.CODE,
            "Code of a standard: its verdicts are added to each village, null where the "
            "standard is not about villages, or not about this one.",
        ),
    ] = ""

    def apply(self, villages: VillageQuerySet) -> VillageQuerySet:
        """Those of the villages that are asked for."""
        return _named(_in_box(villages.within(self.region), self.bbox), self.q)


_KINDS = (
    "Kinds, comma-separated. Without `kind` and `tier` the published list is meant: squares, "
    "parks, corridors and bases of tiers city and county."
)
_STATUSES = ("open", "closed", "planned", "all")
_NEAR = "lon,lat in degrees: the nearest come first, each with `distance_m`."
_REACHED = "true: with an event held in the last 12 months; false: without one."


@dataclass(frozen=True)
class Sites(Paging):
    """Sites, by what they are and where."""

    kind: Annotated[Words, Param(readers.some_of(SiteKind), _KINDS)] = ()
    tier: Annotated[Words, Param(readers.some_of(Tier), "Tiers, comma-separated.")] = ()
    status: Annotated[str, Param(readers.one_of(*_STATUSES), "As of today.")] = "open"
    region: Region = ""
    bbox: Box = None
    q: NamePart = ""
    near: Annotated[tuple[float, float] | None, Param(readers.POINT, _NEAR)] = None
    within: Annotated[
        float | None, Param(readers.number(0, 20_100_000), "At most so many metres from `near`.")
    ] = None
    reached: Annotated[bool | None, Param(readers.YES_NO, _REACHED)] = None

    def __post_init__(self) -> None:
        if self.within is not None and self.near is None:
            message = _("within:要同时给出 near=经度,纬度。")
            raise BadParameters([refusal("within", self.within, "near=lon,lat", message)])

    def apply(self, sites: SiteQuerySet, today: datetime.date) -> SiteQuerySet:
        """Those of the sites that are asked for; `near` and `within` are for `layers.sites`."""
        sites = _in_box(self._of_kind(sites).within(self.region), self.bbox)
        sites = _named(self._of_status(sites, today), self.q)
        if self.reached is None:
            return sites
        lately = _held_lately(today)
        return sites.filter(lately) if self.reached else sites.exclude(lately)

    def _of_kind(self, sites: SiteQuerySet) -> SiteQuerySet:
        if not self.kind and not self.tier:
            return sites.listed()
        return sites.filter(
            kind__in=self.kind or SiteKind.values, tier__in=self.tier or Tier.values
        )

    def _of_status(self, sites: SiteQuerySet, today: datetime.date) -> SiteQuerySet:
        match self.status:
            case "open":
                return sites.open_on(today)
            case "planned":
                return sites.filter(opened_on__gt=today)
            case "closed":
                return sites.filter(closed_on__lte=today)
        return sites


@dataclass(frozen=True)
class Period(Filter):
    """Shanghai dates, both included."""

    first: Annotated[Day, Param(readers.DATE, "From this Shanghai date on.", "from")] = None
    last: Annotated[Day, Param(readers.DATE, "Up to this Shanghai date.", "to")] = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            message = _("from:%(first)s 晚于 to:%(last)s。") % {
                "first": self.first,
                "last": self.last,
            }
            raise BadParameters([refusal("from", str(self.first), f"≤ {self.last}", message)])


_VILLAGE = "In this village, at one of its sites, or naming it as reached."
_NEAR_PLACE = "Near the site or the village with this code."
_WITHIN = "At most so many metres from `near`; 10,000 unless said."
_COUNTED = "true: with a number of people; false: without one."
_OVERDUE = "true: over, and recorded neither as held nor as cancelled; false: all others."


@dataclass(frozen=True)
class Events(Paging, Period):
    """Events, by when, where and what."""

    site: Annotated[str, Param(readers.CODE, "At this site.")] = ""
    village: Annotated[str, Param(readers.VILLAGE, _VILLAGE)] = ""
    troupe: Annotated[str, Param(readers.CODE, "By this troupe.")] = ""
    programme: Annotated[str, Param(readers.CODE, "Of this programme.")] = ""
    kind: Annotated[Words, Param(readers.some_of(EventKind), "Kinds, comma-separated.")] = ()
    campaign: Annotated[str, Param(readers.text(60), "Of this campaign; its full name.")] = ""
    status: Annotated[Words, Param(readers.some_of(Status), "Statuses, comma-separated.")] = ()
    series: Annotated[str, Param(readers.text(60), "Of this series; its full name.")] = ""
    audience: Annotated[Words, Param(readers.some_of(Audience), "Audiences, comma-separated.")] = ()
    language: Annotated[Words, Param(readers.some_of(Language), "In one of these, at least.")] = ()
    host: Annotated[str, Param(readers.CODE, "Hosted by this organ.")] = ""
    near: Annotated[str, Param(readers.CODE, _NEAR_PLACE)] = ""
    within: Annotated[float | None, Param(readers.number(1, 20_100_000), _WITHIN)] = None
    counted: Annotated[bool | None, Param(readers.YES_NO, _COUNTED)] = None
    overdue: Annotated[bool | None, Param(readers.YES_NO, _OVERDUE)] = None
    region: Region = ""

    def apply(self, events: EventQuerySet) -> EventQuerySet:
        """Those of the events that are asked for."""
        wanted = {
            "troupe": self.troupe,
            "programme": self.programme,
            "programme__kind__in": self.kind,
            "programme__series": self.series,
            "campaign": self.campaign,
            "status__in": self.status,
            "audience__in": self.audience,
            "programme__languages__overlap": list(self.language),
            "hosts": self.host,
        }
        events = events.between(self.first, self.last)
        events = events.filter(**{path: value for path, value in wanted.items() if value})
        if self.counted is not None:
            events = events.filter(attendance__isnull=not self.counted)
        if self.overdue is not None:
            late = events.is_overdue(clock.now())
            events = events.filter(late if self.overdue else ~late)
        if self.site:
            events = events.filter(_at(self.site))
        if self.village:
            events = events.in_village(self.village)
        if self.near:
            events = nearby.events_near(events, self.near, self.within)
        return events.within(self.region) if self.region else events


VIEWS = ("list", "day", "week", "month")


@dataclass(frozen=True)
class Agenda(Events):
    """The page of events: the same, and how they are laid out, around `from`."""

    view: Annotated[str, Param(readers.one_of(*VIEWS), "How they are laid out.")] = "list"
    place: Annotated[str, Param(readers.text(50), "The name of a place to be near.")] = ""


@dataclass(frozen=True)
class Coverage(OnDay):
    """The table of a standard by division."""

    by: Annotated[
        str, Param(readers.one_of("county", "township", "city"), "One row for each of these.")
    ] = "county"
    region: Region = ""


@dataclass(frozen=True)
class Board(OnDay):
    """The planner's page: a standard, an area, a day, and an earlier one to compare with."""

    standard: Annotated[str, Param(readers.CODE, "Code of a standard.")] = ""
    region: Region = ""
    since: Annotated[Day, Param(readers.DATE, "Compare with this earlier Shanghai date.")] = None

    def earlier(self, on: datetime.date) -> datetime.date | None:
        """The day to compare with. Raises BadParameters unless it is before `on`."""
        if self.since is None or self.since < on:
            return self.since
        message = _("since:%(since)s 应早于 %(on)s。") % {"since": self.since, "on": on}
        raise BadParameters([refusal("since", str(self.since), f"< {on}", message)])


@dataclass(frozen=True)
class Export(OnDay):
    """The board as a file."""

    standard: Annotated[str, Param(readers.CODE, "Code of a standard.")] = "active"
    region: Region = ""


@dataclass(frozen=True)
class Subjects(OnDay):
    """The subjects of a standard in one state, or with a doubtful verdict."""

    standard: Annotated[str, Param(readers.CODE, "Code of a standard.")] = "active"
    region: Region = ""
    state: Annotated[str, Param(readers.one_of(*State.values), "Only in this state.")] = ""
    met: Annotated[bool | None, Param(readers.YES_NO, "Only those that meet it, or do not.")] = None
    doubtful: Annotated[bool | None, Param(readers.YES_NO, "Only doubtful, or certain ones.")] = (
        None
    )


@dataclass(frozen=True)
class Gap(OnDay):
    """One subject's gap."""

    standard: Annotated[str, Param(readers.CODE, "Code of a standard.")] = "active"


@dataclass(frozen=True)
class WhatIf(Filter):
    """The page to try places on."""

    standard: Annotated[str, Param(readers.CODE, "Code of a standard.")] = ""
    scenario: Annotated[int | None, Param(readers.whole(1, 2**31 - 1), "A scenario's number.")] = (
        None
    )
    at: Annotated[str, Param(readers.CODE, "Begin with a place at this subject.")] = ""


@dataclass(frozen=True)
class Scenarios(Filter):
    """Kept scenarios; `compare` names those to be shown side by side."""

    compare: Annotated[
        tuple[int, ...], Param(readers.wholes(1, 2**31 - 1, 4), "Numbers, comma-separated.")
    ] = ()


@dataclass(frozen=True)
class Gaps(Paging, OnDay):
    """Who does not meet a standard."""

    region: Region = ""


@dataclass(frozen=True)
class Search(Filter):
    """What has a name, by whatever a person types of it."""

    q: Annotated[
        str,
        Param(readers.text(LONGEST_NAME), "A name, or a part of it, or its pinyin.", required=True),
    ]
    limit: Annotated[int, Param(readers.whole(1, 100), "Return at most so many.")] = 20


def _named(places: QuerySet, part: str) -> QuerySet:
    return places.filter(name__contains=part) if part else places


def _in_box(places: QuerySet, box: tuple[float, float, float, float] | None) -> QuerySet:
    return places.filter(location__intersects=Polygon.from_bbox(box)) if box else places


def _at(site: str) -> Q:
    """At this site, or at the village alone whose front it is.

    The village is looked up at once: with a subquery here, the database reads all events.
    """
    fronts = Site.objects.filter(code=site, kind=SiteKind.FRONT).exclude(village=None)
    village = fronts.values_list("village", flat=True).first()
    return Q(site=site) | Q(site=None, village=village) if village else Q(site=site)


def _held_lately(today: datetime.date) -> Q:
    """An event was held within 12 months at this site, or at the village whose front it is."""
    since = clock.months_before(today, 12) + datetime.timedelta(days=1)
    held = Event.objects.filter(status=Status.HELD).between(since, today)
    at_village = held.filter(site=None, village=OuterRef("village"))
    return Q(Exists(held.filter(site=OuterRef("pk")))) | Q(Exists(at_village), kind=SiteKind.FRONT)
