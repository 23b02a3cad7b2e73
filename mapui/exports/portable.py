"""The one-file map: data, Leaflet and our modules in one page that asks no network for anything."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mapui.exports import pictures, words
from mapui.exports.gathering import Gathered
from mapui.templatetags.fazhimap import deciding
from mapui.words import browser_words
from sites.choices import SiteKind, Subject
from sites.coverage import read_sites
from sites.models import Site

MODULES = (
    "numbers",
    "layout",
    "times",
    "page",
    "land",
    "coverage",
    "portable",
)  # each after what it imports
STYLES = ("vendor/leaflet/leaflet.css", "mapui/fazhimap.css", "mapui/portable.css")
LEAFLET = "vendor/leaflet/leaflet.js"
DIGITS = 5  # of a degree: a metre

IMPORT = re.compile(r'^import (\{[^}]+\}) from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:const|function|class) ([\w$]+))", re.MULTILINE)
PICTURE = re.compile(r"url\(images/[^)]*\)")


def portable(gathered: Gathered) -> str:
    """The HTML of the map, its table and its gaps."""
    scripts = [_leaflet(), _bundle()]
    style = PICTURE.sub("none", "\n".join(_static(name) for name in STYLES))
    context = {
        "board": gathered,
        "dated": words.dated(gathered),
        "figures": words.figures(gathered),
        "method": words.method(gathered),
        "sources": words.sources(gathered),
        "scripts": [_ours(script) for script in scripts],
        "style": _ours(style),
        "policy": _policy(scripts, style),
        "config": _config(),
        "data": _data(gathered),
    }
    return render_to_string("mapui/exports/portable.html", context)


def _ours(text: str) -> SafeString:
    """Our own script or style, which must not end its element early."""
    if "</script" in text or "</style" in text:
        raise ValueError("a script or style that is inlined may not close its element")
    return mark_safe(text)  # noqa: S308 — static files, no user's text


def _policy(scripts: list[str], style: str) -> str:
    allowed = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _static(name: str) -> str:
    return Path(finders.find(name)).read_text(encoding="utf-8")


def _leaflet() -> str:
    """Leaflet without the address of its source map, which a debugger would ask for."""
    return _static(LEAFLET).split("//# sourceMappingURL")[0]


def _bundle() -> str:
    """Our modules as one script: each a function's body that returns what the module exports."""
    return "\n".join(_module(name) for name in MODULES)


def _module(name: str) -> str:
    text = IMPORT.sub(r"const \1 = module_\2;\n", _static(f"mapui/{name}.js"))
    exported = ", ".join(found for _, found in EXPORT.findall(text))
    body = EXPORT.sub(r"\1", text)
    return f"const module_{name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


def _config() -> dict[str, object]:
    """What our modules expect of a page."""
    return {"words": browser_words() | {"chosen": _("已在地图上找到:{name}")}}


def _data(gathered: Gathered) -> dict[str, Any]:
    return {
        "title": gathered.title,
        "nearest": deciding(gathered.standard),
        "counties": {"type": "FeatureCollection", "features": _counties(gathered)},
        "waters": pictures.waters_features(),
        "subjects": _subjects(gathered),
        "places": _places(gathered),
        "rows": [
            {"code": row.code, "subjects": row.subjects, "met": row.met, "share": row.share}
            for row in (line.row for line in gathered.counties)
        ],
    }


def _counties(gathered: Gathered) -> list[dict[str, Any]]:
    found = []
    for county in pictures.counties(gathered.region):
        shape = county.boundary or county.seat
        seat = county.seat and [round(side, DIGITS) for side in county.seat.coords]
        geometry = shape and _rounded(json.loads(shape.geojson))
        properties = {"name": county.name, "seat": seat}
        found.append(
            {"type": "Feature", "id": county.code, "geometry": geometry, "properties": properties}
        )
    return found


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return value


def _subjects(gathered: Gathered) -> list[dict[str, Any]]:
    """What `coverage.js` draws: counties have their outlines from the land."""
    found = [_subject(gathered, i) for i in gathered.chosen]
    if gathered.standard.subject != Subject.TOWNSHIP:
        return found
    shapes = pictures.outlines(gathered)
    return [
        each | {"geometry": _rounded(json.loads(shapes[each["code"]].geojson))}
        if each["code"] in shapes
        else each
        for each in found
    ]


def _subject(gathered: Gathered, i: int) -> dict[str, Any]:
    facts = gathered.facts
    subject = gathered.standard.subject
    is_county = subject == Subject.COUNTY
    about = facts.subjects
    point, metres = about.located.points[i], facts.metres[i]
    return {
        "code": about.codes[i],
        "name": about.names[i],
        "point": None if np.isnan(point).any() else point.round(DIGITS).tolist(),
        "state": gathered.states[i].value,
        "built": None if facts.built is None else bool(facts.built[i]),
        "reached": None if facts.reached is None else bool(facts.reached[i]),
        "certain": bool(facts.certain[i]),
        "isCounty": is_county,
        "isTownship": subject == Subject.TOWNSHIP,
        "distance_m": None if is_county or np.isnan(metres) else round(float(metres), 1),
        "position_error_m": float(about.located.errors[i]),
    }


def _places(gathered: Gathered) -> list[dict[str, Any]]:
    """The open sites that count for the standard, in the region."""
    rows = read_sites(gathered.standard, gathered.on)
    inside = Site.objects.within(gathered.region).order_by()
    names = {code: about for code, *about in inside.values_list("code", "name", "kind")}
    return [
        {
            "name": names[code][0],
            "kind": str(SiteKind(names[code][1]).label),
            "lon": round(lon, DIGITS),
            "lat": round(lat, DIGITS),
        }
        for code, lon, lat, *_rest in rows
        if code in names
    ]
