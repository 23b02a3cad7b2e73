// What is taken along: papers by day and team, and the calendar's address.

import { $, day as dayText, say, tag, weekday } from "./page.js";

const link = (address, text, className) => tag("a", { href: address, className }, text);

// A row for each date on which any team is on the road.
export function drawParts(tour, facts) {
  const name = (team) => facts.teams.find((each) => each.team === team)?.name ?? String(team);
  const rows = facts.dates.map((date) => {
    const teams = tour.days.filter((day) => day.date === date && day.stops.length).map(({ team }) => team).sort();
    const paper = (kind, text, team) => link(`/tours/${tour.id}/${kind}.pdf?date=${date}${team ? `&team=${team}` : ""}`, text, "chip");
    const noon = `${date}T12:00+08:00`;
    return teams.length ? tag("tr", {},
      tag("th", { scope: "row" }, `${weekday(noon)} ${dayText(noon)}`),
      tag("td", {}, ...teams.flatMap((team) => [paper("sheet", name(team), team), " "])),
      tag("td", {}, paper("calls", say("of_that_day"))),
      tag("td", {}, paper("notices", say("of_that_day"))),
    ) : "";
  });
  $("print-parts").replaceChildren(...rows.filter(Boolean));
}
