"""The times of one day: when each visit of a given order begins, and when the team is back.

Policy: be back as early as possible, and for that return leave as late as possible, since duty
counts from leaving; so the team waits at a door only where a later visit forces it to. Where the
duty is too long that way and a later window makes it shorter, the earliest return within the
limit is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from events.touring.problem import Problem, Span
from events.touring.result import Visit


@dataclass(frozen=True)
class Drive:
    """A team's day to be timed: the calls in order, between two places."""

    problem: Problem
    team: int
    day: int
    start: int
    calls: Sequence[int]
    end: int

    @property
    def shift(self) -> Span:
        """Earliest leaving and latest return; (0, 0) on a day off."""
        return self.problem.teams[self.team].shifts[self.day] or (0, 0)

    @property
    def max_duty(self) -> int | None:
        return self.problem.teams[self.team].max_duty

    @property
    def last_leg(self) -> int:
        """Minutes from the last visit (or the start) to the end."""
        last = self.problem.calls[self.calls[-1]].place if self.calls else self.start
        return self.problem.minutes_between(last, self.end)


@dataclass(frozen=True)
class Timed:
    """A day's times. `late` are (position, minutes after the last that fits), `closed` positions."""

    left_at: int
    visits: tuple[Visit, ...]
    back_at: int
    late: tuple[tuple[int, int], ...] = ()
    closed: tuple[int, ...] = ()

    @property
    def duty(self) -> int:
        """Minutes from leaving to return."""
        return self.back_at - self.left_at


def begin_in(spans: Sequence[Span], minutes: int, arrive: int) -> int | None:
    """The first minute from `arrive` on at which a visit fits a window; None where none is left."""
    for opens, closes in spans:
        begin = max(arrive, opens)
        if begin + minutes <= closes:
            return begin
    return None


def timed(drive: Drive) -> Timed:
    """The day's times under the policy above; visits that fit no window are begun on arrival."""
    ways = _ways(drive)
    best = next(ways)
    if drive.max_duty is None or best.late or best.closed:
        return best
    while best.duty > drive.max_duty:
        this = next(ways, None)
        if this is None or this.back_at > drive.shift[1]:
            return best
        best = min(best, this, key=lambda each: each.duty)
    return best


def overrun(drive: Drive) -> int | None:
    """How many minutes longer shift and duty must be for this day; None where that does not help."""
    least: int | None = None
    for way in _ways(drive):
        if way.late or way.closed:
            break
        over = way.back_at - drive.shift[1]
        if least is not None and over >= least:
            break
        duty = 0 if drive.max_duty is None else way.duty - drive.max_duty
        needed = max(over, duty, 0)
        least = needed if least is None else min(least, needed)
        if least <= max(over, 0):
            break
    return least


def in_time(drive: Drive) -> bool:
    """Whether the day keeps windows, shift, duty and the limit of the last leg."""
    limit = drive.problem.leg_limit(drive.team, drive.day, drive.end)
    return (limit is None or drive.last_leg <= limit) and overrun(drive) == 0


def _ways(drive: Drive) -> Iterator[Timed]:
    """Ever later returns: the earliest, then those that begin some visit in a later window.

    Between two of them duty is the same: moving a day without a change of windows keeps it.
    """
    way = _latest_leaving(drive, drive.shift[0])
    yield way
    while drive.calls and not way.late and not way.closed:
        slack = min(_room(drive, visit) for visit in way.visits)
        way = _latest_leaving(drive, way.left_at + slack + 1)
        if not way.late:
            yield way


def _room(drive: Drive, visit: Visit) -> int:
    """How much later the visit could begin in the same window."""
    for opens, closes in drive.problem.calls[visit.call].spans(drive.day):
        if opens <= visit.begin and visit.leave <= closes:
            return closes - visit.leave
    return 0


def _latest_leaving(drive: Drive, earliest: int) -> Timed:
    """Back as early as leaving at `earliest` allows, and leaving as late as keeps that."""
    rough = _forward(drive, earliest)
    spare = _spare(drive, rough)
    return rough if spare == 0 else _forward(drive, earliest + spare)


def _spare(drive: Drive, rough: Timed) -> int:
    """The most by which leaving can be later with the same return: waiting that can be saved."""
    if rough.late or rough.closed:
        return 0
    spare = 0
    for visit in reversed(rough.visits):
        spare = min(spare, _room(drive, visit)) + visit.begin - visit.arrive
    return spare


def _forward(drive: Drive, leave: int) -> Timed:
    problem = drive.problem
    visits, late, closed = [], [], []
    at, now = drive.start, leave
    for position, call in enumerate(drive.calls):
        each = problem.calls[call]
        arrive = now + problem.minutes_between(at, each.place)
        begin = begin_in(each.spans(drive.day), each.minutes, arrive)
        if begin is None:
            begin, last = arrive, _last_begin(each.spans(drive.day), each.minutes)
            if last is None:
                closed.append(position)
            else:
                late.append((position, arrive - last))
        now, at = begin + each.minutes, each.place
        visits.append(Visit(call, arrive, begin, now))
    back_at = now + problem.minutes_between(at, drive.end)
    return Timed(leave, tuple(visits), back_at, tuple(late), tuple(closed))


def _last_begin(spans: Sequence[Span], minutes: int) -> int | None:
    lasts = [closes - minutes for opens, closes in spans if closes - opens >= minutes]
    return max(lasts, default=None)
