"""What a leader asks of a tour beyond days and teams, checked; every fault is named by its path."""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from django.utils.translation import gettext as _

from events.errors import RulesError
from events.worth import Weights

Minutes = tuple[int, int]
DAY = 24 * 60
MOST_POINTS = 10_000
MOST = 400  # villages in a list of musts or of exclusions
# Yuan: what the form starts with; an office writes its own.
FUEL, LODGING, ALLOWANCE = 90, 120, 100


@dataclass(frozen=True)
class Rules:
    """What holds for a tour. Minutes are of the day's own clock, 0 = midnight.

    Teams are numbered as the tour's days show them, from 1.
    `hours`: by team and day, where they differ from the team's own; None is a day off.
    `declined`: villages that cannot receive anybody this time, with what they said.
    `reserve`: days on which nobody works, kept for bad weather. `keep_off`: villages by team.
    `max_to_bed`: longest way to a bed away from home. `slack`: added to every leg.
    `bilingual`: who asks for Mongolian gets a team that speaks it. `indoors`: only halls.
    Costs: yuan per 100 km, per bed and night, per person and day.
    """

    standard: str = "active"
    weights: Weights = field(default_factory=Weights)
    quotas: Mapping[str, int] = field(default_factory=dict)
    hours: Mapping[int, Mapping[datetime.date, Minutes | None]] = field(default_factory=dict)
    max_duty: int | None = 660
    slack: int = 10
    lunch: Minutes | None = (720, 780)
    daylight: bool = True
    max_to_bed: int | None = 90
    reserve: tuple[datetime.date, ...] = ()
    must: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    declined: Mapping[str, str] = field(default_factory=dict)
    keep_off: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    bilingual: bool = True
    indoors: bool = False
    seed: int = 1
    fuel_yuan: int = FUEL
    lodging_yuan: int = LODGING
    allowance_yuan: int = ALLOWANCE

    def to_json(self) -> dict[str, Any]:
        """As stored: clock times as "08:30", days as 2026-12-07."""
        return {
            **asdict(self),
            "hours": {
                str(team): {day.isoformat(): _span_text(span) for day, span in days.items()}
                for team, days in self.hours.items()
            },
            "lunch": _span_text(self.lunch),
            "reserve": [day.isoformat() for day in self.reserve],
            "keep_off": {str(team): list(codes) for team, codes in self.keep_off.items()},
            "must": list(self.must),
            "exclude": list(self.exclude),
            "quotas": dict(self.quotas),
            "declined": dict(self.declined),
        }


def moved(asked: Rules, by: datetime.timedelta) -> Rules:
    """The same rules for a tour that begins earlier or later: what is said of days moves along."""
    hours = {
        team: {day + by: span for day, span in days.items()} for team, days in asked.hours.items()
    }
    return replace(asked, hours=hours, reserve=tuple(day + by for day in asked.reserve))


def read(data: Mapping[str, Any]) -> Rules:
    """Rules from JSON, as a body or the database holds them.

    Raises RulesError with every fault: an unknown name, a value of the wrong kind or size.
    """
    if not isinstance(data, Mapping):
        raise RulesError([("rules", _("rules:应是一个对象。"))])
    problems: list[tuple[str, str]] = []
    known = {each.name for each in fields(Rules)}
    problems += [(name, _("%(name)s:没有这一项。") % {"name": name}) for name in set(data) - known]
    values = {}
    for name in known & set(data):
        try:
            values[name] = READERS[name](data[name])
        except (TypeError, ValueError, AttributeError) as wrong:
            said = str(wrong) if type(wrong) is _Wrong else _("写法不对")
            problems.append((name, _("%(name)s:%(wrong)s。") % {"name": name, "wrong": said}))
    if not problems and (both := set(values.get("must", ())) & set(values.get("exclude", ()))):
        sentence = _("%(villages)s 既要必去又要不去,请只留一项。")
        problems.append(("must", sentence % {"villages": _("、").join(sorted(both))}))
    if problems:
        raise RulesError(sorted(problems))
    return Rules(**values)


class _Wrong(ValueError):
    """A sentence of ours about a value."""


def clock(text: str) -> int:
    """Minutes of the day from "08:30". Raises ValueError for what is no time."""
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)(:[0-5]\d)?", str(text), re.ASCII)
    value = int(found[1]) * 60 + int(found[2]) if found else -1
    if not 0 <= value <= DAY:
        raise _Wrong(_("“%(text)s”不是时间,应像 08:30") % {"text": str(text)[:20]})
    return value


def clock_text(minutes: int) -> str:
    """ "08:30" from minutes of the day."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _span_text(span: Minutes | None) -> list[str] | None:
    return span and [clock_text(span[0]), clock_text(span[1])]


def _span(value: Any) -> Minutes | None:
    if value is None:
        return None
    if not (isinstance(value, list | tuple) and [type(text) for text in value] == [str, str]):
        raise _Wrong(_('应是两个时间,如 ["08:00", "18:00"],或 null'))
    first, last = (clock(text) for text in value)
    if last <= first:
        raise _Wrong(
            _("%(last)s 应晚于 %(first)s") % {"last": clock_text(last), "first": clock_text(first)}
        )
    return first, last


def _whole(low: int, high: int, *, none: bool = False) -> Callable[[Any], int | None]:
    def read_it(value: Any) -> int | None:
        if value is None and none:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise _Wrong(_("应是 %(low)d 到 %(high)d 的整数") % {"low": low, "high": high})
        return value

    return read_it


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(_("应是 true 或 false"))
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or re.search("[\0\ud800-\udfff]", value):
        raise _Wrong(_("应是文字"))
    return value


def _codes(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(code, str) for code in value):
        raise _Wrong(_("应是村代码的列表"))
    if len(value) > MOST:
        raise _Wrong(_("最多 %(most)d 个村") % {"most": MOST})
    return tuple(dict.fromkeys(_text(code) for code in value))


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise _Wrong(_("应是一个列表"))
    if len(value) > MOST:
        raise _Wrong(_("最多 %(most)d 项") % {"most": MOST})
    return list(value)


def _named(value: Any) -> list[tuple[Any, Any]]:
    if not isinstance(value, Mapping):
        raise _Wrong(_("应是一个对象"))
    if len(value) > MOST:
        raise _Wrong(_("最多 %(most)d 项") % {"most": MOST})
    return list(value.items())


def _team(value: Any) -> int:
    if not re.fullmatch("[1-9][0-9]?", str(value)):
        raise _Wrong(_("“%(text)s”不是队号,应是 1、2 ……") % {"text": str(value)[:20]})
    return int(value)


def _day(value: Any) -> datetime.date:
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _Wrong(_("“%(text)s”不是日期,应像 2026-12-07") % {"text": value}) from error


def _weights(value: Any) -> Weights:
    known = {each.name for each in fields(Weights)}
    _named(value)
    if unknown := set(value) - known:
        raise _Wrong(_("没有 %(names)s 这一项") % {"names": _("、").join(sorted(unknown))})
    if any(
        type(number) not in (int, float) or not 0 <= number <= MOST_POINTS
        for number in value.values()
    ):
        raise _Wrong(_("每一项应是 0 到 %(most)d 的数") % {"most": MOST_POINTS})
    return Weights(**value)


READERS: dict[str, Callable[[Any], Any]] = {
    "standard": _text,
    "weights": _weights,
    "quotas": lambda value: {_text(code): _whole(0, 10_000)(n) for code, n in _named(value)},
    "hours": lambda value: {
        _team(team): {_day(day): _span(span) for day, span in _named(days)}
        for team, days in _named(value)
    },
    "max_duty": _whole(30, DAY, none=True),
    "slack": _whole(0, 240),
    "lunch": _span,
    "daylight": _yes_no,
    "max_to_bed": _whole(0, DAY, none=True),
    "reserve": lambda value: tuple(sorted({_day(day) for day in _listed(value)})),
    "must": _codes,
    "exclude": _codes,
    "declined": lambda value: {_text(code): _text(note)[:300] for code, note in _named(value)},
    "keep_off": lambda value: {_team(team): _codes(codes) for team, codes in _named(value)},
    "bilingual": _yes_no,
    "indoors": _yes_no,
    "seed": _whole(0, 2**31 - 1),
    "fuel_yuan": _whole(0, 10_000),
    "lodging_yuan": _whole(0, 10_000),
    "allowance_yuan": _whole(0, 10_000),
}
