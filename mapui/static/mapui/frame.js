// Frame a part of the map, clear of what lies over it.
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

// What of the map can be seen: all of it, but for what lies over it.
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

// The tools of the home map lie over it; on a phone the search too, and the list, which leaves some.
function over() {
  const sides = { paddingTopLeft: [0, 0], paddingBottomRight: [0, 0] };
  const handle = document.getElementById("handle");
  const tools = document.querySelector(".map-tools");
  const stage = document.querySelector(".stage");
  if (!stage || !tools?.checkVisibility()) return sides;
  const { top, bottom } = stage.getBoundingClientRect();
  const under = tools.getBoundingClientRect().bottom;
  sides.paddingTopLeft = [0, under - top];
  if (!phone() || !handle?.checkVisibility()) return sides;
  const sheet = Math.max(handle.getBoundingClientRect().top, under + LEAST);
  return { ...sides, paddingBottomRight: [0, bottom - sheet] };
}
