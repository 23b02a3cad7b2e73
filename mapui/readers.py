"""Texts of a query string → values. Each reader says what it allows, to people and to OpenAPI."""

import datetime
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Also `[0-9]`, not `\d`: digits of other scripts are no numbers here.
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNSEEN = {"Cc", "Cs"}  # control characters (NUL among them) and halves of a character
_YEARS = range(1900, 2200)  # beyond, month arithmetic and time zones leave what Python can count


@dataclass(frozen=True)
class Reader:
    """`read` turns a text into a value or raises ValueError, whose message is for the user."""

    read: Callable[[str], Any]
    allowed: str | Promise | list[str]
    schema: dict[str, Any]
    many: bool = False


def one_of(*choices: str) -> Reader:
    """One of these words."""
    return Reader(lambda text: _choice(text.strip(), choices), list(choices), _enum(choices))


def some_of(choices: type[models.TextChoices]) -> Reader:
    """A tuple of some of the choices, from a comma-separated list."""
    values = choices.values
    schema = {"type": "array", "items": _enum(values)}
    return Reader(
        lambda text: tuple(_choice(word.strip(), values) for word in text.split(",")),
        list(values),
        schema,
        many=True,
    )


def _enum(values: tuple[str, ...] | list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _choice(word: str, choices: tuple[str, ...] | list[str]) -> str:
    if word not in choices:
        raise _wrong(word, _("其中之一:%(choices)s") % {"choices": _("、").join(choices)})
    return word


def text(longest: int) -> Reader:
    """A short text without control characters."""
    allowed = format_lazy(gettext_lazy("不超过 {longest} 个字"), longest=longest)

    def read(given: str) -> str:
        given = given.strip()
        if len(given) > longest or any(unicodedata.category(c) in _UNSEEN for c in given):
            raise _wrong(given, allowed)
        return given

    return Reader(read, allowed, {"type": "string", "maxLength": longest})


def matching(pattern: str, allowed: str | Promise) -> Reader:
    """A text of a given form."""

    def read(given: str) -> str:
        given = given.strip()
        if not re.fullmatch(pattern, given):
            raise _wrong(given, allowed)
        return given

    return Reader(read, allowed, {"type": "string", "pattern": f"^{pattern}$"})


def whole(low: int, high: int) -> Reader:
    """A whole number in low … high."""
    allowed = format_lazy(gettext_lazy("{low} 到 {high} 的整数"), low=low, high=high)

    def read(given: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", given.strip()) or not low <= int(given) <= high:
            raise _wrong(given, allowed)
        return int(given)

    return Reader(read, allowed, {"type": "integer", "minimum": low, "maximum": high})


def wholes(low: int, high: int, most: int) -> Reader:
    """A tuple of at most so many whole numbers in low … high, from a comma-separated list."""
    return several(whole(low, high), most)


def several(one: Reader, most: int) -> Reader:
    """A tuple of at most so many of what another reader reads, from a comma-separated list."""
    allowed = format_lazy(gettext_lazy("最多 {most} 个,用逗号隔开"), most=most)

    def read(given: str) -> tuple[Any, ...]:
        words = given.split(",")
        if len(words) > most:
            raise _wrong(given, allowed)
        return tuple(one.read(word) for word in words)

    return Reader(
        read, allowed, {"type": "array", "items": one.schema, "maxItems": most}, many=True
    )


def number(low: float, high: float) -> Reader:
    """A number in low … high."""
    allowed = format_lazy(gettext_lazy("{low} 到 {high} 的数"), low=low, high=high)

    def read(given: str) -> float:
        (value,) = _numbers(given, 1, allowed)
        if not low <= value <= high:
            raise _wrong(given, allowed)
        return value

    return Reader(read, allowed, {"type": "number", "minimum": low, "maximum": high})


def _wrong(given: str, allowed: str | Promise) -> ValueError:
    shown = given if len(given) <= 60 else f"{given[:60]}…"
    return ValueError(_("“%(given)s”不对,应是%(allowed)s。") % {"given": shown, "allowed": allowed})


def _numbers(given: str, count: int, allowed: str | Promise) -> list[float]:
    """Exactly so many finite numbers, separated by commas."""
    parts = [part.strip() for part in given.split(",")]
    values = [float(part) for part in parts if _NUMBER.fullmatch(part)]
    if len(values) != len(parts) or len(values) != count or not all(map(math.isfinite, values)):
        raise _wrong(given, allowed)
    return values


def _point(given: str) -> tuple[float, float]:
    lon, lat = _numbers(given, 2, POINT.allowed)
    _in_range(lon, lat)
    return lon, lat


def _box(given: str) -> tuple[float, float, float, float]:
    west, south, east, north = _numbers(given, 4, BOX.allowed)
    _in_range(west, south)
    _in_range(east, north)
    if west > east or south > north:
        raise ValueError(_("西应不大于东,南应不大于北。"))
    return west, south, east, north


def _in_range(lon: float, lat: float) -> None:
    if abs(lon) > 180 or abs(lat) > 90:
        raise ValueError(
            _("经度 %(lon)s、纬度 %(lat)s 超出范围:经度 −180…180,纬度 −90…90,经度在前。")
            % {"lon": lon, "lat": lat}
        )


def _date(given: str) -> datetime.date:
    given = given.strip()
    if not _DATE.fullmatch(given):
        raise _wrong(given, DATE.allowed)
    try:
        day = datetime.date.fromisoformat(given)
    except ValueError:
        raise ValueError(_("没有 %(day)s 这一天。") % {"day": given}) from None
    if day.year not in _YEARS:
        raise ValueError(_("年份应在 1900 到 2199 之间。"))
    return day


_WORDS = {"true": True, "1": True, "false": False, "0": False}

YES_NO = Reader(
    lambda given: _WORDS[_choice(given.strip().lower(), list(_WORDS))],
    ["true", "false"],
    {"type": "boolean"},
)
DATE = Reader(_date, gettext_lazy("日期,如 2026-12-04"), {"type": "string", "format": "date"})
POINT = Reader(
    _point,
    gettext_lazy("“经度,纬度”,如 109.84,40.65"),
    {"type": "string", "examples": ["109.84,40.65"]},
)
BOX = Reader(
    _box,
    gettext_lazy("“西,南,东,北”四个数,如 109.2,40.2,111.5,42.7"),
    {"type": "string", "examples": ["109.2,40.2,111.5,42.7"]},
)
DIGITS = matching("[0-9]{2,12}", gettext_lazy("区划代码的前 2 到 12 位数字"))
VILLAGE = matching("[0-9]{12}", gettext_lazy("12 位村代码"))
CODE = matching("[A-Za-z0-9][A-Za-z0-9_-]{0,29}", gettext_lazy("编号(字母、数字、- 和 _)"))
