"""Sites, villages and events as schema.org has them, for search engines: JSON-LD."""

import re
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from events.choices import Status
from events.models import Event
from mapui.outward.addresses import Absolute
from sites import clock
from sites.choices import EventKind, Facility, SiteKind, Source
from sites.models import Region, Site, Village

Linked = dict[str, Any]

CONTEXT = "https://schema.org"
SITE_TYPES = {
    SiteKind.SQUARE: "CivicStructure",
    SiteKind.PARK: "Park",
    SiteKind.CORRIDOR: "CivicStructure",
    SiteKind.BASE: "CivicStructure",
    SiteKind.HALL: "EventVenue",
    SiteKind.FRONT: "CivicStructure",
    SiteKind.SERVICE: "GovernmentOffice",
}
EVENT_TYPES = {EventKind.LECTURE: "EducationEvent", EventKind.CASE_LECTURE: "EducationEvent"}
# Free text that says one span for the same days of every week.
DAYS = {"": "Mo-Su", "每天": "Mo-Su", "每日": "Mo-Su", "工作日": "Mo-Fr", "周一至周五": "Mo-Fr"}
CLOCK = "([01]?[0-9]|2[0-3])[:：]([0-5][0-9])"
HOURS = re.compile(rf"(\D*?) *{CLOCK} *[-–—~至到] *{CLOCK}")


def described(record: Site | Village | Event) -> str:
    """A sentence for those who find the page elsewhere."""
    if isinstance(record, Event):
        return _event_sentence(record)
    if isinstance(record, Village):
        words = {"name": record.name, "county": record.township.parent.name}
        return _("%(county)s%(name)s:附近的法治阵地,近期和办过的普法活动。") % words
    words = {"name": record.name, "county": record.county.name, "kind": record.get_kind_display()}
    sentence = _("%(county)s的法治%(kind)s“%(name)s”:在哪里、怎么去、有什么设施,近期和办过的活动。")
    return _demonstrated(record, sentence % words)


def _event_sentence(event: Event) -> str:
    words = {
        "when": when(event),
        "where": where(event),
        "kind": event.programme.get_kind_display(),
        "name": event.programme.name,
    }
    if event.status == Status.CANCELLED:
        return _("已取消:%(when)s,%(where)s,%(kind)s“%(name)s”。") % words
    sentence = _("%(when)s,%(where)s,%(kind)s“%(name)s”,免费参加。")
    return _demonstrated(event, sentence % words)


def _demonstrated(record: Site | Event, sentence: str) -> str:
    if record.source != Source.DEMONSTRATION:
        return sentence
    return _("%(sentence)s(演示数据)") % {"sentence": sentence}


def when(event: Event) -> str:
    """The Shanghai day and time of the beginning."""
    start = timezone.localtime(event.starts_at, clock.SHANGHAI)
    return f"{date_format(start, _('Y年n月j日 l'))} {start:%H:%M}"


def where(event: Event) -> str:
    """The place of an event and its county."""
    if event.site:
        return f"{event.site.name}({event.site.county.name})"
    return f"{event.village.name}({event.village.township.parent.name})"


def linked(record: Site | Village | Event, absolute: Absolute) -> Linked:
    """The record as schema.org has it."""
    made = event(record, absolute) if isinstance(record, Event) else place(record, absolute)
    return {"@context": CONTEXT, **made}


def place(record: Site | Village, absolute: Absolute) -> Linked:
    """A Place: what it is called, where it is, what there is."""
    is_site = isinstance(record, Site)
    page = reverse("site" if is_site else "village", args=[record.pk])
    made: Linked = {
        "@type": SITE_TYPES[SiteKind(record.kind)] if is_site else "Place",
        "@id": absolute(page),
        "url": absolute(page),
        "name": record.name,
        "description": described(record),
        "address": _address(record),
        "image": absolute(reverse("site_map" if is_site else "village_map", args=[record.pk])),
    }
    if record.location:
        lon, lat = round(record.location.x, 6), round(record.location.y, 6)
        made["geo"] = {"@type": "GeoCoordinates", "latitude": lat, "longitude": lon}
    return {**made, **(_about_site(record) if is_site else {})}


def _about_site(site: Site) -> Linked:
    made: Linked = {"identifier": site.code, "isAccessibleForFree": True}
    if hours := opening_hours(site.opening):
        made["openingHours"] = hours
    if site.kind != SiteKind.SERVICE:
        made["publicAccess"] = True
    if site.facilities:
        made["amenityFeature"] = [
            {
                "@type": "LocationFeatureSpecification",
                "name": str(Facility(each).label),
                "value": True,
            }
            for each in site.facilities
        ]
    return made


def opening_hours(text: str) -> str:
    """`Mo-Su 09:00-17:00` for 09:00–17:00; "" where the text could mean something else."""
    if text.strip() == "全天":
        return DAYS[""]
    found = HOURS.fullmatch(text.strip())
    if not found or found[1] not in DAYS:
        return ""
    opens, closes = f"{found[2]:0>2}:{found[3]}", f"{found[4]:0>2}:{found[5]}"
    return f"{DAYS[found[1]]} {opens}-{closes}" if opens < closes else ""


def _address(record: Site | Village) -> Linked:
    county = record.county if isinstance(record, Site) else record.township.parent
    if isinstance(record, Site):
        street = record.address or (record.village.name if record.village else "")
    else:
        street = f"{record.township.name}{record.name}"
    above = [county.code[:2], county.code[:4]]
    names = dict(Region.objects.filter(code__in=above).values_list("code", "name"))
    made = {
        "@type": "PostalAddress",
        "addressCountry": "CN",
        "addressRegion": names.get(above[0], ""),
        "addressLocality": names.get(above[1], "") + county.name,
        "streetAddress": street,
    }
    return {name: value for name, value in made.items() if value}


def event(record: Event, absolute: Absolute) -> Linked:
    """An Event: when and where, whether it stands, who gives it."""
    page = absolute(reverse("event", args=[record.code]))
    programme = record.programme
    made: Linked = {
        "@type": EVENT_TYPES.get(EventKind(programme.kind), "Event"),
        "@id": page,
        "url": page,
        "name": programme.name,
        "description": described(record),
        "startDate": _moment(record.starts_at),
        "endDate": _moment(record.ends_at),
        **_status(record),
        "eventAttendanceMode": f"{CONTEXT}/OfflineEventAttendanceMode",
        "location": place(record.site or record.village, absolute),
        "image": absolute(reverse("event_map", args=[record.code])),
        "isAccessibleForFree": True,
        "inLanguage": list(programme.languages) or ["zh"],
        "identifier": record.code,
        "audience": {"@type": "Audience", "audienceType": str(record.get_audience_display())},
    }
    if record.status != Status.CANCELLED:
        made["offers"] = _free(page)
    if hosts := record.hosts.all():
        made["organizer"] = [{"@type": "Organization", "name": host.name} for host in hosts]
    if record.troupe:
        made["performer"] = {"@type": "PerformingGroup", "name": record.troupe.name}
    topics = [word for word in (programme.topics, programme.series, record.campaign) if word]
    return {**made, "keywords": ", ".join(topics)} if topics else made


def _free(page: str) -> Linked:
    """An Offer for nothing, which needs no booking."""
    price = {"price": 0, "priceCurrency": "CNY"}
    return {"@type": "Offer", **price, "url": page, "availability": f"{CONTEXT}/InStock"}


def _status(record: Event) -> Linked:
    """Whether it takes place, and from when it was moved."""
    if record.status == Status.CANCELLED:
        return {"eventStatus": f"{CONTEXT}/EventCancelled"}
    if record.moved_from:
        former = {"previousStartDate": _moment(record.moved_from)}
        return {"eventStatus": f"{CONTEXT}/EventRescheduled", **former}
    return {"eventStatus": f"{CONTEXT}/EventScheduled"}


def _moment(moment: Any) -> str:
    return timezone.localtime(moment, clock.SHANGHAI).isoformat(timespec="seconds")


def website(name: str, absolute: Absolute) -> Linked:
    """A WebSite, and how it is searched."""
    search = absolute(reverse("search")) + "?q={search_term_string}"
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "@id": absolute(reverse("home")),
        "url": absolute(reverse("home")),
        "name": name,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }


def listed(events: Iterable[Event], absolute: Absolute) -> Linked:
    """An ItemList of events, each with the address of its own page."""
    items = [
        {
            "@type": "ListItem",
            "position": n,
            "name": each.programme.name,
            "url": absolute(reverse("event", args=[each.code])),
        }
        for n, each in enumerate(events, 1)
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "itemListElement": items}


def crumbs(way: list[tuple[str, str]], absolute: Absolute) -> Linked:
    """A BreadcrumbList of names with their paths."""
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": absolute(path)}
        for n, (name, path) in enumerate(way, 1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}
