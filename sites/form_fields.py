"""Form fields of the administration: places as plain text, without a map from elsewhere."""

import json
import re

from django import forms
from django.contrib.gis.geos import GEOSException, MultiPolygon, Point, Polygon
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SEPARATOR = re.compile(r"[\s,,、;;]+")


class JSONOrBlankField(forms.JSONField):
    """One line of JSON; None is an empty box, not the word null."""

    widget = forms.TextInput

    def prepare_value(self, value: object) -> object:
        return "" if value is None else super().prepare_value(value)


class NumbersField(forms.CharField):
    """Several whole numbers with commas or spaces between them; blank is none of them."""

    def prepare_value(self, value: object) -> object:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value: object) -> list[int]:
        words = [word for word in SEPARATOR.split(super().to_python(value)) if word]
        for word in words:
            if not word.isdecimal():
                raise forms.ValidationError(
                    _("“%(word)s”不是整数;请用逗号隔开,如 1, 3, 5。"), "number", {"word": word}
                )
        return list(dict.fromkeys(map(int, words)))


class LonLatField(forms.CharField):
    """A point as "lon, lat" in degrees of WGS 84; blank is None."""

    default_error_messages = {
        "two": gettext_lazy("请填两个数:经度, 纬度,如 109.843890, 40.651600。"),
        "longitude": gettext_lazy("经度 %(value)s 不在 -180…180 之间。"),
        "latitude": gettext_lazy("纬度 %(value)s 不在 -90…90 之间。"),
        "swapped": gettext_lazy("经度在前,纬度在后:两个数像是颠倒了。"),
    }

    def prepare_value(self, value: object) -> object:
        return f"{value.x!r}, {value.y!r}" if isinstance(value, Point) else value

    def to_python(self, value: object) -> Point | None:
        text = super().to_python(value)
        if not text:
            return None
        try:
            lon, lat = map(float, SEPARATOR.split(text))
        except ValueError as error:
            raise self._refusal("two") from error
        if abs(lon) <= 90 < abs(lat) <= 180:
            raise self._refusal("swapped")
        if not abs(lon) <= 180:
            raise self._refusal("longitude", lon)
        if not abs(lat) <= 90:
            raise self._refusal("latitude", lat)
        return Point(lon, lat, srid=4326)

    def _refusal(self, code: str, value: float | None = None) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code, {"value": value})


class PolygonsField(forms.CharField):
    """A polygon or several as a GeoJSON geometry in WGS 84; blank is None."""

    widget = forms.Textarea

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, MultiPolygon):
            return value
        return json.dumps({"type": "MultiPolygon", "coordinates": value.coords})

    def to_python(self, value: object) -> MultiPolygon | None:
        text = super().to_python(value)
        return _polygons(text) if text else None


def _polygons(text: str) -> MultiPolygon:
    try:
        geometry = json.loads(text)
        parts = {
            "Polygon": lambda: [geometry["coordinates"]],
            "MultiPolygon": lambda: geometry["coordinates"],
        }[geometry["type"]]()
        found = MultiPolygon([Polygon(*rings) for rings in parts], srid=4326)
    except (ValueError, TypeError, KeyError, GEOSException) as error:
        raise forms.ValidationError(
            _("请填 GeoJSON 的 Polygon 或 MultiPolygon 几何对象。"), "geojson"
        ) from error
    west, south, east, north = found.extent
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise forms.ValidationError(_("坐标应是 WGS 84 的经度, 纬度。"), "range")
    if not found.valid:
        raise forms.ValidationError(_("多边形无效:%(why)s"), "invalid", {"why": found.valid_reason})
    return found
