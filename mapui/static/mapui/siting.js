// Where would more places help most? Asks, draws each better answer as it comes, says how good it
// is proven to be, and takes the places over.
/* global L */

import { $, say, tag } from "./page.js";
import { gapInPercent, objects } from "./stream.js";

const LISTED = 12;
const LEFT_OUT = ["out_of_reach", "need_more", "unknown", "uncounted"];

// `take` is given the chosen places; `link` makes a link of a subject's code; `layer` shows them.
export function wireSiting(api, take, link, layer) {
  if ($("siting")) new Siting(api, take, link, layer).wire();
}

class Siting {
  constructor(api, take, link, layer) {
    Object.assign(this, { api, take, link, layer, form: $("siting"), asking: null, candidates: [], found: null });
  }

  wire() {
    const { method, from, file, crs } = this.form.elements;
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.ask(); });
    $("siting-stop").addEventListener("click", () => this.asking?.abort());
    addEventListener("pagehide", () => this.asking?.abort());
    method.addEventListener("change", () => this.arrange());
    from.addEventListener("change", () => { this.arrange(); this.read(); });
    for (const field of [file, crs]) field.addEventListener("change", () => this.read());
    this.arrange();
  }

  // Only what the method asks for.
  arrange() {
    const { method, count, weight, measure, from } = this.form.elements;
    const show = (field, shown) => { field.closest("label").hidden = !shown; };
    show(count, method.value !== "lscp");
    show(weight, method.value !== "lscp");
    show(measure, method.value === "p-median");
    $("siting-file").hidden = from.value !== "file";
    $("siting-hint").textContent = say(`hint_${method.value}`);
  }

  headers(more) {
    return { Accept: "application/json", "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, ...more };
  }

  // The places of a file, read by the server: it knows spreadsheets, encodings and systems.
  async read() {
    const { from, file, crs } = this.form.elements;
    this.candidates = [];
    $("siting-read").textContent = "";
    if (from.value !== "file" || !file.files.length) return;
    const body = new FormData();
    body.append("file", file.files[0]);
    body.append("crs", crs.value);
    try {
      const response = await fetch("/api/v1/siting/candidates", { method: "POST", headers: this.headers(), body });
      const told = await response.json();
      this.candidates = response.ok ? told.candidates : [];
      $("siting-read").textContent = response.ok ? say("candidates_read", { n: told.candidates.length }) : told.detail;
    } catch {
      $("siting-read").textContent = say("no_answer");
    }
  }

  question() {
    const { method, count, region, weight, measure, from } = this.form.elements;
    return {
      method: method.value,
      region: region.value,
      ...(method.value === "lscp" ? {} : { count: Number(count.value), weight: weight.value }),
      ...(method.value === "p-median" ? { measure: measure.value } : {}),
      ...(from.value === "file" ? { candidates: this.candidates } : {}),
    };
  }

  async ask() {
    this.asking?.abort();
    this.show(null);
    if (this.form.elements.from.value === "file" && !this.candidates.length) {
      this.tell(say("no_candidates"), "refused");
      return;
    }
    const mine = (this.asking = new AbortController());
    this.tell(say("computing"), "proving");
    $("siting-stop").hidden = false;
    $("siting-status").scrollIntoView({ block: "nearest" });
    try {
      await this.follow(mine.signal);
    } catch (failed) {
      if (mine === this.asking) this.tell(failed.name === "AbortError" ? this.stopped() : say("no_answer"), "open");
    } finally {
      if (mine === this.asking) {
        this.asking = null;
        $("siting-stop").hidden = true;
      }
    }
  }

  async follow(signal) {
    const response = await fetch(`${this.api}/siting`, {
      method: "POST",
      headers: this.headers({ "Content-Type": "application/json", Accept: "application/x-ndjson, application/json" }),
      body: JSON.stringify(this.question()),
      signal,
    });
    if (!response.ok) {
      this.tell((await response.json()).detail, "refused");
      return;
    }
    for await (const found of objects(response.body)) {
      this.show(found);
      if (found.status === "optimal") this.tell(found.sentence, found.chosen.length ? "proven" : "nothing");
      else this.tell(say("proving", this.progress(found)), "proving");
    }
    if (this.found?.status !== "optimal") this.tell(this.found?.sentence ?? say("no_answer"), "open");
  }

  progress(found) {
    const n = found.chosen.reduce((sum, place) => sum + place.gains.length, 0);
    return { places: found.chosen.length, gains: say(`gained_${found.gains_means}`, { n }), gap: gapInPercent(found) };
  }

  stopped() {
    return this.found ? say("stopped", this.progress(this.found)) : say("stopped_early");
  }

  // Changes nothing where nothing changed: it is read aloud.
  tell(text, state) {
    const status = $("siting-status");
    if (status.textContent !== text) status.textContent = text;
    status.dataset.state = state;
    $("siting-proof").textContent = { proven: say("proven"), open: say("unproven") }[state] ?? "";
    $("siting-proof").hidden = !$("siting-proof").textContent;
  }

  show(found) {
    this.found = found;
    this.layer.clearLayers();
    $("siting-found").replaceChildren(...(found ? this.drawn(found) : []));
  }

  drawn(found) {
    const left = LEFT_OUT.filter((name) => found[name].length).map((name) =>
      tag("p", { className: "quiet" }, `${say(name)} `, ...this.names(found[name])));
    if (!found.chosen.length) return left;
    for (const place of found.chosen) this.draw(place);
    const places = found.chosen.map((place) => tag("li", {},
      tag("b", {}, place.name), ` · ${say(`gained_${found.gains_means}`, { n: place.gains.length })}: `, ...this.names(place.gains)));
    const all = tag("button", { type: "button", className: "button primary" }, say("put_on_map"));
    all.addEventListener("click", () => { this.asking?.abort(); this.layer.clearLayers(); this.take(found.chosen); });
    return [tag("ol", {}, ...places), ...left, all];
  }

  draw({ lon, lat, name }) {
    const mark = L.circleMarker([lat, lon], { radius: 9, className: "proposed" });
    this.layer.addLayer(mark.bindTooltip(name));
  }

  names(codes) {
    const shown = codes.slice(0, LISTED).flatMap((code, i) => (i ? ["、", this.link(code)] : [this.link(code)]));
    return codes.length > LISTED ? [...shown, ` ${say("and_more", { n: codes.length - LISTED })}`] : shown;
  }
}
