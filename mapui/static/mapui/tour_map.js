// A tour on the map: a numbered route for each team and day, the beds, and who is left out.
/* global L */

import { day as dayText, fetchJson, hour, say, tag } from "./page.js";
import { routes } from "./tour_moves.js";

const SVG = "http://www.w3.org/2000/svg";
const [BED, HOME] = ["宿", "驻"]; // signs, as the kinds of sites have them: the same in every language
const CROWDED = 6; // routes from which on they are shown by day or team, where that is wished
const LEGEND_PX = 100; // how high the legend is on a phone
const at = ([lon, lat]) => [lat, lon];

export class TourMap {
  constructor(base, facts, act) {
    Object.assign(this, { map: base.map, labels: base.labels, facts, act, villages: null, framed: "", only: { date: "", team: "" } });
    this.layers = Object.fromEntries(["left", "progress", "routes", "marks"].map((name) => [name, L.layerGroup().addTo(this.map)]));
    this.homes = new Map(facts.teams.filter(({ home }) => home).map(({ team, home }) => [team, home]));
  }

  draw(tour, busy) {
    Object.assign(this, { tour, busy });
    for (const layer of Object.values(this.layers)) layer.clearLayers();
    const wanted = ({ date, team }) => (!this.only.date || date === this.only.date) && (!this.only.team || team === Number(this.only.team));
    const days = tour.days.filter(wanted);
    const lines = routes(tour.days, this.homes).filter(wanted);
    for (const line of lines) this.route(line);
    for (const day of days) this.marks(day);
    this.ends(days);
    if (busy) this.progress(tour.progress.lines ?? []);
    this.frame([...lines.flatMap(({ points }) => points), ...(tour.progress.lines ?? []).flatMap(({ points }) => points)]);
    this.rings(tour);
    this.labels.arrange();
  }

  look(team, date) {
    return `c${this.facts.dates.indexOf(date) % 7} t${team}`;
  }

  route({ team, date, points }) {
    if (points.length < 2) return;
    const line = L.polyline(points.map(at), { className: `route ${this.look(team, date)}` });
    const name = this.facts.teams.find((each) => each.team === team)?.name ?? team;
    this.layers.routes.addLayer(line.bindTooltip(say("route_of", { team: name, day: dayText(`${date}T12:00+08:00`) }), { sticky: true }));
  }

  marks({ team, date, stops }) {
    stops.forEach((stop, i) => {
      if (stop.lon === null) return;
      const icon = L.divIcon({ className: `route-stop ${this.look(team, date)}${stop.broken.length ? " broken" : ""}`, html: String(i + 1), iconSize: [26, 26] });
      const title = `${stop.name} ${dayText(stop.begin)} ${hour(stop.begin)}`;
      const marker = L.marker([stop.lat, stop.lon], { icon, title, alt: title });
      marker.on("click", () => this.act.show(stop.village));
      this.layers.marks.addLayer(marker);
    });
  }

  // Where teams sleep and start from.
  ends(days) {
    const beds = new Map(days.filter(({ bed }) => bed).map((day) => [day.bed, day]));
    for (const { bed_lon_lat, sleeps_at } of beds.values()) this.square(bed_lon_lat, BED, say("sleep", { name: sleeps_at }));
    for (const { home, name } of this.facts.teams) if (home) this.square(home, HOME, name);
  }

  square(point, text, title) {
    const icon = L.divIcon({ className: "route-bed", html: text, iconSize: [26, 26] });
    this.layers.marks.addLayer(L.marker(at(point), { icon, title, alt: title, keyboard: false, zIndexOffset: -200 }));
  }

  // The best plan so far, while it is looked for.
  progress(lines) {
    for (const { team, points } of lines) {
      this.layers.progress.addLayer(L.polyline(points.map(at), { className: `route so-far t${team}`, interactive: false }));
      for (const point of points) this.layers.progress.addLayer(L.circleMarker(at(point), { radius: 5, className: "so-far-stop", interactive: false }));
    }
  }

  // Frames the tour when it is first seen and when its outline has changed a lot.
  frame(points) {
    if (!points.length) return;
    const bounds = L.latLngBounds(points.map(at));
    if (this.framed && this.framed.contains(bounds)) return;
    this.framed = bounds;
    const below = matchMedia("(max-width: 800px)").matches ? LEGEND_PX : 30; // where the legend lies
    this.map.fitBounds(bounds, { paddingTopLeft: [30, 30], paddingBottomRight: [30, below], animate: false });
  }

  async rings(tour) {
    const mine = (this.drawing = {});
    if (!tour.left_out.length) return;
    try {
      this.villages ??= await this.readVillages();
    } catch {
      return; // the list beside the map still names them
    }
    if (mine !== this.drawing) return;
    for (const each of tour.left_out) {
      const point = this.villages.get(each.village);
      if (!point) continue;
      const ring = L.circleMarker(at(point), { radius: 5, className: `left-ring ${each.code}` });
      ring.bindTooltip(each.name).bindPopup(() => this.popup(each));
      this.layers.left.addLayer(ring);
    }
  }

  async readVillages() {
    const { features } = await fetchJson(`/api/v1/villages?limit=10000&region=${encodeURIComponent(this.facts.region)}`);
    return new Map(features.filter(({ geometry }) => geometry).map(({ id, geometry }) => [id, geometry.coordinates]));
  }

  popup(each) {
    const menu = tag("div", { className: "site-menu" }, tag("b", {}, each.name), tag("span", {}, each.detail));
    const button = (text, act) => {
      const made = tag("button", { type: "button", className: "button" }, text);
      made.addEventListener("click", act);
      menu.append(made);
    };
    button(say("take_in"), () => { this.map.closePopup(); this.act.takeIn(each); });
    const answer = tag("span", { className: "answer" });
    button(say("what_would_it_take"), async () => { answer.textContent = await this.act.question(each); });
    menu.append(answer);
    return menu;
  }

  // Where there are many routes: one day, or one team, at a time.
  choices() {
    const noon = (date) => dayText(`${date}T12:00+08:00`);
    const lists = {
      date: [["", say("all_days")], ...this.facts.dates.map((date) => [date, noon(date)])],
      team: [["", say("all_teams")], ...this.facts.teams.map(({ team, name }) => [String(team), name])],
    };
    return Object.entries(lists).filter(([, list]) => list.length > 2).map(([kind, list]) => {
      const select = tag("select", {}, ...list.map(([value, text]) => tag("option", { value }, text)));
      select.setAttribute("aria-label", say(`show_${kind}`));
      select.addEventListener("change", () => { this.only[kind] = select.value; this.framed = ""; this.draw(this.tour, this.busy); });
      return tag("li", { className: "choice" }, select);
    });
  }

  legend(element) {
    const noon = (date) => dayText(`${date}T12:00+08:00`);
    const days = this.facts.dates.length > 7 ? [] : this.facts.dates.map((date, i) => entry(sample(`c${i} t1`), noon(date)));
    const teams = this.facts.teams.length > 1 ? this.facts.teams.map(({ team, name }) => entry(sample(`plain t${team}`), name)) : [];
    const choices = this.facts.dates.length * this.facts.teams.length > CROWDED ? this.choices() : [];
    element.replaceChildren(...choices, ...days, ...teams, entry(tag("i", { className: "sign" }), say("left_ring")));
  }
}

function entry(sign, text) {
  return tag("li", {}, sign, text);
}

function sample(look) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 34 10");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", "M1 5H33");
  line.setAttribute("class", `route ${look}`);
  svg.append(line);
  return svg;
}
