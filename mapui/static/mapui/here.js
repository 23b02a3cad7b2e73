// Where somebody is: by the device, by a tap on the map, or by a place that is searched for. The
// position stays in the browser; distances are computed here.
/* global L */

import { tell } from "./lists.js";
import { $, say } from "./page.js";

export class Here {
  // `found({ point: [lon, lat], name, code })`: no name where it is the device's own position, a
  // code where it is a place that was searched for.
  constructor(map, found, waiting) {
    Object.assign(this, { map, found, waiting, isWaiting: false, finds: null });
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
  take(click) {
    const result = click.target.closest("a[href]")?.result;
    if (!this.isWaiting || !result || result.lon === null) return;
    click.preventDefault();
    click.stopPropagation();
    this.finds.hide();
    this.set([result.lon, result.lat], result.name, result.code);
  }
}
