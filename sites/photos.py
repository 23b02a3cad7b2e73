"""Photos of places as files: checked by their content, drawn anew without a trace of the camera.

A picture is kept as two JPEG files, large and small, named by what is in them. What a camera
notes of where, when and by whom it was taken (EXIF, GPS) does not survive.
"""

import datetime
import hashlib
import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from sites.errors import WrongPicture
from sites.models import Photo

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from PIL.Image import Image

MOST_BYTES = 10 * 2**20
MOST_PIXELS = 50_000_000  # of a JPEG, which is unpacked no larger than needed
MOST_PIXELS_OF_OTHERS = 24_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
LARGE, SMALL = (1600, 1600), (640, 640)  # no side longer
QUALITY = 82
FOLDER = "photos"
FRESH = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Stored:
    """A picture that was stored: the name of its files, and how large it is."""

    file: str
    width: int
    height: int


def store(upload: IO[bytes]) -> Stored:
    """Check a picture, and keep it large and small. Raises WrongPicture."""
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise WrongPicture(_("照片最大 10 MB;请缩小或压缩后再传。"))
    large, small = _drawn_anew(data)
    file = hashlib.blake2b(large, digest_size=16).hexdigest()
    for name, content in ((path(file), large), (path(file, small=True), small)):
        _keep(name, content)
    return Stored(file, *_size(large))


def _keep(name: str, content: bytes) -> None:
    """Write a file; one that is there is as new, so that no sweep takes it before it is named."""
    try:
        os.utime(default_storage.path(name))
    except FileNotFoundError:
        default_storage.save(name, ContentFile(content))


def path(file: str, *, small: bool = False) -> str:
    """Where a picture lies in the storage."""
    return f"{FOLDER}/{file}{'-small' if small else ''}.jpg"


def remove(file: str) -> None:
    """Delete a picture that no record names any more."""
    for small in (False, True):
        default_storage.delete(path(file, small=small))


@contextmanager
def removed_with(records: "QuerySet[Photo]") -> Iterator[None]:
    """Whoever deletes these records does it in here: their files go once that is committed."""
    files = set(records.values_list("file", flat=True))
    yield
    transaction.on_commit(partial(_remove_unnamed, files))


def _remove_unnamed(files: set[str]) -> None:
    for file in files - _named(files):
        remove(file)


def _named(files: set[str]) -> set[str]:
    return set(Photo.objects.filter(file__in=files).values_list("file", flat=True))


def sweep(now: datetime.datetime) -> int:
    """Delete files that no record names; how many. One of the last day may be about to be named."""
    if not default_storage.exists(FOLDER):
        return 0
    old = [
        name
        for name in default_storage.listdir(FOLDER)[1]
        if default_storage.get_modified_time(f"{FOLDER}/{name}") < now - FRESH
    ]
    pictures = {name: name.removesuffix(".jpg").removesuffix("-small") for name in old}
    named = _named(set(pictures.values()))
    lost = [name for name, file in pictures.items() if file not in named]
    for name in lost:
        default_storage.delete(f"{FOLDER}/{name}")
    return len(lost)


def _is_whole(data: bytes) -> bool:
    """Whether the file goes on to its end: WeasyPrint has Pillow be content with a part, for all."""
    if data[:4] == b"RIFF":
        return len(data) >= int.from_bytes(data[4:8], "little") + 8
    if data[:2] != b"\xff\xd8":
        return b"IEND" in data
    at = 2
    while data[at : at + 2] not in (b"\xff\xda", b""):  # from segment to segment, up to the scan
        at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 1)
    return b"\xff\xd9" in data[at:]


def _drawn_anew(data: bytes) -> tuple[bytes, bytes]:
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415  # slow to load

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as found:
                most = MOST_PIXELS if found.format == "JPEG" else MOST_PIXELS_OF_OTHERS
                if found.width * found.height > most:
                    raise _too_large()
                if not _is_whole(data):
                    raise _broken()
                found.draft("RGB", LARGE)  # JPEG: no more is unpacked than is needed
                picture = _plain(found)
                ImageOps.exif_transpose(picture, in_place=True)
                return _jpeg(picture), _jpeg(picture, SMALL)
    except UnidentifiedImageError as error:
        raise WrongPicture(
            _("这不是 JPEG、PNG 或 WebP 照片;苹果手机的 HEIC 请先转成 JPEG。")
        ) from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise _broken() from error


def _broken() -> WrongPicture:
    return WrongPicture(_("照片文件不完整或者坏了,请换一个文件。"))


def _too_large() -> WrongPicture:
    return WrongPicture(_("照片最多五千万像素(PNG、WebP 两千四百万);请缩小后再传。"))


def _plain(found: "Image") -> "Image":
    """The picture no larger than it is kept, in plain colours, on white where it is clear."""
    from PIL import Image  # noqa: PLC0415

    clear = found.mode in ("RGBA", "LA", "PA", "P")
    picture = found.convert("RGBA") if clear else found
    picture.thumbnail(LARGE)
    if not clear:
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    ground.info["exif"] = found.info.get("exif", b"")  # says how it is turned
    return ground


def _jpeg(picture: "Image", within: tuple[int, int] | None = None) -> bytes:
    """A copy, maybe a smaller one, with nothing beside its pixels."""
    copy = picture.copy()
    if within:
        copy.thumbnail(within)
    copy.info.clear()
    written = io.BytesIO()
    copy.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()


def _size(data: bytes) -> tuple[int, int]:
    from PIL import Image  # noqa: PLC0415

    with Image.open(io.BytesIO(data)) as picture:
        return picture.size
