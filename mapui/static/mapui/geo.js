// Distances and nearest places. Pure: no page, no map.

const AXIS = 6378137; // of the WGS 84 ellipsoid, in metres
const FLATTENING = 1 / 298.257223563;
const RADIUS = 6371008.8; // the mean radius of the earth, in metres (IUGG)
const RAD = Math.PI / 180;

// Metres between two [lon, lat] in degrees on the WGS 84 ellipsoid, by Lambert's formula: good to a
// hundred-thousandth. Over a quarter of the world away, on a sphere.
export function metres([lon1, lat1], [lon2, lat2]) {
  const [one, two] = [lat1, lat2].map((lat) => Math.atan((1 - FLATTENING) * Math.tan(lat * RAD)));
  const [middle, apart] = [(one + two) / 2, (two - one) / 2];
  const half = Math.min(1, Math.sin(apart) ** 2 + Math.cos(one) * Math.cos(two) * Math.sin(((lon2 - lon1) * RAD) / 2) ** 2);
  const angle = 2 * Math.asin(Math.sqrt(half));
  if (half === 0 || half > 0.5) return RADIUS * angle;
  const x = ((angle - Math.sin(angle)) * (Math.sin(middle) * Math.cos(apart)) ** 2) / (1 - half);
  const y = ((angle + Math.sin(angle)) * (Math.cos(middle) * Math.sin(apart)) ** 2) / half;
  return AXIS * (angle - (FLATTENING / 2) * (x + y));
}

// Square metres inside a Polygon or MultiPolygon: planar around its own latitude, good to compare.
export function area({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.reduce((sum, [outer, ...holes]) => sum + ringArea(outer) - holes.reduce((all, hole) => all + ringArea(hole), 0), 0);
}

function ringArea(ring) {
  const degree = RADIUS * RAD;
  const doubled = ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
  return (Math.abs(doubled) / 2) * degree ** 2 * Math.cos(ring[0][1] * RAD);
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

// About how long a way of so many straight metres takes: `by` walk or drive, in whole `minutes`, a
// begun one counting. `paces` are the server's (sites/travel.py).
export function journey(straight, paces) {
  const by = straight < paces.walked_m ? "walk" : "drive";
  const { detour, kmh } = paces[by];
  return { by, minutes: Math.max(1, Math.ceil(((straight * detour) / 1000 / kmh) * 60 - 1e-9)) };
}
