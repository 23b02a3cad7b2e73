"""folium maps as parts of our pages: assets from our own server, layers by name, a nonce script.

folium writes the Leaflet set-up; style and behaviour are in our ES modules, which call
`window.startMap()` and find the layers in `window.mapLayers`.
"""

from dataclasses import dataclass
from functools import lru_cache

import folium
from branca.element import MacroElement
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from folium.plugins import MarkerCluster
from folium.template import Template

# What folium would load, by the name it uses: our copy of it, or None where we do without.
ASSETS = {
    "leaflet": "vendor/leaflet/leaflet.js",
    "leaflet_css": "vendor/leaflet/leaflet.css",
    "markerclusterjs": "vendor/markercluster/leaflet.markercluster.js",
    "markerclustercss": "vendor/markercluster/MarkerCluster.css",
    "markerclusterdefaultcss": None,
    "jquery": None,
    "bootstrap": None,
    "bootstrap_css": None,
    "awesome_markers": None,
    "awesome_markers_css": None,
    "awesome_markers_font_css": None,
    "awesome_rotate_css": None,
    "glyphicons_css": None,
    "meta_http": None,
}


MAX_ZOOM = 17


@dataclass(frozen=True)
class Tiles:
    """A tile service that a deployment may switch on; `gcj02` ones are shifted in the browser."""

    url: str
    attribution: str
    host: str
    gcj02: bool = False


TILES = {
    "osm": Tiles(
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "© OpenStreetMap contributors",
        "https://tile.openstreetmap.org",
    ),
    "amap": Tiles(
        "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8"
        "&x={x}&y={y}&z={z}",
        "© 高德地图",
        "https://*.is.autonavi.com",
        gcj02=True,
    ),
    "tianditu": Tiles(
        "https://t{s}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        "&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=",
        "© 天地图",
        "https://*.tianditu.gov.cn",
    ),
}


@dataclass(frozen=True)
class MapParts:
    """What a template needs: the map's element, its script, and static files by name."""

    html: SafeString
    script: SafeString
    scripts: list[str]
    styles: list[str]


class NamedLayer(MacroElement):
    """Registers a folium layer as `window.mapLayers[name]`, where our modules find it."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            window.mapLayers[{{ this.name|tojson }}] = {{ this.layer.get_name() }};
        {% endmacro %}
        """
    )

    def __init__(self, name: str, layer: MacroElement) -> None:
        super().__init__()
        self._id = name
        self.name = name
        self.layer = layer


@lru_cache(maxsize=8)
def city_map(bounds: tuple[float, float, float, float], *, clustered: bool) -> MapParts:
    """A map framed on (west, south, east, north), with the layers `sites` and maybe `base`.

    It holds no record, so the same map serves every request.
    """
    west, south, east, north = bounds
    shell = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_control="topright",
        zoom_snap=0.25,
        attribution_control=bool(settings.BASEMAP),
    )
    shell._id = "main"
    shell.options["max_zoom"] = MAX_ZOOM  # folium keeps its own parameter for tiles
    _add_tiles(shell)
    _add(shell, "sites", _clusters() if clustered else folium.FeatureGroup(name="sites"))
    frame = folium.FitBounds([[south, west], [north, east]])
    frame.options["animate"] = False  # Leaflet ignores what our modules frame meanwhile
    frame.add_to(shell)
    return _parts(shell)


def tile_hosts(basemap: str) -> list[str]:
    """The foreign hosts that the chosen base map loads pictures from."""
    return [TILES[basemap].host] if basemap in TILES else []


def _add_tiles(shell: folium.Map) -> None:
    tiles = TILES.get(settings.BASEMAP)
    if tiles is None:
        return
    url = tiles.url + (settings.TIANDITU_KEY if settings.BASEMAP == "tianditu" else "")
    subdomains = "1234"
    layer = folium.TileLayer(url, attr=tiles.attribution, subdomains=subdomains, gcj02=tiles.gcj02)
    _add(shell, "base", layer)


def _clusters() -> MarkerCluster:
    return MarkerCluster(
        options={
            "maxClusterRadius": 72,
            "showCoverageOnHover": False,
            "disableClusteringAtZoom": 15,
            "animate": False,
        }
    )


def _add(shell: folium.Map, name: str, layer: folium.map.Layer) -> None:
    layer._id = name
    layer.add_to(shell)
    NamedLayer(name, layer).add_to(shell)


def _parts(shell: folium.Map) -> MapParts:
    figure = shell.get_root()
    shell.render()
    wanted = [ASSETS[name] for name in figure.header._children if name != shell.get_name()]
    setup = figure.script.render()
    return MapParts(
        html=mark_safe(figure.html.render()),  # noqa: S308 — folium's own output, no user text
        script=mark_safe(  # noqa: S308
            "window.mapLayers = {};\nwindow.startMap = function () {\n"
            f"{setup}\nreturn {shell.get_name()};\n}};"
        ),
        scripts=[name for name in wanted if name and name.endswith(".js")],
        styles=[name for name in wanted if name and name.endswith(".css")],
    )
