import assert from "node:assert/strict";
import test from "node:test";

import { fromWgs84 } from "../../mapui/static/mapui/crs.js";

// From the Python package coordTransform, which sites/crs.py uses; the last lies outside its box.
const COMPUTED = [
  [[109.84, 40.65], [109.845704, 40.6511439], [109.8522746, 40.6568955]],
  [[107.0, 42.75], [107.0053042, 42.7518709], [107.0118539, 42.7578002]],
  [[110.999, 41.2], [111.0054746, 41.2017202], [111.0118713, 41.2080453]],
  [[104.9, 34.9], [104.9029277, 34.8988022], [104.9093728, 34.9049104]],
  [[87.6, 43.8], [87.602839, 43.801212], [87.6092102, 43.8074725]],
  [[121.47, 31.23], [121.4745349, 31.2280675], [121.4810762, 31.2339867]],
  [[73.5, 39.0], [73.5, 39.0], [73.506617, 39.0057795]],
];
// Published with eviltransform, coordtransform and gcoord.
const PUBLISHED = [
  ["gcj02", [121.5272106, 31.1774276], [121.531541859215, 31.17530398364597]],
  ["gcj02", [113.912316, 22.543847], [113.9171764808363, 22.540796131694766]],
  ["bd09", [116.403988, 39.914266], [116.41661560068297, 39.92196580126834]],
  ["bd09", [110.4355, 41.6919], [110.44835052112083, 41.69980756912911]],
];

function near(found, wanted, degrees) {
  for (const i of [0, 1]) assert.ok(Math.abs(found[i] - wanted[i]) <= degrees, `${found}, not ${wanted}`);
}

test("a point lands where the server's own formulas put it, to a centimetre", () => {
  for (const [point, gcj02, bd09] of COMPUTED) {
    near(fromWgs84(point, "gcj02"), gcj02, 1e-7);
    near(fromWgs84(point, "bd09"), bd09, 1e-7);
  }
});

test("a point lands where the published values say", () => {
  for (const [system, point, wanted] of PUBLISHED) near(fromWgs84(point, system), wanted, 1e-9);
});
