// The link 路线 of a template, filled in for a place; going.js does the rest.

import { addressOf } from "./going.js";
import { config, distance, say } from "./page.js";

// What lies above a site or a village in its address, as the API tells of it.
export const above = ({ county_name: county, township_name: township, region_name: region, address, village_name: village }) =>
  (county ? [county, township] : [region, address || village]);

export function leadTo(link, point, place) {
  const { name, position_error_m: error } = place;
  link.closest("[data-point]").dataset.point = point;
  link.ariaLabel = say("way_to", { place: name });
  Object.assign(link.dataset, { going: name, address: addressOf(...above(place), name) });
  if (error >= config.rough_way_m) link.dataset.rough = say("rough_way", { error: distance(error) });
}
