"""Links that open a place in the map apps of a phone, each in its own coordinate system. Pure.

AMap, Tencent and Apple (whose maps of China are AMap's) draw GCJ-02, Baidu BD-09; WGS 84 in
any of them would lead several hundred metres astray.
"""

from urllib.parse import quote, urlencode

from sites.crs import CRS, from_wgs84

SOURCE = "fazhimap"  # who asks: the services want to be told
SYSTEMS = {"amap": CRS.GCJ02, "baidu": CRS.BD09, "tencent": CRS.GCJ02, "apple": CRS.GCJ02}
DECIMALS = 6  # a tenth of a metre


def links(lon: float, lat: float, name: str) -> dict[str, str]:
    """Addresses by app, `amap`, `baidu`, `tencent`, `apple`, that lead to a WGS 84 point in degrees.

    AMap, Tencent and Apple open the way there by car; Baidu shows the place, from where the way is
    one tap: its address of a way must name where it begins. A comma in the name becomes a space:
    AMap separates by it. Raises ValueError for coordinates that are not finite.
    """
    label = " ".join(name.replace(",", " ").split())
    point = {app: _point(lon, lat, system) for app, system in SYSTEMS.items()}
    east, north = point["amap"]
    return {
        "amap": _address(
            "https://uri.amap.com/navigation",
            to=f"{east},{north},{label}",
            mode="car",
            coordinate="gaode",
            callnative="1",
            src=SOURCE,
        ),
        "baidu": _address(
            "https://api.map.baidu.com/marker",
            location=_lat_lon(point["baidu"]),
            title=label,
            content=label,
            coord_type="bd09ll",
            output="html",
            src=SOURCE,
        ),
        "tencent": _address(
            "https://apis.map.qq.com/uri/v1/routeplan",
            type="drive",
            to=label,
            tocoord=_lat_lon(point["tencent"]),
            referer=SOURCE,
        ),
        "apple": _address(
            "https://maps.apple.com/", daddr=_lat_lon(point["apple"]), dirflg="d", q=label
        ),
    }


def _point(lon: float, lat: float, system: CRS) -> tuple[str, str]:
    east, north = from_wgs84([(lon, lat)], system)[0]
    return f"{east:.{DECIMALS}f}", f"{north:.{DECIMALS}f}"


def _lat_lon(point: tuple[str, str]) -> str:
    return f"{point[1]},{point[0]}"


def _address(base: str, **query: str) -> str:
    return f"{base}?{urlencode(query, safe=',', quote_via=quote)}"
