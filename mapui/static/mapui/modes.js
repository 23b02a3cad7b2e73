// On every page: the menu closes like one, and in the elder version a card opens at the top.

const menu = document.getElementById("menu");
addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
addEventListener("click", ({ target }) => { if (menu?.open && !menu.contains(target)) menu.open = false; });

const detail = document.getElementById("detail");
if (detail && document.documentElement.classList.contains("elder")) {
  new MutationObserver(() => { if (!detail.hidden) detail.scrollIntoView({ block: "start" }); })
    .observe(detail, { childList: true });
}

// In a frame or window of others, what a link or form of ours opens is shown the same way. From a
// frame, where no cookie of ours is kept, a page with a form opens in a window of its own, and so do
// pages of others.
const framed = self !== top;
const TAKES_FORMS = /^\/ask\/|\/say\/$|^\/admin\/|^\/remarks\//;
if (document.documentElement.classList.contains("embedded")) {
  const isElder = new URLSearchParams(location.search).get("elder") === "1";
  const marks = [["embed", "1"], ...(isElder ? [["elder", "1"]] : [])];
  addEventListener("click", ({ target }) => {
    const link = target.closest("a[href]");
    if (!link || link.target || link.hasAttribute("download") || !link.protocol.startsWith("http")) return;
    const ours = link.origin === location.origin;
    if (framed && (!ours || TAKES_FORMS.test(link.pathname))) Object.assign(link, { target: "_blank", rel: "noopener" });
    else if (ours) {
      const url = new URL(link.href);
      for (const [name, value] of marks) url.searchParams.set(name, value);
      link.href = url;
    }
  }, true);
  addEventListener("formdata", ({ formData }) => { for (const [name, value] of marks) formData.set(name, value); });
}

// Without network: say since when what is shown is kept, be it from the worker or still open.
const note = document.getElementById("offline");
const opened = document.documentElement.dataset.kept ?? new Date().toISOString();
const shown = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" };
function tellAge() {
  if (!note) return;
  note.hidden = navigator.onLine && !document.documentElement.dataset.kept;
  if (note.hidden) return;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, shown).format(new Date(opened));
  note.textContent = note.dataset.words.replace("{time}", time);
}
addEventListener("online", () => { if (document.documentElement.dataset.kept) location.reload(); else tellAge(); });
addEventListener("offline", tellAge);
tellAge();

// What is kept for no network is loaded once the page is there, but for a frame. The page of a day on the road has a
// worker of its own.
const AFTER_MS = 2000;
if (!framed && "serviceWorker" in navigator && document.querySelector('link[rel="manifest"]') && !document.body.classList.contains("today")) {
  const install = () => navigator.serviceWorker.register("/worker.js").catch(() => {});
  addEventListener("load", () => setTimeout(install, AFTER_MS));
}
