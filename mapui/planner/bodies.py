"""JSON bodies of what-if and siting, checked; every fault is named by its path, as add[0].lon."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from mapui.params import BadParameters, refusal
from sites.choices import SiteKind, Tier
from sites.crs import CRS
from sites.measures import MEASURES
from sites.models import Site, Village
from sites.proposals import METHODS, Question
from sites.whatif import Changes, Place

MOST = 1000  # places added, removed or moved at once
LONGEST_NAME = 100
SYSTEMS = [each.value for each in CRS]
MOST_BYTES = 5 << 20  # of a file with places to choose from

Errors = list[dict[str, Any]]
Body = dict[str, Any]


def read_changes(body: Body) -> Changes:
    """What might be different, from {"add", "remove", "move"}.

    Raises BadParameters with every fault: an unknown name, a place that is none, a code that
    no site or village has, a site that is moved twice, or moved and removed.
    """
    errors = unknown_names(body, ("add", "remove", "move"))
    added = [_place(item, path, errors) for item, path in _items(body, "add", errors)]
    removed = [_text(item, path, errors) for item, path in _items(body, "remove", errors)]
    moved = [_moved(item, path, errors) for item, path in _items(body, "move", errors)]
    errors += _moved_twice([code for code, _point in moved])
    if not errors:
        changes = Changes(tuple(added), frozenset(removed), dict(moved))
        errors = list(_missing(changes))
    if errors:
        raise BadParameters(errors)
    return changes


def read_question(body: Body) -> Question:
    """Where would more places help? {"count", "method", "region", "weight", "measure", "candidates"}.

    Raises BadParameters with every fault.
    """
    errors = unknown_names(body, ("count", "method", "region", "weight", "measure", "candidates"))
    method = one_of(body, "method", METHODS, errors, "mclp")
    weight = one_of(body, "weight", ("subjects", "population"), errors, "subjects")
    measure = one_of(body, "measure", MEASURES, errors) if "measure" in body else ""
    count = whole({"count": 5} | body, "count", (1, MOST), errors)
    region = _region(body, errors)
    points = [_candidate(item, path, errors) for item, path in _items(body, "candidates", errors)]
    if errors:
        raise BadParameters(errors)
    return Question(
        method=method,
        count=count,
        region=region,
        by_population=weight == "population",
        candidates=tuple((lon, lat) for lon, lat, _name in points),
        names=tuple(name for _lon, _lat, name in points),
        measure=measure,
    )


def read_file(
    files: Mapping[str, UploadedFile], form: Mapping[str, str]
) -> tuple[UploadedFile, str]:
    """A file that is not too large, and the coordinate system of its positions.

    Raises BadParameters.
    """
    errors: Errors = []
    crs = one_of(dict(form.items()), "crs", SYSTEMS, errors, "wgs84")
    file = files.get("file")
    if file is None:
        errors.append(refusal("file", None, None, _("file:请选一个文件。")))
    elif file.size > MOST_BYTES:
        message = _("file:文件太大,最多 %(mb)d MB。") % {"mb": MOST_BYTES >> 20}
        errors.append(refusal("file", file.size, f"≤ {MOST_BYTES}", message))
    if errors or file is None:
        raise BadParameters(errors)
    return file, crs


def _region(body: Body, errors: Errors) -> str:
    region = body.get("region", "")
    if region is None:
        return ""
    if isinstance(region, str) and region.isascii() and (region.isdigit() or not region):
        return region
    message = _('region:应是区划代码的开头几位数字,写成文字,如 "150203";不写是全部。')
    errors.append(refusal("region", region, "150203", message))
    return ""


def _candidate(item: object, path: str, errors: Errors) -> tuple[float, float, str]:
    fields = as_object(item, path, ("lon", "lat", "name"), errors)
    name = fields.get("name") or ""
    if not (is_text(name) and len(name) <= LONGEST_NAME):
        message = _("%(name)s:应是 1 到 %(most)d 个字。")
        message %= {"name": f"{path}.name", "most": LONGEST_NAME}
        errors.append(refusal(f"{path}.name", name, f"≤ {LONGEST_NAME}", message))
    return *_degrees(fields, path, errors), name


def unknown_names(body: Body, known: tuple[str, ...], prefix: str = "") -> Errors:
    """A refusal for each name of the body that is not known."""
    message = _("%(name)s:没有这一项,可用的有:%(known)s。")
    words = {"known": _("、").join(known)}
    return [
        refusal(prefix + name, body[name], list(known), message % {"name": prefix + name, **words})
        for name in body
        if name not in known
    ]


def _items(body: Body, name: str, errors: Errors) -> Iterator[tuple[object, str]]:
    items = body.get(name, [])
    if not isinstance(items, list):
        errors.append(refusal(name, items, "[…]", _("%(name)s:应是一个列表。") % {"name": name}))
        return
    if len(items) > MOST:
        message = _("%(name)s:一次最多 %(most)d 项。") % {"name": name, "most": MOST}
        errors.append(refusal(name, len(items), f"≤ {MOST}", message))
        return
    yield from ((item, f"{name}[{number}]") for number, item in enumerate(items))


def _place(item: object, path: str, errors: Errors) -> Place | None:
    before = len(errors)
    fields = as_object(item, path, ("lon", "lat", "kind", "tier", "village"), errors)
    lon, lat = _degrees(fields, path, errors)
    kind = one_of(fields, f"{path}.kind", SiteKind.values, errors)
    tier = one_of(fields, f"{path}.tier", Tier.values, errors)
    village = fields.get("village")
    if village is not None:
        _text(village, f"{path}.village", errors)
    return None if len(errors) > before else Place(lon, lat, kind, tier, village)


def _moved(item: object, path: str, errors: Errors) -> tuple[str, tuple[float, float]]:
    fields = as_object(item, path, ("code", "lon", "lat"), errors)
    code = _text(fields.get("code"), f"{path}.code", errors)
    return code, _degrees(fields, path, errors)


def as_object(item: object, path: str, known: tuple[str, ...], errors: Errors) -> Body:
    """The fields of an object with known names only; else none, and a refusal."""
    if not isinstance(item, dict):
        message = _("%(name)s:应是一个对象。") % {"name": path}
        errors.append(refusal(path, item, list(known), message))
        return {}
    errors += unknown_names(item, known, f"{path}.")
    return item


def _degrees(fields: Body, path: str, errors: Errors) -> tuple[float, float]:
    return (
        number(fields, f"{path}.lon", (-180, 180), errors),
        number(fields, f"{path}.lat", (-90, 90), errors),
    )


def number(fields: Body, path: str, limits: tuple[float, float], errors: Errors) -> float:
    """A number within limits, both included; else 0 and a refusal."""
    value = fields.get(_name(path))
    low, high = limits
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and math.isfinite(value) and low <= value <= high:
        return value
    message = _("%(name)s:应是 %(low)s 到 %(high)s 之间的数。")
    message %= {"name": path, "low": low, "high": high}
    given = str(value) if isinstance(value, float) and not math.isfinite(value) else value
    errors.append(refusal(path, given, f"{low}…{high}", message))
    return 0


def text(fields: Body, name: str, most: int, errors: Errors, *, required: bool = True) -> str:
    """A text of at most so many characters, trimmed; else "" and a refusal."""
    value = fields.get(name, "")
    fits = is_text(value) and len(value.strip()) <= most
    if fits and (value.strip() or not required):
        return value.strip()
    message = _("%(name)s:应是 1 到 %(most)d 个字。") % {"name": name, "most": most}
    errors.append(refusal(name, value, f"≤ {most}", message))
    return ""


def whole(fields: Body, name: str, limits: tuple[int, int], errors: Errors) -> int:
    """A whole number within limits, both included; else 0 and a refusal."""
    value = number(fields, name, limits, errors)
    if isinstance(value, int):
        return value
    message = _("%(name)s:应是整数。") % {"name": name}
    errors.append(refusal(name, value, "1, 2, 3 …", message))
    return 0


def one_of(
    fields: Body, path: str, allowed: Sequence[str], errors: Errors, default: str = ""
) -> str:
    """One of the words; else "" and a refusal."""
    value = fields.get(_name(path), default)
    if isinstance(value, str) and value in allowed:
        return value
    message = _("%(name)s:应是其中之一:%(allowed)s。")
    message %= {"name": path, "allowed": _("、").join(allowed)}
    errors.append(refusal(path, value, list(allowed), message))
    return ""


def _name(path: str) -> str:
    """The last name of a path: lon of add[0].lon."""
    return path.rpartition(".")[2]


def is_text(value: object) -> bool:
    """Whether it is a text that the database can hold: no NUL, no half of a character."""
    return isinstance(value, str) and not re.search("[\0\ud800-\udfff]", value)


def _text(value: object, path: str, errors: Errors) -> str:
    if value and is_text(value):
        return value
    errors.append(refusal(path, value, None, _("%(name)s:应是一个编号。") % {"name": path}))
    return ""


def _moved_twice(codes: list[str]) -> Iterator[dict[str, Any]]:
    """A refusal for each code that a move before it has."""
    first: dict[str, int] = {}
    for at, code in enumerate(codes):
        if first.setdefault(code, at) == at or not code:
            continue
        message = _("move[%(at)d]:%(code)s 在 move[%(first)d] 已经移动过;一处只能移到一个位置。")
        message %= {"at": at, "code": code, "first": first[code]}
        yield refusal(f"move[{at}].code", code, None, message)


def _missing(changes: Changes) -> Iterator[dict[str, Any]]:
    """Codes that nothing has, and sites that are moved and removed."""
    sites = changes.remove | changes.move.keys()
    villages = {place.village for place in changes.add if place.village}
    yield from _not_found("remove, move", sites, Site, _("场所"))
    yield from _not_found("add", villages, Village, _("村(社区)"))
    for code in sorted(changes.remove & changes.move.keys()):
        message = _("move:%(code)s 不能既移动又移除。") % {"code": code}
        yield refusal("move", code, None, message)


def _not_found(
    name: str, codes: Iterable[str], model: type[Site | Village], kind: str
) -> Iterator[dict[str, Any]]:
    found = set(model.objects.filter(pk__in=codes).values_list("pk", flat=True))
    for code in sorted(set(codes) - found):
        message = _("%(name)s:没有编号为 %(code)s 的%(kind)s。")
        message %= {"name": name, "code": code, "kind": kind}
        yield refusal(name, code, None, message)
