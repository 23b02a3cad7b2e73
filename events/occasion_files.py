"""The local calendar as files hold it: market days, 那达慕, closed roads, the hours of a hall."""

import datetime
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from events.choices import OccasionKind
from events.models import Occasion
from sites.importing.columns import Kind, column
from sites.importing.drafts import Draft
from sites.importing.identity import give_codes, used_codes
from sites.importing.kinds import provenance
from sites.importing.values import (
    BadValue,
    Value,
    half_width,
    items,
    joined,
    parse_integer,
    parse_text,
)

PREFIX = "D-"  # what the codes begin with that we make
KINDS_OF_DAYS = {
    "关闭": "closed",
    "封闭": "closed",
    "开放时间": "hours",
    "集市": "market",
    "赶集": "market",
    "那达慕": "festival",
    "节庆": "festival",
    "节日": "festival",
}
WEEKDAYS = {name: number for number, name in enumerate("一二三四五六日", 1)} | {"天": 7}
SAME = ("name", "kind", "region", "village", "first")  # what tells lines without codes apart


def _time(raw: object) -> datetime.time:
    """08:30, 8:30:00, or a time cell of Excel's."""
    if isinstance(raw, datetime.datetime):
        return raw.time()
    if isinstance(raw, datetime.time):
        return raw
    try:
        hour, minute, *_seconds = half_width(raw).split(":")
        return datetime.time(int(hour), int(minute))
    except ValueError as error:
        raise BadValue(_("应是时间,如 08:30")) from error


def _days(low: int, high: int, names: dict[str, int]) -> Callable[[object], list[int]]:
    def parse(raw: object) -> list[int]:
        found = [_day(item, low, high, names) for item in items(raw)]
        return sorted(set(found))

    return parse


def _day(item: object, low: int, high: int, names: dict[str, int]) -> int:
    word = parse_text(item).removeprefix("星期").removeprefix("周").removesuffix("日" * (high > 7))
    day = names.get(word) or parse_integer(word)
    if not low <= day <= high:
        raise BadValue(_("应是 %(low)d 到 %(high)d,可写几个") % {"low": low, "high": high})
    return day


def _listed(days: object) -> str:
    return joined([str(day) for day in days]) if isinstance(days, list) else ""


TIME = Value(
    _time,
    lambda value: value and f"{value:%H:%M}",
    lambda value: value and f"{value:%H:%M}",
)


def identify(drafts: Sequence[Draft]) -> None:
    """Without a code, the same name, kind, place and first day are the same line; else a new one."""
    wanting = [draft for draft in drafts if not draft.values.get("code")]
    names = {draft.values.get("name") for draft in wanting}
    stored = Occasion.objects.filter(name__in=names).order_by("-code")
    rows = stored.values_list(*SAME, "code")
    codes = {tuple(_plain(value) for value in row[:-1]): row[-1] for row in rows}
    first: dict[tuple, Draft] = {}
    new = []
    for draft in wanting:
        key = tuple(_plain(draft.values.get(name)) for name in SAME)
        if other := first.get(key):
            message = _("与%(place)s的名称、含义、地方和第一天都相同")
            draft.refuse("name", message % {"place": other.place_seen_from(draft)})
        elif key in codes:
            draft.values["code"] = codes[key]
        else:
            new.append((draft, PREFIX))
        first.setdefault(key, draft)
    give_codes(Occasion, new, used_codes(drafts))


def _plain(value: object) -> object:
    return value or None


def finish(draft: Draft) -> None:
    """A line has one place, days in order, and hours where it speaks of hours."""
    line = draft.record
    if bool(line.region_id) == bool(line.village_id):
        draft.refuse("village", _("请填一个区划,或者一个村(社区),只填一项"))
    if line.last < line.first:
        draft.refuse("last", _("不应早于开始日期"))
    if (line.opens is None) is not (line.closes is None):
        draft.refuse("closes", _("时间要填就填起止两项"))
    elif line.opens and line.closes <= line.opens:
        draft.refuse("closes", _("应晚于开始时间"))
    elif line.kind == OccasionKind.HOURS and not line.opens:
        draft.refuse("opens", _("“只在这些时间”要填几点起、到几点"))


OCCASIONS = Kind(
    "occasions",
    "occasion",
    Occasion,
    (
        column(Occasion, "code", "编号", "日历编号", required=False),
        column(Occasion, "name", "名称"),
        column(Occasion, "kind", "含义", "类型", synonyms=KINDS_OF_DAYS),
        column(Occasion, "region", "区划代码", "整个区划"),
        column(Occasion, "village", "村代码"),
        column(Occasion, "first", "从", "开始日期"),
        column(Occasion, "last", "到", "结束日期"),
        column(Occasion, "yearly", "每年"),
        column(Occasion, "weekdays", "星期", value=Value(_days(1, 7, WEEKDAYS), _listed)),
        column(Occasion, "month_days", "每月几日", value=Value(_days(1, 31, {}), _listed)),
        column(Occasion, "opens", "几点起", value=TIME),
        column(Occasion, "closes", "到几点", value=TIME),
        *provenance(Occasion),
    ),
    identify=identify,
    finish=finish,
    places=lambda lines: [(line.region_id or line.village_id or "",) for line in lines],
)
