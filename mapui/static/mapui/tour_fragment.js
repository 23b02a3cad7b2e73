// A piece of a page, as our server makes it.

export async function pageOf(address, signal) {
  const response = await fetch(address, { headers: { Accept: "text/html" }, signal });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const { body } = new DOMParser().parseFromString(await response.text(), "text/html");
  return [...body.childNodes];
}
