// Tiles drawn in GCJ-02 (AMap), moved so that they fit our WGS 84 data.
/* global L */

import { fromWgs84 } from "./crs.js";

const shift = ({ lng, lat }) => {
  const [lon, latitude] = fromWgs84([lng, lat], "gcj02");
  return L.latLng(latitude, lon);
};

// The layer asks for, and places, its tiles around the map's centre as GCJ-02 has it: the offset
// hardly varies over one screen.
export function shiftToGcj(layer) {
  const bounds = layer._getTiledPixelBounds;
  const place = layer._setZoomTransform;
  layer._getTiledPixelBounds = (centre) => bounds.call(layer, shift(centre));
  layer._setZoomTransform = (level, centre, zoom) => place.call(layer, level, shift(centre), zoom);
  layer.redraw();
}
