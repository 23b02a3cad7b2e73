"""What every export of the board tells, asked once, of the queries that the page asks."""

import datetime
import math
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from mapui import context
from mapui.planner import planning
from mapui.problems import Missing
from sites import board, clock, freshness
from sites.board import Row, State
from sites.choices import Subject
from sites.coverage import Facts
from sites.models import Region, Site, Standard
from sites.sentences import distance, sentence


@dataclass(frozen=True)
class Line:
    """A division's row with its count of every state that the standard knows, in order."""

    row: Row
    states: dict[State, int]


@dataclass(frozen=True)
class Gap:
    """A subject that does not meet the standard, and why; metres are NaN where there is no place."""

    i: int
    code: str
    name: str
    township: str
    county: str
    state: State
    reason: str
    certain: bool
    metres: float
    error_m: float

    @property
    def place(self) -> str:
        """The county, and the township where there is one in it."""
        return self.county if self.township == self.county else f"{self.county} {self.township}"

    @property
    def distance(self) -> str:
        """How far the place that decides is, in words."""
        return "—" if math.isnan(self.metres) else distance(self.metres, self.error_m)


@dataclass(frozen=True)
class Gathered:
    """The board of a standard in a region ("" is everywhere) on a day."""

    standard: Standard
    on: datetime.date
    region: str
    area: str
    site_name: str
    demonstration: bool
    facts: Facts
    states: list[State]
    chosen: list[int]
    total: Line | None
    counties: list[Line]
    townships: list[Line]
    gaps: list[Gap]
    names: dict[str, str]
    site_names: dict[str, str]

    @property
    def sentence(self) -> str:
        """The standard in words."""
        return sentence(self.standard)

    @property
    def title(self) -> str:
        """The area, the standard's name."""
        return f"{self.area} · {self.standard.name}"

    @property
    def is_by_township(self) -> bool:
        """Within a region by township, but for a standard about counties; else by county."""
        return bool(self.region) and self.standard.subject != Subject.COUNTY

    @property
    def lines(self) -> list[Line]:
        """The rows that the page shows, the worst first."""
        shown = self.townships if self.is_by_township else self.counties
        return sorted(shown, key=lambda line: (line.row.share, line.row.code))

    @property
    def file_name(self) -> str:
        """A file's name without its ending."""
        words = {"area": self.area, "standard": self.standard.name, "on": self.on}
        return _("%(area)s覆盖情况_%(standard)s_%(on)s") % words


def gather(code: str, region: str, on: datetime.date) -> Gathered:
    """The board of a standard, by code, in the division whose code begins with `region`, on a day.

    Raises Missing for a standard that is not in effect that day, and for an unknown division.
    """
    standard = planning.in_effect(code, on)
    facts = freshness.facts(standard, on, clock.today())
    subjects = facts.subjects
    chosen = [i for i, each in enumerate(subjects.codes) if each.startswith(region)]
    states = board.states(facts)
    names = dict(
        Region.objects.filter(code__in={*subjects.townships, *subjects.counties})
        .order_by()
        .values_list("code", "name")
    )
    total = board.total(facts, region)
    return Gathered(
        standard=standard,
        on=on,
        region=region,
        area=_area(region),
        site_name=context.site_name(),
        demonstration=context.is_demonstration(),
        facts=facts,
        states=states,
        chosen=chosen,
        total=total and Line(total, board.state_counts(facts, region)),
        counties=_lines(facts, "county", region),
        townships=[] if standard.subject == Subject.COUNTY else _lines(facts, "township", region),
        gaps=[_gap(facts, i, states[i], names) for i in board.gaps(facts, region)],
        names=names,
        site_names=dict(
            Site.objects.filter(code__in={facts.nearest[i] for i in chosen} - {None})
            .order_by()
            .values_list("code", "name")
        ),
    )


def _area(region: str) -> str:
    """What a region is called; without one, the city."""
    names = Region.objects.filter(code=region or settings.CITY).values_list("name", flat=True)
    found = names.first()
    if found is None and region:
        raise Missing(_("没有代码为“%(code)s”的区划。") % {"code": region})
    return found or ""


def _lines(facts: Facts, by: str, region: str) -> list[Line]:
    rows = board.summary(facts, by, region)
    return [Line(row, board.state_counts(facts, row.code)) for row in rows]


def _gap(facts: Facts, i: int, state: State, names: dict[str, str]) -> Gap:
    subjects = facts.subjects
    return Gap(
        i=i,
        code=subjects.codes[i],
        name=subjects.names[i],
        township=names.get(subjects.townships[i], subjects.townships[i]),
        county=names.get(subjects.counties[i], subjects.counties[i]),
        state=state,
        reason=board.reason(facts, i),
        certain=bool(facts.certain[i]),
        metres=float(facts.metres[i]),
        error_m=float(subjects.located.errors[i]),
    )
