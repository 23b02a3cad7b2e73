"""What planning answers with. Numbers only: sentences for people are made where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Visit:
    """A call kept: arrive, wait until `begin`, leave at `begin` plus the call's minutes."""

    call: int
    arrive: int
    begin: int
    leave: int


@dataclass(frozen=True)
class Day:
    """A team's day: from the place `start` to the place `end`, reached at `back_at`.

    `left_at` is the minute of leaving `start`; duty is `back_at - left_at`.
    """

    team: int
    day: int
    start: int
    visits: tuple[Visit, ...]
    end: int
    back_at: int
    left_at: int = 0

    @property
    def duty(self) -> int:
        """Minutes from leaving to return."""
        return self.back_at - self.left_at


@dataclass(frozen=True)
class Detail:
    """The numbers behind a reason, a broken rule or a change; None where one does not apply.

    `minutes` is what is needed (or missing, or over), `limit` what there is; `calls` are other
    calls concerned, `value` what they are worth; `place` is a bed or home.
    """

    team: int | None = None
    day: int | None = None
    minutes: int | None = None
    limit: int | None = None
    place: int | None = None
    calls: tuple[int, ...] = ()
    value: float | None = None
    position: int | None = None


@dataclass(frozen=True)
class Reason:
    """Why a call is left out.

    `not_allowed`: no team that works may make it. `closed`: on no working day of such a team is a
    window long enough. `out_of_reach`: not even alone in a day from the best place (`place`:
    `minutes` of duty needed where `limit` are to be had). `no_gain`: what it serves is served by
    `calls` already. `no_time`: the cheapest insertion, on `team`'s `day` at `position`, needs
    `minutes` more than that day has (`limit` are to spare now); dropping `calls` would do instead.
    `worth_less`: no longer day helps; it fits only if `calls`, worth `value`, are dropped.
    `other_nights`: with the plan's nights not even an empty day holds it, with others `team`'s
    `day` would; `place` is the bed or home nearest to it, `minutes` away.
    `excluded_by_must`: it and the musts in `calls` exclude each other.
    """

    code: str
    detail: Detail


@dataclass(frozen=True)
class Plan:
    """Days of all teams (idle ones too), why calls are left out, and what the visits are worth."""

    days: tuple[Day, ...]
    left_out: Mapping[int, Reason] = field(default_factory=dict)
    value: float = 0

    @property
    def visited(self) -> tuple[int, ...]:
        """The calls that are made, by team, day and order."""
        return tuple(visit.call for day in self.days for visit in day.visits)

    def __str__(self) -> str:
        return f"{len(self.visited)} visits worth {self.value:g}, {len(self.left_out)} left out"


@dataclass(frozen=True)
class Broken:
    """A rule that a hand-made plan breaks.

    `closed`: no window that day. `late`: begun `detail.minutes` after the last minute that fits.
    `over_shift`, `over_duty`: by `detail.minutes` over `detail.limit`. `bed_too_far`: the last leg
    takes `detail.minutes`, `detail.limit` are allowed. `not_a_bed`: `detail.place`. `other_bed`,
    `not_home`: the night, or the end of the tour, is to be at `detail.place`. `team_not_allowed`, `twice`, `day_off`, `must_missing`.
    """

    code: str
    team: int | None
    day: int | None
    call: int | None
    detail: Detail = Detail()


@dataclass(frozen=True)
class Replay:
    """The times of a hand-made plan, and the rules that it breaks (none: it can be driven)."""

    plan: Plan
    broken: tuple[Broken, ...]


@dataclass(frozen=True)
class Change:
    """A change that lets a call in.

    `none`: it fits as things are. `other_bed`: `team` sleeps at `place` after `day`.
    `longer_day`: `team`'s `day` is `minutes` longer. `bed_limit`: the way to the bed may take
    `minutes`. `other_day`: the call is open on `day`. `other_team`: `team` may make it.
    `drop`: `calls`, worth `value`, are dropped. `impossible`: none of these.
    """

    code: str
    detail: Detail = Detail()
