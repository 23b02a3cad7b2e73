// Markers that lie under the search, a button or the list are left out of the order of Tab: nobody
// sees where the focus is, and a finger hits what lies above. The list has them all.

const OVER = ".finder .search, .map-tools > *, .views, .leaflet-control, .panel-body, .handle, .message, .legend, .dock, .top, .banner";

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

export function skipCovered(map) {
  const pane = map.getPane("markerPane");
  let waiting = 0;
  const check = () => {
    waiting = 0;
    const over = [...document.querySelectorAll(OVER)].map((element) => element.getBoundingClientRect()).filter(({ width }) => width);
    const markers = [...pane.querySelectorAll("[role=button]")].map((marker) => [marker, marker.getBoundingClientRect()]);
    for (const [marker, box] of markers) {
      const wanted = over.some((other) => overlap(box, other)) ? -1 : 0;
      if (marker.tabIndex !== wanted && marker !== document.activeElement) marker.tabIndex = wanted;
    }
  };
  const soon = () => { waiting ||= setTimeout(check, 100); };
  map.on("moveend zoomend resize", soon);
  new MutationObserver(soon).observe(pane, { childList: true });
  soon();
}
