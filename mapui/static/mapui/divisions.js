// The map of an area with too many villages to show one by one: its divisions by their share, from
// the table of the page, in their boundary or else as a disc where their villages are.
/* global L */

import { addPanes, drawLand, drawShore, drawWaters, Labels } from "./land.js";
import { discRadius, shareBand, SHARE_BANDS } from "./divisions_scale.js";
import { percent } from "./numbers.js";
import { config, fetchJson, tag } from "./page.js";

const { region, level } = document.querySelector(".stage").dataset;
const map = window.startMap();
const base = window.mapLayers.base;
if (base?.options.gcj02) (await import("./gcj.js")).shiftToGcj(base);
L.control.scale({ imperial: false }).addTo(map);
addPanes(map);

const rows = [...document.querySelectorAll("#divisions tr[data-code]")].map(readRow);
const within = region ? `&region=${region}` : "";
const [divisions, waters] = await Promise.all([
  fetchJson(`/api/v1/regions?level=${level}&limit=1000${within}`),
  fetchJson(config.waters),
]);
if (!base) drawShore(map, divisions);
drawLand(map, divisions, Boolean(base));
drawWaters(map, waters);
draw();
document.body.dataset.ready = "true";

function readRow(line) {
  const { code, lon, lat, share, subjects, met } = line.dataset;
  const link = line.querySelector("th a");
  return { code, name: link.textContent, href: link.href, point: [Number(lat), Number(lon)], share: Number(share), subjects: Number(subjects), met: Number(met) };
}

function draw() {
  const shapes = new Map(divisions.features.map((each) => [each.id, each]));
  const labels = new Labels(map);
  const most = Math.max(...rows.map(({ subjects }) => subjects));
  for (const row of rows) {
    const shape = drawn(row, shapes.get(row.code), most);
    shape.bindTooltip(() => tooltip(row), { sticky: true });
    shape.on("click", () => { location.href = row.href; });
    window.mapLayers.sites.addLayer(shape);
    labels.add(row.point, row.name, "county", row.code);
  }
  labels.annotate(Object.fromEntries(rows.map(({ code, share }) => [code, { text: percent(share), below: false }])));
  if (rows.length) map.fitBounds(window.mapLayers.sites.getBounds(), { padding: [24, 24], animate: false });
  showLegend();
}

function drawn({ point, share, subjects }, feature, most) {
  const className = `division ${shareBand(share)}`;
  if (feature?.geometry?.type.endsWith("Polygon")) return L.geoJSON(feature, { style: { className } });
  return L.circleMarker(point, { className, radius: discRadius(subjects, most) });
}

function tooltip({ name, share, subjects, met }) {
  return tag("div", {}, tag("b", {}, name), tag("br"), `${met} / ${subjects} · ${percent(share)}`);
}

function showLegend() {
  const legend = document.getElementById("legend");
  const entries = SHARE_BANDS.map(([band, from, to]) =>
    tag("li", { className: band }, tag("i", { className: `division-sign ${band}` }), `${from}–${to}%`));
  legend.replaceChildren(tag("p", {}, legend.dataset.title), tag("ul", { className: "signs" }, ...entries));
  legend.hidden = false;
}
