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

// The places with their `distance` from `here`, the nearest first.
export function byDistance(places, here) {
  return places
    .map((place) => ({ ...place, distance: metres(here, place.point) }))
    .sort((a, b) => a.distance - b.distance);
}
