"""One PostgreSQL cluster with PostGIS in a folder of ours: make it, start it, stop it.

    pg/          the cluster, owned by the account that runs the server
    socket/      its Unix socket: the server listens nowhere else, and asks the kernel who connects

PostgreSQL refuses to run as root, so for root the server runs under the account `postgres`.
The callers of `create`, `start` and `stop` see to it that only one of them runs at a time.
"""

import hashlib
import os
import pwd
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

NAME = "fazhimap"  # of the database, and of the role that owns it
PORT = "5432"  # a part of the socket's file name only
SOCKET_PATH_LIMIT = 107  # bytes, the kernel's
DEBIAN_BINARIES = Path("/usr/lib/postgresql/15/bin")
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}  # none of the caller's PG… variables

# Run in template1, so that databases made for tests have the extensions as well.
PREPARE = f"""\
CREATE EXTENSION postgis;
CREATE EXTENSION pg_trgm;
CREATE ROLE {NAME} LOGIN CREATEDB;
CREATE DATABASE {NAME} OWNER {NAME};
"""
TUNING = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_checkpoints": "off",
    # A statement that fails may carry where somebody is.
    "log_min_error_statement": "panic",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class UnavailableError(Exception):
    """The database cannot be had; the text says why, and what to do."""


def socket_dir(folder: Path) -> Path:
    """Where the server's socket is: in the folder, or under /tmp where that path is too long."""
    inside = folder / "socket"
    if len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT:
        return inside
    # Not TMPDIR: all processes must come to the same path.
    return Path("/tmp") / _label(folder)  # noqa: S108


def server_pid(folder: Path) -> int | None:
    """The process id of this cluster's server; None where there is none.

    A server that was killed leaves its id behind, which may be another process's by now.
    """
    try:
        pid = int((folder / "pg/postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    command = _command(pid)
    ours = command[0].endswith("/postgres") and os.fspath(folder / "pg") in command
    return pid if ours else None


def create(folder: Path) -> None:
    """Make the cluster, with its database and role, unless it exists. All or nothing.

    Raises UnavailableError.
    """
    if (folder / "pg").exists():
        return
    _require_passage(folder)
    print("正在创建私有数据库 / Creating the private database", file=sys.stderr, flush=True)
    for leftover in folder.glob("creating-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix="creating-", dir=folder))
    _give_to_server(draft)
    _as_server(
        ["initdb", "-D", draft, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-A", "peer"]
    )
    (draft / "pg_hba.conf").write_text("local all all peer map=accounts\n")
    (draft / "pg_ident.conf").write_text(
        f'accounts "{_server_account().pw_name}" postgres\n'
        f'accounts "{pwd.getpwuid(os.geteuid()).pw_name}" {NAME}\n'
    )
    _as_server(["postgres", "--single", "-D", draft, "template1"], PREPARE)
    draft.rename(folder / "pg")


def start(folder: Path, *, durable: bool = True) -> None:
    """Start the server unless it runs; return when it answers. Raises UnavailableError.

    `durable` False makes it faster, and lets a power failure spoil the data: for tests.
    """
    _refuse_foreign(folder)
    if _answers(folder):
        return
    _clear_away(folder)
    _make_socket_dir(folder)
    settings = TUNING | ({} if durable else CARELESS)
    settings["cluster_name"] = _label(folder)
    settings["unix_socket_directories"] = f'"{socket_dir(folder)}"'
    options = shlex.join(word for pair in settings.items() for word in ("-c", "=".join(pair)))
    log = folder / "pg/server.log"
    _as_server(["pg_ctl", "-D", folder / "pg", "-t", "600", "-l", log, "-o", options, "start"])
    if not _answers(folder):
        raise _failed(str(log))


def stop(folder: Path) -> None:
    """Stop the server: politely, then less so. Returns when it is gone."""
    for how, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        pid = server_pid(folder)
        if pid is None:
            return
        _signal(pid, how)
        deadline = time.monotonic() + seconds
        while server_pid(folder) == pid and time.monotonic() < deadline:
            time.sleep(0.02)


def _label(folder: Path) -> str:
    """The cluster's name, which PostgreSQL puts into the title of each of its processes."""
    return f"fazhimap-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"


def _server_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    except KeyError as error:
        raise _not_installed() from error


def _give_to_server(path: Path) -> None:
    os.chown(path, _server_account().pw_uid, _server_account().pw_gid)


def _as_server(command: Sequence[str | Path], text: str | None = None) -> None:
    """Run one of PostgreSQL's programs under the server's account, with `text` as its input."""
    program, *arguments = command
    account = _server_account()
    root = os.geteuid() == 0
    done = subprocess.run(
        [_program(str(program)), *arguments],
        input=text or "",
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        cwd="/",
        env=ENVIRONMENT,
        umask=0o077,
        user=account.pw_uid if root else None,
        group=account.pw_gid if root else None,
        extra_groups=[] if root else None,
    )
    # A single-user server ends well whatever its input met.
    if done.returncode or "ERROR:" in done.stderr:
        raise _failed(f"{program}: {done.stderr.strip() or done.stdout.strip()}")


def _program(name: str) -> str:
    debian = DEBIAN_BINARIES / name
    found = str(debian) if debian.exists() else shutil.which(name)
    if not found:
        raise _not_installed()
    return found


def _require_passage(folder: Path) -> None:
    """Refuse a folder that the server's account cannot reach."""
    account = _server_account()
    for part in reversed((folder, *folder.parents)):
        found = part.stat()
        owned = found.st_uid == account.pw_uid and found.st_mode & stat.S_IXUSR
        grouped = found.st_gid == account.pw_gid and found.st_mode & stat.S_IXGRP
        if not (owned or grouped or found.st_mode & stat.S_IXOTH):
            raise UnavailableError(
                f"数据库帐户 {account.pw_name} 进不了 {part},"
                "请用 FAZHIMAP_DATA 指定别的文件夹(例如 /var/lib 下)。\n"
                f"The database's account {account.pw_name} may not enter {part}: "
                "name another folder (in /var/lib, for example) with FAZHIMAP_DATA."
            )


def _refuse_foreign(folder: Path) -> None:
    owner = (folder / "pg").stat().st_uid
    if owner != _server_account().pw_uid:
        raise UnavailableError(
            f"{folder} 属于另一个帐户(uid {owner}),请以建立它的帐户运行。\n"
            f"{folder} belongs to another account (uid {owner}): run as the one that made it."
        )


def _make_socket_dir(folder: Path) -> None:
    path = socket_dir(folder)
    if not path.exists():
        path.mkdir(mode=0o700)
        _give_to_server(path)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != _server_account().pw_uid:
        raise UnavailableError(
            f"{path} 不是本程序的文件夹,请移走它。\n{path} is not this program's: move it away."
        )


def _clear_away(folder: Path) -> None:
    """Remove what a killed server left: its children, its id, its socket."""
    deadline = time.monotonic() + 5
    while (orphans := list(_processes(folder))) and time.monotonic() < deadline:
        for pid in orphans:
            _signal(pid, signal.SIGKILL)
        time.sleep(0.02)
    socket = socket_dir(folder) / f".s.PGSQL.{PORT}"
    for path in (folder / "pg/postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
        path.unlink(missing_ok=True)


def _processes(folder: Path) -> Iterator[int]:
    """The processes of this cluster other than its server, by their titles."""
    title = f"postgres: {_label(folder)}: "
    uid = _server_account().pw_uid
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if process.stat().st_uid == uid and _command(int(process.name))[0].startswith(title):
                yield int(process.name)


def _command(pid: int) -> list[str]:
    """The command line of a process; [""] where there is none (any more)."""
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
    except OSError:
        return [""]


def _signal(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def _answers(folder: Path) -> bool:
    """Whether the server takes connections, once it has come up or gone down."""
    while server_pid(folder):
        with suppress(FileNotFoundError):
            lines = (folder / "pg/postmaster.pid").read_text().splitlines()
            if len(lines) > 7 and lines[7].strip() == "ready":
                return True
        time.sleep(0.02)
    return False


def _not_installed() -> UnavailableError:
    return UnavailableError(
        "没有找到 PostgreSQL 15 与 PostGIS,请先运行 make run。\n"
        "PostgreSQL 15 with PostGIS was not found: type `make run` first."
    )


def _failed(detail: str) -> UnavailableError:
    return UnavailableError(
        f"私有数据库没有启动,原因见 / The private database did not start, see:\n{detail}"
    )
