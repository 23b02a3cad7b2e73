"""What cells hold: how each kind of value is read from a cell, and written to one.

Pure: no database. A parser gets what a CSV, XLSX or JSON cell holds, never a blank, and raises
BadValue; its message can follow the value: "351.2 不在 −180…180 之间".
"""

import datetime
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sites.clock import SHANGHAI

# Invisible characters that no name needs, and that XML or PostgreSQL refuse.
_NOISE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
_SEPARATORS = re.compile(r"[;,、|\s]+")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[Ee]\+(\d+)")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日?)")
_TIME = re.compile(r"(\d{1,2})(?::|时|点)(\d{1,2})分?(?::?(\d{1,2})(?:\.(\d{1,6}))?秒?)?")
_ZONE = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_YES = {"是", "有", "对", "yes", "y", "true", "1", "√", "✓"}
_NO = {"否", "无", "没有", "no", "n", "false", "0", "×"}
_YEARS = range(1900, 2201)
_SAFE_DIGITS = 10**15  # Excel keeps fifteen digits of a number


class BadValue(ValueError):
    """A cell does not hold such a value; the message says what would be right."""


@dataclass(frozen=True)
class Value:
    """A kind of value. `to_cell` writes it for people, `to_json` for programs; None is blank."""

    parse: Callable[[object], object]
    to_cell: Callable[[object], object] = lambda value: value
    to_json: Callable[[object], object] = lambda value: value


def is_blank(raw: object) -> bool:
    """Whether a cell says nothing: empty, only spaces or noise, an empty list."""
    if isinstance(raw, str):
        return not clean(raw)
    return raw is None or raw == []


def clean(text: str) -> str:
    """Text without noise: control characters, spaces around it, other newlines than LF."""
    return _NOISE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def has_noise(text: str) -> bool:
    """Whether text has control characters, which `clean` would drop."""
    return bool(_NOISE.search(text))


def squash(text: str) -> str:
    """Text as compared with a list of words: half-width, lower case, without any space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def half_width(raw: object) -> str:
    """A cell's text with full-width letters, digits and punctuation made half-width."""
    return unicodedata.normalize("NFKC", parse_text(raw)).strip()


def parse_text(raw: object) -> str:
    """A cell as text: whole floats without their .0, dates and times as ISO has them."""
    if isinstance(raw, str):
        return clean(raw)
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() else repr(raw)
    if isinstance(raw, datetime.datetime):
        return raw.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(raw, datetime.time):
        return raw.isoformat("minutes")
    if isinstance(raw, int | datetime.date):
        return str(raw)
    raise BadValue(_("应是一段文字"))


def parse_code(raw: object) -> str:
    """A code as text, also where Excel took it for a number, unless digits were lost."""
    if isinstance(raw, float | int) and abs(raw) >= _SAFE_DIGITS:
        raise _digits_lost()
    text = half_width(raw).lstrip("'")
    if match := _SCIENTIFIC.fullmatch(text):
        digits = match[1] + (match[2] or "")
        if len(digits) != int(match[3]) + 1:
            raise _digits_lost()
        return digits
    return text.partition(".")[0] if re.fullmatch(r"\d+\.0+", text) else text


def _digits_lost() -> BadValue:
    return BadValue(_("编号被当成数字,末几位已丢失;请把这一列设为文本格式,再填一次"))


def parse_codes(raw: object) -> list[str]:
    """Several codes: a list, or text with ; or , or spaces between them. Doubles count once."""
    return list(dict.fromkeys(parse_code(item) for item in items(raw)))


def items(raw: object) -> list[object]:
    """The elements of a cell with several: of a list, or of text with separators in it."""
    if isinstance(raw, list | tuple):
        return list(raw)
    if isinstance(raw, str):
        return [item for item in _SEPARATORS.split(half_width(raw)) if item]
    return [raw]


def parse_boolean(raw: object) -> bool:
    word = squash(parse_text(raw))
    if word in _YES | _NO:
        return word in _YES
    raise BadValue(_("应是“是”或“否”"))


def parse_number(raw: object) -> float:
    """A finite number; full-width digits and thousands commas are understood."""
    text = half_width(raw)
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        number = float(text.replace("−", "-"))
    except ValueError:
        number = math.nan
    if isinstance(raw, bool) or "_" in text or not math.isfinite(number):
        raise BadValue(_("不是数字"))
    return number


def parse_integer(raw: object) -> int:
    number = parse_number(raw)
    if not number.is_integer():
        raise BadValue(_("应是整数"))
    return int(number)


def parse_date(raw: object) -> datetime.date:
    """2024-03-01, 2024/3/1, 2024.3.1, 2024年3月1日, 20240301, or a date cell of Excel's."""
    text = raw.isoformat() if isinstance(raw, datetime.date) else half_width(raw)
    text = re.sub(r"[ T]00:00(:00)?$", "", text)
    if re.fullmatch(r"(19|20)\d{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    match = _DATE.fullmatch(text)
    if not match:
        raise BadValue(_("不是日期;写成 2024-03-01 这样,或把单元格设为日期格式"))
    return _day(match)


def _day(match: re.Match[str]) -> datetime.date:
    year, month, day = (int(part) for part in match.groups() if part)
    if year not in _YEARS:
        raise BadValue(_("年份不在 1900…2200 之间"))
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise BadValue(_("这一天不存在")) from error


def parse_moment(raw: object) -> datetime.datetime:
    """A date with its time of day; without a zone it is Shanghai's time."""
    text = raw.isoformat() if isinstance(raw, datetime.datetime) else half_width(raw)
    zone = _ZONE.search(text) if ":" in text else None
    plain = text[: zone.start()] if zone else text
    date = _DATE.match(plain)
    time = _TIME.fullmatch(plain[date.end() :].lstrip(" T")) if date else None
    if not date or not time:
        raise BadValue(_("不是日期加时间;写成 2024-03-01 09:00 这样"))
    day = _day(date)
    hour, minute, second = (int(part or 0) for part in time.groups()[:3])
    try:
        clock = datetime.time(hour, minute, second, int((time[4] or "").ljust(6, "0")))
    except ValueError as error:
        raise BadValue(_("这个时刻不存在")) from error
    return datetime.datetime.combine(day, clock, _tzinfo(zone))


def _tzinfo(zone: re.Match[str] | None) -> datetime.tzinfo:
    if not zone:
        return SHANGHAI
    if zone[0] == "Z":
        return datetime.UTC
    hours, minutes = int(zone[0][1:3]), int(zone[0][-2:])
    sign = -1 if zone[0][0] == "-" else 1
    try:
        return datetime.timezone(sign * datetime.timedelta(hours=hours, minutes=minutes))
    except ValueError as error:
        raise BadValue(_("时区不存在")) from error


def write_moment(value: object) -> str | None:
    """Shanghai's time without a zone, to the minute where that is all."""
    if not isinstance(value, datetime.datetime):
        return None
    local = value.astimezone(SHANGHAI).replace(tzinfo=None)
    whole = not (local.second or local.microsecond)
    return local.isoformat(" ", "minutes" if whole else "auto")


def _iso(value: object) -> str | None:
    if isinstance(value, datetime.datetime):
        return value.astimezone(SHANGHAI).isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else None


def _yes_or_no(value: object) -> str | None:
    return None if value is None else "是" if value else "否"


def joined(value: object) -> str:
    """Several words in one cell."""
    return ";".join(value) if isinstance(value, list) else ""


TEXT = Value(parse_text)
CODE = Value(parse_code)
CODES = Value(parse_codes, joined)
BOOLEAN = Value(parse_boolean, _yes_or_no)
INTEGER = Value(parse_integer)
NUMBER = Value(parse_number)
DATE = Value(parse_date, _iso, _iso)
MOMENT = Value(parse_moment, write_moment, _iso)
