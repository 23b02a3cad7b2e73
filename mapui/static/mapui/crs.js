// WGS 84 in the coordinate systems of Chinese maps, as sites/crs.py has it. Pure.

const AXIS = 6378245; // of the Krasovsky ellipsoid, in metres
const SQUARED_ECCENTRICITY = 0.00669342162296594323;
const BOX = [73.66, 3.86, 135.05, 53.55]; // west, south, east, north: outside it nothing is moved
const RAD = Math.PI / 180;

// Sums of waves: pairs of amplitude and half a wave's length.
const waves = (value, ...terms) => (2 / 3) * terms.reduce((sum, [height, half]) => sum + height * Math.sin((value * Math.PI) / half), 0);

function gcj02([lon, lat]) {
  if (lon <= BOX[0] || lon >= BOX[2] || lat <= BOX[1] || lat >= BOX[3]) return [lon, lat];
  const [x, y] = [lon - 105, lat - 35];
  const root = Math.sqrt(Math.abs(x));
  const both = waves(x, [20, 1 / 6], [20, 1 / 2]);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    + waves(x, [20, 1], [40, 3], [150, 12], [300, 30]);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    + waves(y, [20, 1], [40, 3], [160, 12], [320, 30]);
  const bend = 1 - SQUARED_ECCENTRICITY * Math.sin(lat * RAD) ** 2;
  const degreeNorth = (RAD * AXIS * (1 - SQUARED_ECCENTRICITY)) / bend ** 1.5;
  const degreeEast = (RAD * AXIS * Math.cos(lat * RAD)) / Math.sqrt(bend);
  return [lon + east / degreeEast, lat + north / degreeNorth];
}

function bd09(point) {
  const [lon, lat] = gcj02(point);
  const turn = 3000 * RAD;
  const radius = Math.hypot(lon, lat) + 0.00002 * Math.sin(lat * turn);
  const angle = Math.atan2(lat, lon) + 0.000003 * Math.cos(lon * turn);
  return [radius * Math.cos(angle) + 0.0065, radius * Math.sin(angle) + 0.006];
}

// [lon, lat] in degrees, in the system "gcj02" (AMap, Tencent, Apple) or "bd09" (Baidu).
export const fromWgs84 = (point, system) => ({ gcj02, bd09 })[system](point);
