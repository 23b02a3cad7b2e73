// The base map: counties, the river, and towns, with their names.
/* global L */

import { addPanes, drawLand, drawShore, drawWaters, Labels, middle, riverNames } from "./land.js";
import { breathe, config, fetchJson, say } from "./page.js";
import { skipCovered } from "./covered.js";

const TOWNS_FROM_ZOOM = 11.5;
const RIVERS_FROM_ZOOM = 8;

// `within`: only the counties and towns of this division, where the data are a nation's. `open`
// frames the map before anything is drawn, which would be drawn twice else.
export async function startBase(within = "", open = () => {}) {
  const area = within ? `&region=${within}` : "";
  const asked = [`/api/v1/regions?level=county${area}`, config.waters].map(fetchJson);
  await breathe();
  const map = window.startMap();
  const base = window.mapLayers.base;
  if (base?.options.gcj02) (await import("./gcj.js")).shiftToGcj(base);
  L.control.scale({ imperial: false }).addTo(map);
  nameControls(map);
  addPanes(map);
  skipCovered(map);
  const [counties, waters] = await Promise.all(asked);
  await open(map, counties.features);
  await breathe();
  if (!base) drawShore(map, counties);
  await breathe();
  const land = drawLand(map, counties, Boolean(base));
  await breathe();
  drawWaters(map, waters);
  const labels = new Labels(map);
  const placed = counties.features.filter(({ geometry, properties }) => geometry || properties.seat);
  for (const county of placed) labels.add(middle(county), county.properties.name, "county", county.id);
  const rivers = land.getBounds().isValid() ? riverNames(waters, land.getBounds().getCenter()) : [];
  for (const [name, place] of rivers) labels.add(place, name, "river", null, RIVERS_FROM_ZOOM);
  showTowns(map, labels, area);
  labels.arrange();
  return { map, land, labels, counties: counties.features };
}

// In the page's language, for those who hear it.
function nameControls(map) {
  const container = map.getContainer();
  Object.assign(container, { role: "group", ariaLabel: say("map") });
  for (const way of ["in", "out"]) {
    const button = container.querySelector(`.leaflet-control-zoom-${way}`);
    if (button) Object.assign(button, { title: say(`zoom_${way}`), ariaLabel: say(`zoom_${way}`) });
  }
}

async function showTowns(map, labels, area) {
  let asked = false;
  const check = async () => {
    if (asked || map.getZoom() < TOWNS_FROM_ZOOM) return;
    asked = true;
    const towns = await fetchJson(`/api/v1/regions?level=township&limit=10000${area}`);
    for (const town of towns.features) {
      if (town.geometry) labels.add(middle(town), town.properties.name, "town", town.id, TOWNS_FROM_ZOOM);
    }
    labels.arrange();
  };
  map.on("zoomend", check);
  check();
}
