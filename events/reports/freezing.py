"""Reports as they were told once: to JSON with a checksum, and back without a difference."""

import dataclasses
import datetime
import hashlib
import json
from typing import Any

from events.reports.cells import Period
from events.reports.kept import FrozenReport
from events.reports.places import Place
from events.reports.report import Figure, Report, Row, Section, Typed
from sites import access


def freeze(report: Report, author: access.User, now: datetime.datetime) -> FrozenReport:
    """Store a report with its author, its moment and the checksum of all three."""
    document = _plain(
        {
            "report": dataclasses.asdict(report),
            "author": author.get_full_name() or author.get_username(),
            "frozen_at": now.isoformat(),
        }
    )
    return FrozenReport.objects.create(
        document=document, checksum=checksum(document), author=author, frozen_at=now
    )


def checksum(document: Any) -> str:
    """SHA-256, in hexadecimal, of canonical JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_unchanged(frozen: FrozenReport) -> bool:
    """Whether what is stored is what was frozen."""
    return checksum(frozen.document) == frozen.checksum


def thawed(document: dict[str, Any]) -> Report:
    """The report of a frozen document. Raises KeyError, TypeError or ValueError for a broken one."""
    told = document["report"]
    read = {
        "period": _period(told["period"]),
        "against": _period(told["against"]),
        "as_of": datetime.date.fromisoformat(told["as_of"]),
        "against_as_of": datetime.date.fromisoformat(told["against_as_of"]),
        "sections": tuple(
            Section(each["title"], _figures(each), each["note"]) for each in told["sections"]
        ),
        "counties": _rows(told["counties"]),
        "organs": _rows(told["organs"]),
        "typed": tuple(
            Typed(**{**each, "period": _period(each["period"])}) for each in told["typed"]
        ),
        "places": tuple(Place(**each) for each in told.get("places", ())),  # older ones have none
    }
    return Report(**{**told, **read})


def _period(told: dict[str, str]) -> Period:
    return Period(*(datetime.date.fromisoformat(told[name]) for name in ("first", "last")))


def _figures(told: dict[str, Any]) -> tuple[Figure, ...]:
    return tuple(Figure(**each) for each in told["figures"])


def _rows(told: list[dict[str, Any]]) -> tuple[Row, ...]:
    return tuple(Row(**{**each, "figures": _figures(each)}) for each in told)


def _plain(value: object) -> Any:
    """As JSON gives it back: dates are texts, tuples are lists."""
    return json.loads(json.dumps(value, default=str))
