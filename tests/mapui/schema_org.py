"""What schema.org and Google's guide to event results ask of JSON-LD, read by us; no library."""

import datetime
import json
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

TEXT, URL, NUMBER, TRUTH, MOMENT = "text", "url", "number", "truth", "moment"
THING = {
    "@id": URL,
    "url": URL,
    "name": TEXT,
    "description": TEXT,
    "image": URL,
    "identifier": TEXT,
}
PLACE = {
    **THING,
    "address": ["PostalAddress"],
    "geo": ["GeoCoordinates"],
    "isAccessibleForFree": TRUTH,
    "publicAccess": TRUTH,
    "amenityFeature": ["LocationFeatureSpecification"],
}
CIVIC = {**PLACE, "openingHours": TEXT}
PLACES = ["Place", "CivicStructure", "Park", "EventVenue", "GovernmentOffice"]
EVENT = {
    **THING,
    "startDate": MOMENT,
    "endDate": MOMENT,
    "previousStartDate": MOMENT,
    "eventStatus": URL,
    "eventAttendanceMode": URL,
    "location": PLACES,
    "organizer": ["Organization"],
    "performer": ["PerformingGroup"],
    "isAccessibleForFree": TRUTH,
    "inLanguage": TEXT,
    "audience": ["Audience"],
    "keywords": TEXT,
    "offers": ["Offer"],
}
TYPES = {
    **dict.fromkeys(PLACES, CIVIC),
    "Place": PLACE,
    **dict.fromkeys(["Event", "EducationEvent"], EVENT),
    "PostalAddress": dict.fromkeys(
        ["addressCountry", "addressRegion", "addressLocality", "streetAddress"], TEXT
    ),
    "GeoCoordinates": {"latitude": NUMBER, "longitude": NUMBER},
    "LocationFeatureSpecification": {"name": TEXT, "value": TRUTH},
    "Organization": {"name": TEXT},
    "PerformingGroup": {"name": TEXT},
    "Audience": {"audienceType": TEXT},
    "BreadcrumbList": {"itemListElement": ["ListItem"]},
    "ItemList": {"itemListElement": ["ListItem"]},
    "ListItem": {"position": NUMBER, "name": TEXT, "item": URL, "url": URL},
    "Offer": {"price": NUMBER, "priceCurrency": TEXT, "url": URL, "availability": URL},
    "WebSite": {**THING, "inLanguage": TEXT, "potentialAction": ["SearchAction"]},
    "SearchAction": {"target": ["EntryPoint"], "query-input": TEXT},
    "EntryPoint": {"urlTemplate": URL},
}
REQUIRED = {  # of Google's rich results; for places what makes them useful
    "Event": ("name", "startDate", "location"),
    "EducationEvent": ("name", "startDate", "location"),
    **dict.fromkeys(PLACES, ("name", "address")),
    "PostalAddress": ("addressCountry",),
    "GeoCoordinates": ("latitude", "longitude"),
    "Organization": ("name",),
    "BreadcrumbList": ("itemListElement",),
    "ListItem": ("position", "name"),
    "WebSite": ("name", "url"),
    "SearchAction": ("target", "query-input"),
}
STATUSES = {f"https://schema.org/Event{word}" for word in ("Scheduled", "Cancelled", "Rescheduled")}


class _Scripts(HTMLParser):
    """The texts of data scripts, as a browser cuts them out."""

    def __init__(self):
        super().__init__()
        self.inside, self.found = False, []

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "script" and dict(attrs).get("type") == "application/ld+json"

    def handle_data(self, data):
        if self.inside:
            self.found.append(data)

    def handle_endtag(self, tag):
        self.inside = False


def on_page(html):
    """The checked JSON-LD of a page by its type."""
    reader = _Scripts()
    reader.feed(html)
    documents = [json.loads(text) for text in reader.found]
    for document in documents:
        assert document.pop("@context") == "https://schema.org"
        check(document)
    return {document["@type"]: document for document in documents}


def check(thing):
    """Refuse what schema.org does not know of this type, a wrong kind of value, and what lacks."""
    known = TYPES[thing["@type"]]
    missing = [name for name in REQUIRED.get(thing["@type"], ()) if not thing.get(name)]
    assert not missing, f"{thing['@type']} lacks {missing}"
    for name, values in thing.items():
        if name != "@type":
            assert name in known, f"{thing['@type']} has no {name}"
            for value in values if isinstance(values, list) else [values]:
                _check_value(name, value, known[name])
    if "Event" in thing["@type"] and thing["@type"] != "EventVenue":
        _check_event(thing)


def _check_value(name, value, kind):
    if isinstance(kind, list):
        assert value["@type"] in kind, f"{name} is a {value['@type']}"
        check(value)
    elif kind == URL:
        parts = urlsplit(value)
        assert parts.scheme in {"http", "https"}, f"{name}: {value} is not absolute"
        assert parts.netloc
    elif kind == MOMENT:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", value), f"{name}: {value}"
        datetime.datetime.fromisoformat(value)
    elif kind == TRUTH:
        assert value is True or value is False
    elif kind == NUMBER:
        assert isinstance(value, int | float)
        assert not isinstance(value, bool)
    else:
        assert isinstance(value, str)
        assert value


def _check_event(event):
    assert event["endDate"] > event["startDate"]
    assert event["eventStatus"] in STATUSES
    moved = event["eventStatus"].endswith("Rescheduled")
    assert ("previousStartDate" in event) == moved, "previousStartDate goes with EventRescheduled"
