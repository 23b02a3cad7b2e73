// 分享: hand a page with its picture to the phone's own sheet; else the picture opens, to be kept.

// The picture of an address as a file, such as a chat takes, and the short address that comes along.
async function picture({ href }) {
  const response = await fetch(href);
  if (!response.ok) throw new Error(`${href}: ${response.status}`);
  const [, url] = response.headers.get("Link").match(/^<(.+)>; rel="shortlink"$/);
  return { url, file: new File([await response.blob()], "fazhimap.png", { type: "image/png" }) };
}

async function share(link) {
  const title = link.dataset.share;
  const { url, file } = await picture(link);
  const whole = { title, text: title, url, files: [file] };
  const given = navigator.canShare(whole) ? whole : { files: whole.files };
  if (!navigator.canShare(given)) throw new Error("no files");
  await navigator.share(given);
}

document.addEventListener("click", (click) => {
  const link = click.target.closest("a[data-share]");
  if (!link || !navigator.canShare || click.ctrlKey || click.metaKey) return;
  click.preventDefault();
  share(link).catch((reason) => { if (reason.name !== "AbortError") location.href = link.href; });
});
