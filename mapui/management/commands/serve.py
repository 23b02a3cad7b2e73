"""`manage.py serve`: everything between an installed checkout and the open map."""

import hashlib
import os
import secrets
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from events.tours import worker
from fazhimap import localdb, translations, webserver
from fazhimap.console import say, step

DATABASE_GONE = (
    "数据库没有应答,请检查它(DATABASE_URL)后再次运行,会从中断处继续。\n"
    "The database does not answer: check it (DATABASE_URL) and run this again to go on."
)
PREPARING = 20261101  # the advisory lock of those who prepare the same database


class Command(BaseCommand):
    """Prepare the database and the static files, then serve until told to stop."""

    help = "Migrate, load the fixtures once, and serve on PORT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--with-parent", action="store_true", help="stop when the calling process ends"
        )

    def handle(self, *, with_parent: bool, **_options: object) -> None:
        """Serve; return after Ctrl-C. Raises CommandError with a sentence on what to do."""
        started = time.monotonic()
        try:
            address = webserver.wanted_address(os.environ)
            webserver.require_free(address)
            with localdb.running():
                prepare()
                serve(address, started, with_parent=with_parent)
        except (webserver.WebServerError, localdb.UnavailableError) as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(f"{DATABASE_GONE}\n{error}") from error


def prepare() -> None:
    """Bring the database and the static files up to date. Two at once take turns."""
    with one_at_a_time():
        with step("启动 [1/5] 数据库结构 / Database structure"):
            call_command("migrate", interactive=False, verbosity=0)
        with step("启动 [2/5] 示范数据 / Demonstration data"):
            call_command("load_fixtures")
        with step("启动 [3/5] 管理员 / Administrator"):
            ensure_administrator(os.environ.get("FAZHIMAP_ADMIN_PASSWORD", ""))
        with step("启动 [4/5] 静态文件 / Static files"):
            collect_static()
            translations.compile_stale()


def serve(address: webserver.Address, started: float, *, with_parent: bool) -> None:
    """Run the web server until Ctrl-C, or until it ends."""
    say("启动 [5/5] 网站 / Web server")
    try:
        with webserver.gunicorn(address) as process, webserver.Helper(worker.work) as planner:
            webserver.wait_for_answer(address, process)
            say(f"\n  就绪 / Ready ({time.monotonic() - started:.0f} s): {address.url}")
            say("  按 Ctrl-C 停止 / Ctrl-C stops it\n")
            webserver.watch(process, planner, with_parent=with_parent)
    except KeyboardInterrupt:
        say("\n已停止 / Stopped")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the database's advisory lock, then give the connection back."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
        yield
    finally:
        connection.close()


@transaction.atomic
def ensure_administrator(password: str) -> None:
    """Make `admin` if there is none; give it `password`, or a random one that is shown once."""
    users = get_user_model().objects
    admin = users.filter(username="admin").first()
    if admin is None:
        chosen = password or secrets.token_urlsafe(12)
        users.create_superuser("admin", password=chosen)
        shown = "FAZHIMAP_ADMIN_PASSWORD" if password else f"{chosen} (只显示一次 / shown once)"
        say(f"      用户 / user: admin    密码 / password: {shown}")
    elif password and not admin.check_password(password):
        admin.set_password(password)
        admin.save(update_fields=["password"])


def collect_static() -> None:
    """Run collectstatic unless the files are those of the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".complete"
    wanted = static_digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def static_digest() -> str:
    """What tells one set of static files from another: their paths, sizes and times."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = os.stat(storage.path(path))
            digest.update(f"{storage.path(path)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
