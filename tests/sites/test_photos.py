"""Photos: checked by content, drawn anew, without a trace of the camera."""

import datetime
import io
import os

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from sites import clock, photos
from sites.errors import WrongPicture
from sites.models import Photo, Site
from tests import factories


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(kind="JPEG", size=(2000, 1000), mode="RGB", **options):
    written = io.BytesIO()
    Image.new(mode, size, "teal").save(written, kind, **options)
    return written.getvalue()


def exif():
    """What a phone notes: maker, time, turned by a quarter, and where."""
    tags = Image.Exif()
    tags[0x010F], tags[0x0132], tags[0x0112] = "Phone", "2026:07:01 10:00:00", 6
    tags.get_ifd(0x8825).update({1: "N", 2: (40.0, 39.0, 0.0), 3: "E", 4: (109.0, 50.0, 0.0)})
    return tags


def kept(stored, small=False):
    with default_storage.open(photos.path(stored.file, small=small)) as file:
        return file.read()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_large_and_small_as_jpeg(kind):
    stored = photos.store(io.BytesIO(picture(kind)))
    assert (stored.width, stored.height) == (1600, 800)
    for small, size in ((False, (1600, 800)), (True, (640, 320))):
        with Image.open(io.BytesIO(kept(stored, small))) as found:
            assert (found.format, found.size) == ("JPEG", size)


def test_nothing_of_the_camera_survives_and_the_picture_stands_upright():
    data = picture(exif=exif(), comment=b"by me")
    assert b"Phone" in data
    stored = photos.store(io.BytesIO(data))
    assert (stored.width, stored.height) == (800, 1600)
    for small in (False, True):
        data = kept(stored, small)
        assert b"Exif" not in data
        assert b"Phone" not in data
        assert b"by me" not in data
        with Image.open(io.BytesIO(data)) as found:
            assert not found.getexif()


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")])
def test_every_kind_stands_upright(kind, mode):
    stored = photos.store(io.BytesIO(picture(kind, (200, 100), mode, exif=exif())))
    assert (stored.width, stored.height) == (100, 200)
    assert b"Exif" not in kept(stored)


def test_a_clear_ground_becomes_white():
    stored = photos.store(io.BytesIO(_clear()))
    with Image.open(io.BytesIO(kept(stored))) as found:
        assert min(found.getpixel((5, 5))) > 250


def _clear():
    written = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "不是 JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是 JPEG"),
        (b"GIF89a" + bytes(100), "不是 JPEG"),
        (b"%PDF-1.7", "不是 JPEG"),
        (picture()[:900], "不完整"),
        (picture("PNG")[:60], "不完整"),
        (bytes(10 * 2**20 + 1), "10 MB"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(data, told):
    with pytest.raises(WrongPicture, match=told):
        photos.store(io.BytesIO(data))


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = picture("PNG", (9000, 9000), "1")
    assert len(bomb) < 100_000
    with pytest.raises(WrongPicture, match="像素"):
        photos.store(io.BytesIO(bomb))


def test_the_same_picture_is_kept_once_until_it_is_removed(uploads):
    first, second = (photos.store(io.BytesIO(picture())) for _ in range(2))
    assert first == second
    assert len(list(uploads.rglob("*.jpg"))) == 2
    photos.remove(first.file)
    assert not list(uploads.rglob("*.jpg"))


# Files and records


def shown(site, data):
    """A photo of a site with its files."""
    stored = photos.store(io.BytesIO(data))
    return Photo.objects.create(
        site=site, file=stored.file, width=stored.width, height=stored.height, alt="墙", credit="局"
    )


def age(uploads):
    """Two days pass."""
    long_ago = (clock.now() - datetime.timedelta(days=2)).timestamp()
    for path in uploads.rglob("*.jpg"):
        os.utime(path, (long_ago, long_ago))


def files(uploads):
    return {
        path.name.removesuffix(".jpg").removesuffix("-small") for path in uploads.rglob("*.jpg")
    }


@pytest.fixture
def two_squares(county):
    """Two squares that share a picture; the first has one of its own, too."""
    first, second = factories.site(), factories.site()
    own, shared = shown(first, picture(size=(30, 20))), shown(first, picture(size=(20, 30)))
    shown(second, picture(size=(20, 30)))
    return first, own.file, shared.file


def test_files_go_with_the_last_record_that_names_them(
    uploads, two_squares, django_capture_on_commit_callbacks
):
    first, own, shared = two_squares
    with django_capture_on_commit_callbacks(execute=True), photos.removed_with(first.photos.all()):
        first.delete()
        assert files(uploads) == {own, shared}, "nothing goes before the commit"
    assert files(uploads) == {shared}


def test_the_admin_takes_the_files_along(
    admin_client, uploads, two_squares, django_capture_on_commit_callbacks
):
    first, _own, shared = two_squares
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin_client.post(f"/admin/sites/site/{first.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert files(uploads) == {shared}
    rest = {"action": "delete_selected", "post": "yes", "_selected_action": list(_codes())}
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post("/admin/sites/site/", rest)
    assert not Site.objects.exists()
    assert not files(uploads)


def _codes():
    return Site.objects.values_list("pk", flat=True)


def test_a_sweep_takes_old_files_that_no_record_names(uploads, two_squares):
    _first, own, shared = two_squares
    Photo.objects.filter(file=own).delete()
    now = clock.now()
    assert photos.sweep(now) == 0, "what was uploaded just now may be named in a moment"
    age(uploads)
    assert photos.sweep(now) == 2
    assert files(uploads) == {shared}


def test_no_sweep_takes_a_picture_that_was_just_sent_again(uploads, two_squares):
    _first, own, _shared = two_squares
    Photo.objects.all().delete()
    age(uploads)
    photos.store(io.BytesIO(picture(size=(30, 20))))
    photos.sweep(clock.now())
    assert files(uploads) == {own}
    age(uploads)
    photos.sweep(clock.now())
    assert files(uploads) == set()


def test_a_sweep_of_nothing_finds_nothing(db):
    assert photos.sweep(clock.now()) == 0
