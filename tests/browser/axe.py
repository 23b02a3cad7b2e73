"""axe-core in a page of ours: what it finds against WCAG 2.1, and other things that are measured."""

from functools import cache

from tests.served import ROOT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
COLOURS = {"type": "rule", "values": ["color-contrast"]}
STRONG_COLOURS = {"type": "rule", "values": ["color-contrast-enhanced"]}  # 7:1, 4.5:1 if large
# One line for each element that breaks a rule: "rule: selector: what is wrong".
RUN = """(runOnly) => axe.run(document, { runOnly, resultTypes: ["violations"] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) =>
    `${id}: ${target.join(" ")}: ${[...any, ...all, ...none].map(({ message }) => message).join("; ")}`)))"""


@cache
def _source():
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def violations(page, only=None):
    """What axe finds on the page as it is shown now: all of WCAG 2.1 A and AA, or `only` a part."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_source())
    return page.evaluate(RUN, only or {"type": "tag", "values": TAGS})


# What a finger presses and is smaller than 44 × 44 pixels: "tag.class 20×30: text". A link inside a
# sentence is as high as its line (WCAG 2.5.8 lets it be); one that stands alone is not.
SMALL = """() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !element.closest(".leaflet-marker-pane, .leaflet-overlay-pane, .skip, [tabindex='-1']");
  const inSentence = (element) => getComputedStyle(element).display === "inline" && [...element.parentElement.childNodes]
    .some((node) => node !== element && node.nodeType === Node.TEXT_NODE && node.textContent.trim().length > 2);
  const target = (element) => element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? element : element;
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")]
    .filter(shown).filter((element) => !(element.localName === "a" && inSentence(element)))
    .map((element) => [element, target(element).getBoundingClientRect()])
    .filter(([, { width, height }]) => width && height && (width < 43.5 || height < 43.5))
    .map(([{ localName, className, textContent }, { width, height }]) =>
      `${localName}.${className} ${Math.round(width)}×${Math.round(height)}: ${textContent.trim().slice(0, 30)}`);
}"""


def small_targets(page):
    """What is too small for a finger, markers on the map aside: the list has them all."""
    return page.evaluate(SMALL)
