"""What a government page carries by setting: numbers and where they lead, the emblem, embedders."""

import re
from pathlib import Path

from django.conf import settings

ICP = re.compile(r"[\u4e00-\u9fff]ICP[备证]\d{6,8}号(-\d{1,4})?")
POLICE = re.compile(r"[\u4e00-\u9fff]公网安备\s?(\d{14})号?")
SITE_CODE = re.compile(r"(bm|\d{2})\d{8}")
APPROVAL = re.compile(r"(GS|[\u4e00-\u9fff]S)\s?[((]\d{4}[))]\s?\d{1,6}号")
PHONE = re.compile(r"\+?[\d-]{5,20}")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
PUBLIC_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?")
VERIFICATION = re.compile(r"[A-Za-z0-9_-]{1,80}\.(txt|html)")
EMBLEMS = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


def police_link(number: str) -> str:
    """The register's page of a police record number; its front page where it is malformed."""
    found = POLICE.fullmatch(number)
    register = "https://www.beian.gov.cn/portal/"
    return f"{register}registerSystemInfo?recordcode={found[1]}" if found else register


def contact_link(contact: str) -> str:
    """How to reach a contact by one press: a telephone number or an address of mail; else ""."""
    if PHONE.fullmatch(contact):
        return f"tel:{contact}"
    return f"mailto:{contact}" if MAIL.fullmatch(contact) else ""


def public_url() -> str:
    """The scheme and host that readers type, as they are set; "" where they are not, or malformed."""
    return settings.PUBLIC_URL if PUBLIC_URL.fullmatch(settings.PUBLIC_URL) else ""


def emblem() -> Path | None:
    """The picture file of the emblem; None where none is set or it cannot be shown."""
    path = Path(settings.FURNITURE["emblem"])
    return path if path.suffix.lower() in EMBLEMS and path.is_file() else None


def embedders() -> str:
    """Who may show our pages in a frame, as `frame-ancestors` says it: 'none' by default."""
    allowed = ["'self'" if word.strip("'") == "self" else word for word in settings.EMBEDDERS]
    return (
        " ".join(word for word in allowed if word == "'self'" or ORIGIN.fullmatch(word)) or "'none'"
    )


def verification_files() -> dict[str, str]:
    """Files at the root by name, with what they hold."""
    pairs = (word.partition("=") for word in settings.VERIFICATION)
    return {name: text for name, _, text in pairs if VERIFICATION.fullmatch(name) and text}
