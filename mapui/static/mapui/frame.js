// Frame a part of the map, clear of what lies over it on a phone.

const NEAR_ZOOM = 15; // places are not clustered from here on

const phone = () => matchMedia("(max-width: 800px)").matches;

export function frame(map, bounds) {
  map.fitBounds(bounds, { ...padding(), animate: false });
}

// Bring one point into view, close enough to see its own mark.
export function focusOn(map, point) {
  const maxZoom = Math.max(map.getZoom(), NEAR_ZOOM);
  map.fitBounds([point, point], { ...padding(), maxZoom, animate: false });
}

function padding() {
  if (!phone()) return { padding: [24, 24] };
  return { paddingTopLeft: [16, 140], paddingBottomRight: [16, innerHeight * 0.4 + 50] };
}
