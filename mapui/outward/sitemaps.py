"""What search engines may look at: robots.txt, and every public page with its last change."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from events.models import Event
from mapui.outward.addresses import Absolute
from sites import clock
from sites.models import Site, Village

Entry = tuple[str, datetime.datetime | None]  # an address, and when it last changed

MOST = 50_000  # addresses of one sitemap, by the protocol
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
# For people at work, for programs, or without an end: calendars can be turned for ever.
CLOSED = (
    "/admin/",
    "/api/",
    "/tours/",
    "/import/",
    "/language/",
    "/display/",
    "/events/?",
    "/*/say/",
)
INTERNAL = ("/coverage/", "/reports/")  # closed too where coverage is internal
WORKING = ("/coverage/what-if/", "/coverage/scenarios/", "/coverage/work/", "/coverage/export/")


@dataclass(frozen=True)
class Kind:
    """Records whose pages are listed; `page` is the name of their address."""

    page: str
    records: QuerySet

    def sheets(self) -> int:
        """How many sitemaps they fill."""
        return -(-self.records.count() // MOST)

    def changed(self) -> datetime.datetime | None:
        """When one of them was last changed."""
        history = self._history().order_by("-pgh_id")
        return history.values_list("pgh_created_at", flat=True).first()

    def entries(self, number: int, absolute: Absolute) -> list[Entry]:
        """The addresses of the sitemap with this number from 1, in two queries."""
        part = self.records.order_by("pk")[(number - 1) * MOST : number * MOST]
        codes = list(part.values_list("pk", flat=True))
        if not codes:
            return []
        changes = self._history().filter(pgh_obj__gte=codes[0], pgh_obj__lte=codes[-1])
        last = dict(changes.values_list("pgh_obj_id").annotate(Max("pgh_created_at")).order_by())
        return [(absolute(reverse(self.page, args=[code])), last.get(code)) for code in codes]

    def _history(self) -> QuerySet:
        return self.records.model._meta.get_field("history").related_model.objects


def kinds(today: datetime.date) -> dict[str, Kind]:
    """What is listed, by name: places that are not closed, all villages, all events."""
    open_sites = Site.objects.filter(Q(closed_on=None) | Q(closed_on__gt=today))
    return {
        "sites": Kind("site", open_sites),
        "villages": Kind("village", Village.objects.all()),
        "events": Kind("event", Event.objects.all()),
    }


def pages(absolute: Absolute) -> list[Entry]:
    """The pages that are there whatever the records are."""
    names = [
        "home",
        "events",
        "services",
        "ask",
        "data",
        *(["coverage", "report"] if settings.COVERAGE_PUBLIC else []),
    ]
    return [(absolute(reverse(name)), None) for name in names]


def index(today: datetime.date, absolute: Absolute) -> str:
    """The list of all sitemaps."""
    found: list[Entry] = [(absolute(reverse("sitemap", args=["pages", 1])), None)]
    for name, kind in kinds(today).items():
        changed = kind.changed()
        numbers = range(1, kind.sheets() + 1)
        found += [(absolute(reverse("sitemap", args=[name, n])), changed) for n in numbers]
    return _document("sitemapindex", "sitemap", found)


def sheet(entries: Iterable[Entry]) -> str:
    """One sitemap."""
    return _document("urlset", "url", entries)


def _document(root: str, item: str, entries: Iterable[Entry]) -> str:
    lines = "\n".join(
        f"<{item}><loc>{escape(address)}</loc>{_last(changed)}</{item}>"
        for address, changed in entries
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}\n<{root} xmlns="{XMLNS}">\n{lines}\n</{root}>\n'


def _last(changed: datetime.datetime | None) -> str:
    if changed is None:
        return ""
    return f"<lastmod>{changed.astimezone(clock.SHANGHAI).isoformat(timespec='seconds')}</lastmod>"


def robots(absolute: Absolute) -> str:
    """robots.txt: all may read what is public, and learn where all of it is listed."""
    closed = (*CLOSED, *(WORKING if settings.COVERAGE_PUBLIC else INTERNAL))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return "\n".join([*lines, f"Sitemap: {absolute(reverse('sitemaps'))}", ""])
