// Coverage on the home page: loaded when somebody asks for it.
/* global L */

import { drawSubjects, legend, loadSubjects } from "./coverage.js";
import { percent, shareNotes } from "./numbers.js";
import { $, fetchJson, remember, say, tag } from "./page.js";

export class BoardView {
  // `zoomTo(code)` frames a county.
  constructor(map, counties, labels, zoomTo) {
    Object.assign(this, { map, counties, labels, zoomTo, layer: L.layerGroup(), isOpen: false });
    $("standard").addEventListener("change", () => this.show());
  }

  hide() {
    this.isOpen = false;
    this.layer.remove();
    this.labels.annotate({});
  }

  async show() {
    this.isOpen = true;
    const code = $("standard").value;
    const [option] = $("standard").selectedOptions;
    remember({ standard: code });
    $("sentence").textContent = option.dataset.sentence;
    $("coverage-link").href = `/coverage/?standard=${encodeURIComponent(code)}`;
    const { rows } = await fetchJson(`/api/v1/standards/${encodeURIComponent(code)}/coverage?by=county`);
    const subjects = await loadSubjects({ code, subject: option.dataset.subject }, rows);
    if (!this.isOpen || code !== $("standard").value) return;
    this.layer.addTo(this.map);
    drawSubjects(this.layer, this.counties, subjects, option.dataset.nearest, (subject) => this.open(subject));
    if (subjects.length) legend($("legend"), subjects, option.textContent);
    else $("legend").hidden = true;
    this.labels.annotate(shareNotes(rows));
    showFigures(rows);
    this.showCounties(rows);
  }

  open({ code, isCounty, isTownship }) {
    if (isCounty) this.zoomTo(code);
    else if (isTownship) location.href = `/coverage/?standard=${encodeURIComponent($("standard").value)}&region=${code}`;
    else location.href = `/villages/${code}/`;
  }

  showCounties(rows) {
    const worstFirst = [...rows].sort((a, b) => a.share - b.share);
    $("counties").replaceChildren(...worstFirst.map((row) => {
      const button = tag("button", { type: "button" }, row.name);
      button.addEventListener("click", () => this.zoomTo(row.code));
      return tag("tr", {}, tag("td", {}, button),
        tag("td", { className: "number" }, `${row.met} / ${row.subjects}`),
        tag("td", { className: "number" }, tag("b", {}, percent(row.share))));
    }));
  }
}

function showFigures(rows) {
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  const figure = (kind, n, text) => tag("div", { className: `figure ${kind}` }, tag("b", {}, String(n)), tag("span", {}, text));
  $("figures").replaceChildren(
    figure("effective", sum("met"), say("met", { n: sum("subjects") })),
    figure("gap", sum("subjects") - sum("met"), say("unmet")),
  );
  $("doubtful").textContent = say("doubtful_count", { n: sum("doubtful") });
  $("doubtful").hidden = !sum("doubtful");
}
