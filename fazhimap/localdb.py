"""The private PostGIS cluster: made on first use, started when needed, stopped by its last user.

The data folder (`data_dir`) holds the cluster and its socket (see `fazhimap.postgres`) and

    users.lock   shared by every process that uses the server: who gets it alone may stop the server
    start.lock   held while the server is made, started or stopped
    secret_key   Django's

With DATABASE_URL set there is no private cluster at all.
"""

import fcntl
import hashlib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from fazhimap import postgres

UnavailableError = postgres.UnavailableError
# A card of an event needs eight tables: the server is to think of which events are wanted before
# it joins these, and by itself thinks of eight at once.
PLANNING = "-c join_collapse_limit=12 -c from_collapse_limit=12"
CHECKOUT = Path(__file__).resolve().parent.parent


def is_test_cluster() -> bool:
    """Whether this process is to use the cluster of the tests, apart from the real data."""
    return os.environ.get("FAZHIMAP_TEST_CLUSTER") == "1"


def data_dir() -> Path:
    """The folder of the private cluster and of uploads; with `-test` at its end for the tests.

    FAZHIMAP_DATA, or a folder in the user's data home (root: /var/lib) that is named by the
    checkout's path, so that two clones don't share one.
    """
    if given := os.environ.get("FAZHIMAP_DATA"):
        folder = Path(given).expanduser().absolute()
    else:
        digest = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:8]
        folder = _data_home() / f"fazhimap-{digest}"
    return folder.with_name(f"{folder.name}-test") if is_test_cluster() else folder


def secret_key() -> str:
    """Django's SECRET_KEY: FAZHIMAP_SECRET_KEY, or a random one that is kept in the data folder.

    Raises UnavailableError where it can neither be read nor made.
    """
    if given := os.environ.get("FAZHIMAP_SECRET_KEY"):
        return given
    path = _made(data_dir()) / "secret_key"
    with _explained(path.parent):
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(50))
        return path.read_text()


def database() -> dict[str, object]:
    """Django's settings for the default database; no server is needed to make them."""
    server = connection()
    options: object = server.get("OPTIONS", {})
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        **server,
        "OPTIONS": {"options": PLANNING, **dict(options)},  # type: ignore[call-overload]
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def connection() -> dict[str, object]:
    """NAME, USER, PASSWORD, HOST and PORT (and OPTIONS), of DATABASE_URL or of the private cluster.

    The same before and after the cluster is made. Raises UnavailableError for a bad DATABASE_URL.
    """
    if url := os.environ.get("DATABASE_URL"):
        return _parsed(url)
    return {
        "NAME": postgres.NAME,
        "USER": postgres.NAME,
        "PASSWORD": "",  # the server knows its users by their account
        "HOST": str(postgres.socket_dir(data_dir())),
        "PORT": postgres.PORT,
    }


@contextmanager
def running() -> Iterator[None]:
    """Use the database: make and start the private cluster if need be, stop it if we are the last.

    May be nested, and used by several processes at once. Raises UnavailableError.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with _open_lock("users.lock") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            start()
            yield
        finally:
            with suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop()


def is_running() -> bool:
    """Whether the private cluster's server is alive."""
    return postgres.server_pid(data_dir()) is not None


def start() -> None:
    """Make the cluster if there is none, start it unless it runs, return when it answers.

    Raises UnavailableError.
    """
    with locked("start.lock"):
        postgres.create(data_dir())
        postgres.start(data_dir(), durable=not is_test_cluster())


def stop() -> None:
    """Stop the server, whoever uses it; return when it is gone."""
    with locked("start.lock"):
        postgres.stop(data_dir())


@contextmanager
def locked(name: str, waiting: str = "") -> Iterator[None]:
    """Hold a lock file of the data folder; say `waiting` if another process has it."""
    with _open_lock(name) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                print(waiting, file=sys.stderr, flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _data_home() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")


def _made(folder: Path) -> Path:
    """The folder, which the server's account may pass through but not list."""
    with _explained(folder):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711)
    return folder


def _write_once(path: Path, text: str) -> None:
    """Write the file unless another process does so first; never half of it."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with open(handle, "w") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses about the data folder into a sentence."""
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            f"数据文件夹 {folder} 不可用({error.strerror}),请用 FAZHIMAP_DATA 指定可写的文件夹。\n"
            f"The data folder {folder} cannot be used ({error.strerror}): "
            "name one that you may write to with FAZHIMAP_DATA."
        ) from error


@contextmanager
def _open_lock(name: str) -> Iterator[int]:
    path = _made(data_dir()) / name
    with _explained(path.parent):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # not inherited by child processes
    try:
        yield handle
    finally:
        os.close(handle)


def _parsed(url: str) -> dict[str, object]:
    """postgis://user:password@host:port/name?sslmode=… as Django's settings."""
    try:
        parts = urlsplit(url)
        port = parts.port or ""
    except ValueError as error:
        raise _bad_url(str(error)) from error
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgis", "postgresql", "postgres"}:
        raise _bad_url(f"scheme {parts.scheme!r}")
    if not name:
        raise _bad_url("no database name")
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(port),
        "OPTIONS": options,
    }


def _bad_url(why: str) -> UnavailableError:
    return UnavailableError(
        f"DATABASE_URL 不正确({why}),应形如 postgis://用户:密码@主机:5432/库名。\n"
        f"DATABASE_URL is not usable ({why}): write postgis://user:password@host:5432/name."
    )
