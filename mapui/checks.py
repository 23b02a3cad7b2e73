"""System checks: what pages carry by setting is told at start where it is malformed."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from mapui import furniture

# Each setting with its pattern and an example.
NUMBERS = {
    "icp": ("FAZHIMAP_ICP", furniture.ICP, "蒙ICP备12345678号-1"),
    "police": ("FAZHIMAP_POLICE", furniture.POLICE, "蒙公网安备15020302000123号"),
    "site_code": ("FAZHIMAP_SITE_CODE", furniture.SITE_CODE, "1502000001"),
    "approval": ("FAZHIMAP_MAP_APPROVAL", furniture.APPROVAL, "GS(2026)1234号"),
}
CHOICES = {
    "MONGOLIAN_ORDER": ("after", "before"),
    "MONGOLIAN_SIZE": ("60", "70", "80", "90", "100"),
}
LARGEST_EMBLEM = 200 * 1024


@register("furniture")
def page_furniture(**_options: object) -> list[CheckMessage]:
    """Numbers have their form, the emblem is a picture, addresses are origins, files have names."""
    return [*_address(), *_numbers(), *_choices(), *_emblem(), *_embedders(), *_verification()]


def _address() -> Iterator[CheckMessage]:
    if settings.PUBLIC_URL and not furniture.public_url():
        hint = "Write it like https://fazhi.baotou.gov.cn, without a path, or leave it empty."
        yield _malformed("FAZHIMAP_URL", settings.PUBLIC_URL, hint, 6)


def _numbers() -> Iterator[CheckMessage]:
    for name, (setting, pattern, example) in NUMBERS.items():
        value = settings.FURNITURE[name]
        if value and not pattern.fullmatch(value):
            yield _malformed(setting, value, f"Write it like {example}, or leave it empty.", 1)


def _choices() -> Iterator[CheckMessage]:
    for name, allowed in CHOICES.items():
        value = getattr(settings, name)
        if value not in allowed:
            yield _malformed(f"FAZHIMAP_{name}", value, f"Use one of: {', '.join(allowed)}.", 5)


def _emblem() -> Iterator[CheckMessage]:
    value = settings.FURNITURE["emblem"]
    if not value:
        return
    hint = f"Give the path of a file that ends in {', '.join(furniture.EMBLEMS)}."
    if furniture.emblem() is None:
        yield _malformed("FAZHIMAP_EMBLEM", value, hint, 2)
    elif Path(value).stat().st_size > LARGEST_EMBLEM:
        yield _malformed("FAZHIMAP_EMBLEM", value, "Make the picture at most 200 KB.", 2)


def _embedders() -> Iterator[CheckMessage]:
    for word in settings.EMBEDDERS:
        if word.strip("'") != "self" and not furniture.ORIGIN.fullmatch(word):
            hint = "Give origins such as https://www.baotou.gov.cn, separated by commas, or self."
            yield _malformed("FAZHIMAP_EMBEDDERS", word, hint, 3)


def _verification() -> Iterator[CheckMessage]:
    known = furniture.verification_files()
    for word in settings.VERIFICATION:
        if word.partition("=")[0] not in known:
            hint = "Write NAME.txt=CONTENT or NAME.html=CONTENT; in names letters, digits, - and _."
            yield _malformed("FAZHIMAP_VERIFICATION", word, hint, 4)


def _malformed(setting: str, value: str, hint: str, number: int) -> CheckMessage:
    return Warning(f"{setting} has {value!r}.", hint=hint, id=f"mapui.W00{number}")
