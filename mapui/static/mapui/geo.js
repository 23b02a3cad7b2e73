// Distances and nearest places. Pure: no page, no map.

const RADIUS = 6371008.8; // the mean radius of the earth, in metres (IUGG)

// Great-circle metres between two [lon, lat] in degrees: good to 0.6 %, enough to order a list.
export function metres([lon1, lat1], [lon2, lat2]) {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(a)));
}

// Square metres inside a Polygon or MultiPolygon: planar around its own latitude, good to compare.
export function area({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.reduce((sum, [outer, ...holes]) => sum + ringArea(outer) - holes.reduce((all, hole) => all + ringArea(hole), 0), 0);
}

function ringArea(ring) {
  const degree = (RADIUS * Math.PI) / 180;
  const doubled = ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
  return (Math.abs(doubled) / 2) * degree ** 2 * Math.cos((ring[0][1] * Math.PI) / 180);
}

// The fewest areas that together hold half of the places, the most densely filled first. `areas`
// are features with polygons; each place names the `region` that it lies in.
export function densest(areas, places) {
  const held = areas.map((feature) => {
    const count = places.filter(({ region }) => region === feature.id).length;
    return { feature, count, density: count / area(feature.geometry) };
  }).sort((a, b) => b.density - a.density);
  const half = held.reduce((sum, { count }) => sum + count, 0) / 2;
  let before = 0;
  return held.filter(({ count }) => (before += count) - count < half).map(({ feature }) => feature);
}

// The places with their `distance` from `here`, the nearest first.
export function byDistance(places, here) {
  return places
    .map((place) => ({ ...place, distance: metres(here, place.point) }))
    .sort((a, b) => a.distance - b.distance);
}

const WALK = { detour: 1.3, metresAMinute: 75 };
const DRIVE = { detour: 1.4, metresAMinute: 660 };
const FAR = 3000; // metres from which on nobody walks

// About how long a way of so many straight metres takes: `by` walk or drive, in whole `minutes`.
export function journey(straight) {
  const by = straight < FAR ? "walk" : "drive";
  const { detour, metresAMinute } = by === "walk" ? WALK : DRIVE;
  return { by, minutes: Math.max(1, Math.round((straight * detour) / metresAMinute)) };
}
