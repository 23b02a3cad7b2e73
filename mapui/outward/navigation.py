"""Links that open a place in the map apps of a phone, each in its own coordinate system. Pure.

AMap, Tencent and Apple (whose maps of China are AMap's) draw GCJ-02, Baidu BD-09; WGS 84 in
any of them would lead several hundred metres astray. The browser fills in the same addresses
where it alone knows the place.
"""

from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote

from sites.crs import CRS, from_wgs84

DECIMALS = 6  # a tenth of a metre
SAFE = "!*'()"  # what encodeURIComponent leaves as it is


@dataclass(frozen=True)
class App:
    """A map app: the address that leads to {lon}, {lat}, in its own system, called {name}."""

    system: CRS
    address: str


# AMap, Tencent and Apple open the way there by car; Baidu shows the place, from where the way is
# one tap: its address of a way must name where it begins. The services want to know who asks:
# Baidu a webapp, of which company, called what.
APPS = {
    "amap": App(
        CRS.GCJ02,
        "https://uri.amap.com/navigation?to={lon},{lat},{name}"
        "&mode=car&coordinate=gaode&callnative=1&src=fazhimap",
    ),
    "baidu": App(
        CRS.BD09,
        "https://api.map.baidu.com/marker?location={lat},{lon}&title={name}&content={name}"
        "&coord_type=bd09ll&output=html&src=webapp.fazhimap.fazhimap",
    ),
    "tencent": App(
        CRS.GCJ02,
        "https://apis.map.qq.com/uri/v1/routeplan?type=drive&to={name}"
        "&tocoord={lat},{lon}&referer=fazhimap",
    ),
    "apple": App(CRS.GCJ02, "https://maps.apple.com/?daddr={lat},{lon}&dirflg=d&q={name}"),
}


def links(lon: float, lat: float, name: str) -> dict[str, str]:
    """Addresses by app, `amap`, `baidu`, `tencent`, `apple`, that lead to a WGS 84 point in degrees.

    A comma in the name becomes a space: AMap separates by it. Raises ValueError for coordinates
    that are not finite.
    """
    label = quote(" ".join(name.replace(",", " ").split()), safe=SAFE)
    return {key: _filled(app, lon, lat, label) for key, app in APPS.items()}


def _filled(app: App, lon: float, lat: float, label: str) -> str:
    east, north = from_wgs84([(lon, lat)], app.system)[0]
    return app.address.format(lon=f"{east:.{DECIMALS}f}", lat=f"{north:.{DECIMALS}f}", name=label)


def address(*parts: str) -> str:
    """What to tell a driver, from the county to the name, each left out that the next begins with."""
    told = [part for part in parts if part]
    return " ".join(part for part, then in pairwise([*told, ""]) if not then.startswith(part))
