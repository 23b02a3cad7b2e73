"""Sites, villages and events as schema.org has them, for search engines: JSON-LD."""

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
    }
    if record.location:
        lon, lat = round(record.location.x, 6), round(record.location.y, 6)
        made["geo"] = {"@type": "GeoCoordinates", "latitude": lat, "longitude": lon}
    return {**made, **(_about_site(record, absolute) if is_site else {})}


def _about_site(site: Site, absolute: Absolute) -> Linked:
    made: Linked = {
        "image": absolute(reverse("site_map", args=[site.pk])),
        "identifier": site.code,
        "isAccessibleForFree": True,
    }
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
    if hosts := record.hosts.all():
        made["organizer"] = [{"@type": "Organization", "name": host.name} for host in hosts]
    if record.troupe:
        made["performer"] = {"@type": "PerformingGroup", "name": record.troupe.name}
    topics = [word for word in (programme.topics, programme.series, record.campaign) if word]
    return {**made, "keywords": ", ".join(topics)} if topics else made


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


def crumbs(way: list[tuple[str, str]], absolute: Absolute) -> Linked:
    """A BreadcrumbList of names with their paths."""
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": absolute(path)}
        for n, (name, path) in enumerate(way, 1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}
