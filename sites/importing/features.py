"""GeoJSON: features into rows, each with its own faults."""

from collections.abc import Mapping

import orjson
from django.utils.translation import gettext as _

from sites.errors import UnreadableFile
from sites.importing.cells import MAX_ROWS, Fault, NameOf, Row, Table, sort_titles

CRS_NAMES = ("4326", "CRS84", "4490")
Properties = dict[str, object]


def read(text: str, file: str, name_of: NameOf) -> Table:
    """The features of a FeatureCollection as rows. Raises UnreadableFile for any other JSON."""
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        place = {"line": error.lineno}
        raise UnreadableFile(
            _("不是完整的 JSON,第 %(line)d 行读不下去;请重新导出文件") % place
        ) from error
    found = content.get("features") if isinstance(content, dict) else None
    if not isinstance(found, list):
        raise UnreadableFile(_("不是 GeoJSON 的 FeatureCollection;请导出为 FeatureCollection"))
    if len(found) > MAX_ROWS:
        raise UnreadableFile(_("行数太多,最多 %(rows)d 行") % {"rows": MAX_ROWS})
    _check_crs(content)
    faults = [_fault(feature, name_of) for feature in found]
    properties = [
        {} if fault else _properties(feature, name_of)
        for feature, fault in zip(found, faults, strict=True)
    ]
    headers = list(dict.fromkeys(title for each in properties for title in each))
    titles, unknown, repeated = sort_titles([name_of(title) for title in headers], headers)
    rows = [
        Row(
            number,
            {name: each[title] for name, title in titles.items() if title in each},
            [fault] if fault else [],
        )
        for number, (each, fault) in enumerate(zip(properties, faults, strict=True), 1)
    ]
    return Table(file, "", titles, unknown, repeated, rows, fixed=False, features=True)


def _fault(feature: object, name_of: NameOf) -> Fault | None:
    """Why a feature cannot be read as a row at all."""
    if not isinstance(feature, dict):
        return Fault("", _("应是一个 Feature 对象"), feature)
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if not isinstance(properties, dict | None):
        return Fault("properties", _("应是一个对象"), properties)
    if not (properties or geometry or feature.get("id")):
        return Fault("", _("是空的,既没有属性也没有几何"))
    return None if geometry is None else _geometry_fault(geometry, name_of)


def _geometry_fault(geometry: object, name_of: NameOf) -> Fault | None:
    """Why a geometry is none that this kind of records can have."""
    if not isinstance(geometry, dict):
        return Fault("geometry", _("应是一个几何对象"), geometry)
    if geometry.get("type") == "Point":
        coordinates = geometry.get("coordinates")
        if not isinstance(coordinates, list) or len(coordinates) < 2 or None in coordinates[:2]:
            return Fault("geometry", _("点的 coordinates 应是 [经度, 纬度]"), coordinates)
    elif name_of("lon") and not name_of("geometry"):
        return Fault("geometry", _("应是一个点(Point)"), geometry.get("type"))
    return None


def _properties(feature: Mapping[str, object], name_of: NameOf) -> Properties:
    """A feature's properties with its geometry among them, and its id where it has no code.

    A point is lon and lat, and wins over properties of that meaning; anything else is "geometry".
    """
    properties: Properties = dict(feature.get("properties") or {})
    if isinstance(feature.get("id"), str) and "code" not in map(name_of, properties):
        properties["code"] = feature["id"]
    geometry = feature.get("geometry")
    if geometry is None:
        return properties
    if geometry.get("type") != "Point":
        return properties | {"geometry": geometry}
    lon, lat, *_height = geometry["coordinates"]
    others = {title: v for title, v in properties.items() if name_of(title) not in ("lon", "lat")}
    return others | {"lon": lon, "lat": lat}


def _check_crs(content: Mapping[str, object]) -> None:
    """Old GeoJSON may name a coordinate system; only ours, or one within centimetres, will do."""
    named = content.get("crs")
    if named and not any(known in str(named) for known in CRS_NAMES):
        raise UnreadableFile(_("坐标系不是 WGS 84;请转换为 EPSG:4326 后再导入"))
