// Markers outside of the map's window, or with their middle under the search, a button or the list, are
// left out of the order of Tab: nobody sees where the focus is, and a finger hits what lies above. The
// list has them all.

const OVER = ".finder .search, .map-tools > *, .views, .leaflet-control, .panel-body, .handle, .message, .legend, .dock, .top, .banner";

const middle = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
const within = ([x, y], { left, right, top, bottom }) => left <= x && x <= right && top <= y && y <= bottom;

export function skipCovered(map) {
  const pane = map.getPane("markerPane");
  let waiting = 0;
  const check = () => {
    waiting = 0;
    const over = [...document.querySelectorAll(OVER)].map((element) => element.getBoundingClientRect()).filter(({ width }) => width);
    const markers = [...pane.querySelectorAll("[role=button]")].map((marker) => [marker, marker.getBoundingClientRect()]);
    const stage = map.getContainer().getBoundingClientRect();
    for (const [marker, box] of markers) {
      const at = middle(box);
      const wanted = within(at, stage) && !over.some((other) => within(at, other)) ? 0 : -1;
      if (marker.tabIndex !== wanted && marker !== document.activeElement) marker.tabIndex = wanted;
    }
  };
  const soon = () => { waiting ||= setTimeout(check, 100); };
  map.on("moveend zoomend resize", soon);
  document.getElementById("panel-body")?.addEventListener("transitionend", soon);
  new MutationObserver(soon).observe(pane, { childList: true });
  soon();
}
