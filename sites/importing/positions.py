"""Positions from files: lon and lat into checked WGS 84 points, GeoJSON into multipolygons."""

from collections.abc import Sequence

import numpy as np
import orjson
import shapely
from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.utils.translation import gettext as _

from sites.choices import Level
from sites.crs import to_wgs84
from sites.importing.drafts import Draft
from sites.importing.values import BadValue
from sites.models import Region

MARGIN = 0.5  # degrees around the known counties in which a position may lie
CHINA_LON, CHINA_LAT = (73, 136), (3, 54)
Box = tuple[float, float, float, float]


def place(drafts: Sequence[Draft], field: str, crs: str, *, nearby: bool) -> None:
    """Replace lon and lat by a point, or None, under the name of the model's field.

    `crs` is one of sites.crs.CRS. `nearby`: what lies far from every known county is refused.
    """
    placed = [draft for draft in drafts if _has_position(draft, field)]
    box = _surroundings() if nearby else None
    given = np.array([(d.values["lon"], d.values["lat"]) for d in placed]).reshape(-1, 2)
    for draft, (lon, lat) in zip(placed, to_wgs84(given, crs).tolist(), strict=True):
        draft.values[field] = Point(lon, lat, srid=4326)
        if box and not (box[0] <= lon <= box[2] and box[1] <= lat <= box[3]):
            message = _("坐标不在本市范围;请检查经纬度,应是以度为单位的 WGS 84 坐标")
            draft.refuse("lon", message, as_given(draft))
    for draft in drafts:
        draft.values.pop("lon", None)
        draft.values.pop("lat", None)


def as_given(draft: Draft) -> str:
    """The two cells of a position, for a problem to show."""
    return f"{draft.row.cells['lon']}, {draft.row.cells['lat']}"


def _has_position(draft: Draft, field: str) -> bool:
    """Whether lon and lat are two numbers in range; two blanks clear the position."""
    if not ("lon" in draft.values and "lat" in draft.values):
        if draft.given("lon") != draft.given("lat"):
            draft.refuse("lat" if draft.given("lon") else "lon", _("缺少;经度和纬度要一起给"))
        return False
    lon, lat = draft.values["lon"], draft.values["lat"]
    if isinstance(lon, float) and isinstance(lat, float):
        return _in_range(draft, lon, lat)
    if lon is None and lat is None:
        draft.values[field] = None
    else:
        draft.refuse("lon" if lon is None else "lat", _("不能为空;经度和纬度要一起给"))
    return False


def _in_range(draft: Draft, lon: float, lat: float) -> bool:
    swapped = CHINA_LON[0] <= lat <= CHINA_LON[1] and CHINA_LAT[0] <= lon <= CHINA_LAT[1]
    if swapped:
        draft.refuse("lon", _("看来经纬度写反了;请把经度和纬度对调"), as_given(draft))
    elif abs(lon) > 180:
        draft.refuse("lon", _("不在 −180…180 之间"))
    elif abs(lat) > 90:
        draft.refuse("lat", _("不在 −90…90 之间"))
    else:
        return True
    return False


def _surroundings() -> Box | None:
    """The box around the boundaries of all counties, with a margin; None where none is known."""
    counties = Region.objects.filter(level=Level.COUNTY)
    box = counties.aggregate(box=Extent("boundary"))["box"]
    return box and (box[0] - MARGIN, box[1] - MARGIN, box[2] + MARGIN, box[3] + MARGIN)


def outline(drafts: Sequence[Draft], field: str, crs: str) -> None:
    """Read the GeoJSON geometry that a row has into the model's field."""
    for draft in drafts:
        if draft.given("geometry"):
            try:
                draft.values[field] = multipolygon(draft.row.cells["geometry"], crs)
            except BadValue as error:
                draft.refuse("geometry", str(error))


def multipolygon(geometry: object, crs: str) -> MultiPolygon:
    """A GeoJSON Polygon or MultiPolygon in WGS 84. Raises BadValue for anything else."""
    try:
        shape = shapely.force_2d(shapely.from_geojson(orjson.dumps(geometry)))
    except (shapely.GEOSException, TypeError) as error:
        raise BadValue(_("几何不完整,读不出来")) from error
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise BadValue(_("几何应是多边形"))
    if not shape.is_valid:
        raise BadValue(_("多边形无效(%(why)s)") % {"why": shapely.is_valid_reason(shape)})
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise BadValue(_("多边形的坐标超出经纬度范围"))
    shape = shapely.transform(shape, lambda points: to_wgs84(np.asarray(points), crs))
    found = GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4326)
    return found if isinstance(found, MultiPolygon) else MultiPolygon(found, srid=4326)
