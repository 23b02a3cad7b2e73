// For stewards: where the place is on record, and where somebody says that it is.
/* global L */

import { startBase } from "./base.js";
import { pinMarked, pinOnRecord } from "./pins.js";
import { config } from "./page.js";

const CLOSE = 14;
const { point, marked } = config.place;
const at = L.latLng(point[1], point[0]);

startBase().then(({ map }) => {
  pinOnRecord(map, at);
  if (marked) {
    const there = L.latLng(marked[1], marked[0]);
    pinMarked(map, there);
    map.fitBounds(L.latLngBounds([at, there]).pad(0.6), { animate: false, maxZoom: 16 });
  } else map.setView(at, CLOSE, { animate: false });
  document.body.dataset.ready = "";
});
