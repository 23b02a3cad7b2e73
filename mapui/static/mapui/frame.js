// Frame a part of the map, clear of what lies over it on a phone.
/* global L */

const NEAR_ZOOM = 15; // places are not clustered from here on
const MARGIN = 20; // pixels around what is framed
const LEAST = 120; // pixels of the map in which something is framed, however high the list is

// In the elder version nothing lies over the map.
const phone = () => matchMedia("(max-width: 800px)").matches && !document.documentElement.classList.contains("elder");

export function frame(map, bounds) {
  fit(map, bounds, {});
}

// Bring one point into view, close enough to see its own mark.
export function focusOn(map, point) {
  fit(map, [point, point], { maxZoom: Math.max(map.getZoom(), NEAR_ZOOM) });
}

// What of the map can be seen: all of it, but for what lies over it on a phone.
export function inSight(map) {
  const { paddingTopLeft, paddingBottomRight } = over();
  const corners = [paddingTopLeft, map.getSize().subtract(paddingBottomRight)];
  return L.latLngBounds(corners.map((corner) => map.containerPointToLatLng(corner)));
}

// Leaflet ignores a move while it zooms: wait for its end.
function fit(map, bounds, options) {
  if (!L.latLngBounds(bounds).isValid()) return; // nothing is known yet
  const { paddingTopLeft, paddingBottomRight } = over();
  const now = () => map.fitBounds(bounds, {
    paddingTopLeft: paddingTopLeft.map((side) => side + MARGIN),
    paddingBottomRight: paddingBottomRight.map((side) => side + MARGIN),
    animate: false,
    ...options,
  });
  if (map._animatingZoom) map.once("zoomend", now);
  else now();
}

// On a phone the search and its tools lie over the map, and the list, which leaves some of it.
function over() {
  const sides = { paddingTopLeft: [0, 0], paddingBottomRight: [0, 0] };
  const handle = document.getElementById("handle");
  const stage = document.querySelector(".stage");
  if (!phone() || !handle?.checkVisibility() || !stage) return sides;
  const { top, bottom } = stage.getBoundingClientRect();
  const tools = document.querySelector(".map-tools").getBoundingClientRect();
  const sheet = Math.max(handle.getBoundingClientRect().top, tools.bottom + LEAST);
  return { paddingTopLeft: [0, tools.bottom - top], paddingBottomRight: [0, bottom - sheet] };
}
