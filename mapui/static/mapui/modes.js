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

// In a frame or window of others, what a link of ours opens is shown the same way.
if (document.documentElement.classList.contains("embedded")) {
  addEventListener("click", ({ target }) => {
    const link = target.closest("a[href]");
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    url.searchParams.set("embed", "1");
    link.href = url;
  }, true);
}
