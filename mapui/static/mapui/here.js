// Where somebody is: by the device, by a tap on the map, or by a place that is searched for. The
// position stays in the browser; distances are computed here.
/* global L */

import { tell } from "./lists.js";
import { $, fetchJson, say } from "./page.js";

export class Here {
  // `found({ point: [lon, lat], name, code })`: no name where it is the device's own position, a
  // code where it is a place that was searched for.
  constructor(map, found, waiting) {
    Object.assign(this, { map, found, waiting, isWaiting: false });
    map.on("click", ({ latlng }) => this.isWaiting && this.set([latlng.lng, latlng.lat], say("this_spot")));
    $("found").addEventListener("click", (click) => this.take(click), true);
  }

  locate() {
    tell(say("locating"));
    if (!navigator.geolocation) { this.ask(); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.set([coords.longitude, coords.latitude], ""), () => this.ask(), { timeout: 10000, maximumAge: 60000 });
  }

  // No position: any place will do.
  ask() {
    this.isWaiting = true;
    tell(say("say_where"));
    this.waiting();
    $("q").focus({ preventScroll: true });
  }

  set(point, name, code = "") {
    this.isWaiting = false;
    this.mark?.remove();
    const icon = L.divIcon({ className: "me", iconSize: [20, 20] });
    this.mark = L.marker([point[1], point[0]], { icon, interactive: false, keyboard: false }).addTo(this.map);
    this.found({ point, name, code });
  }

  // While a place is asked for, a result of the search is that place and not a page to open.
  async take(click) {
    const link = click.target.closest("a[href]");
    if (!link || !this.isWaiting) return;
    click.preventDefault();
    click.stopPropagation();
    const { results } = await fetchJson(`/api/v1/search?q=${encodeURIComponent($("q").value.trim())}`);
    const chosen = results.find(({ url }) => url === link.getAttribute("href"));
    if (!chosen || chosen.lon === null) { location.href = link.href; return; }
    $("found").hidden = true;
    this.set([chosen.lon, chosen.lat], chosen.name, chosen.code);
  }
}
