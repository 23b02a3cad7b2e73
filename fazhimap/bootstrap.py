"""Prepare a checkout: the system's packages, Python's in .venv, the browser's in node_modules.

`python3 -m fazhimap.bootstrap [--dev|--bench]`, run by `make` before anything is installed: standard
library only. What is in place already is left alone; what was interrupted is done again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from configparser import RawConfigParser
from contextlib import contextmanager
from pathlib import Path

from fazhimap import debian
from fazhimap.console import ProblemError, run, say, started, step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
PACKAGES = VENV / "lib/python3.11/site-packages"
MODULES = ROOT / "node_modules"
# Each holds all of the one before it.
LOCKS = {
    "run": "requirements.lock",
    "dev": "requirements-dev.lock",
    "bench": "requirements-bench.lock",
}
PIP_FILES = [
    Path("/etc/pip.conf"),
    Path("~/.pip/pip.conf").expanduser(),
    Path("~/.config/pip/pip.conf").expanduser(),
]


def main() -> int:
    """Run the steps; 0, or 1 after one sentence about what is wrong, or 130 when interrupted."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        prepare(next((name for name in LOCKS if f"--{name}" in sys.argv[1:]), "run"))
    except ProblemError as problem:
        return ended(str(problem), 1)
    except OSError as error:
        return ended(
            f"不能读写 {error.filename}({error.strerror}):请取得权限,或换一个文件夹。\n"
            f"{error.filename} cannot be used ({error.strerror}): "
            "gain the right to it, or clone into another folder.",
            1,
        )
    except KeyboardInterrupt:
        return ended("已中断,再次运行会继续。/ Interrupted: run it again to go on.", 130)
    return 0


def ended(sentence: str, status: int) -> int:
    """Print why it ended; the exit status."""
    print(f"\n{sentence}", file=sys.stderr)
    return status


def prepare(purpose: str) -> None:
    """All three steps for a purpose of LOCKS. Raises ProblemError."""
    with only_one() as lock:
        with step("准备 [1/3] 检查 Python 与 Node / Checking Python and Node"):
            check_versions(sys.version_info[:2], node_version())
        with step("准备 [2/3] 系统软件包 / System packages"):
            debian.install(dev=purpose != "run")
        with (
            step("准备 [3/3] Python 与浏览器软件包 / Python and browser packages"),
            browser_packages(purpose, lock) as wait_for_browser_packages,
        ):
            install_python_packages(purpose, lock)
            wait_for_browser_packages()


@contextmanager
def only_one() -> Iterator[int]:
    """Hold the checkout's lock, which is given to child processes too: an orphan is waited for."""
    with open(ROOT / "requirements.lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个 make 正在准备,等它完成 / Waiting for another make in this folder")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


# Versions


def node_version() -> str:
    """What `node --version` prints, or "" where Node or npm is missing."""
    if not (shutil.which("node") and shutil.which("npm")):
        return ""
    return subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=False
    ).stdout.strip()


def check_versions(python: tuple[int, int], node: str) -> None:
    """Raise ProblemError unless Python is 3.11 and Node (like "v20.1.0") at least 20."""
    if python != (3, 11):
        raise ProblemError(
            f"需要 Python 3.11,现为 {python[0]}.{python[1]}:请安装后用 make PYTHON=python3.11 重试。\n"
            f"Python 3.11 is needed, this is {python[0]}.{python[1]}: "
            "install it, then add PYTHON=python3.11 to the make command."
        )
    major = node.lstrip("v").split(".")[0]
    if not major.isdigit() or int(major) < 20:
        raise ProblemError(
            f"需要 Node.js 20 或更高版本(含 npm),现为 {node or '无'}:请安装后重试。\n"
            f"Node.js 20 or later, with npm, is needed, found {node or 'none'}: "
            "install it and try again."
        )


# Python's packages


def install_python_packages(purpose: str, lock: int) -> None:
    """Fill .venv from the purpose's lock file. A stamp, written last, says what it holds in full."""
    names = list(LOCKS.values())[: list(LOCKS).index(purpose) + 1]
    stamp = VENV / "complete"
    held = stamp.read_text().split() if stamp.exists() and os.access(PYTHON, os.X_OK) else []
    digests = [digest(ROOT / name) for name in names]
    if set(digests) <= set(held):
        return
    require_writable(ROOT)
    stamp.unlink(missing_ok=True)
    if not held:
        make_venv(lock)
    uv = [str(VENV / "bin/uv"), "pip", "sync", "--quiet", "--require-hashes"]
    sync = [*uv, "--python", str(PYTHON), str(ROOT / names[-1])]
    settings = {**os.environ, **uv_settings(os.environ, PIP_FILES)}
    require_success(run(sync, environment=settings, lock=lock), "Python")
    (PACKAGES / "checkout.pth").write_text(os.path.relpath(ROOT, PACKAGES))  # for .venv/bin/pytest
    stamp.write_text("\n".join(digests))


def make_venv(lock: int) -> None:
    """A new .venv with uv in it, in place of a half-made one.

    uv comes by the pip that Python carries: installing that pip first takes longer than all else.
    """
    venv = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)]
    require_success(run(venv, lock=lock), "Python")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--retries=1", "--require-hashes"]
    uv = [*pip, "-r", str(ROOT / "requirements-uv.lock")]
    carried = {**os.environ, "PYTHONPATH": str(carried_pip())}
    require_success(run(uv, environment=carried, lock=lock), "Python")


def carried_pip() -> Path:
    """The wheel, importable as it is, from which Python would install pip."""
    elsewhere = sysconfig.get_config_var("WHEEL_PKG_DIR")  # Debian
    folder = elsewhere or Path(sysconfig.get_path("stdlib")) / "ensurepip/_bundled"
    return max(Path(folder).glob("pip-*.whl"))


def uv_settings(environment: Mapping[str, str], pip_files: Sequence[Path]) -> dict[str, str]:
    """pip's index and certificate as variables for uv, which does not read pip's settings.

    Later ones of `pip_files` win, then PIP_… of the environment, then what is set for uv.
    """
    pip = RawConfigParser()
    pip.read(pip_files)
    found = {
        name: environment.get(variable) or pip.get("global", option, fallback="")
        for name, variable, option in (
            ("UV_DEFAULT_INDEX", "PIP_INDEX_URL", "index-url"),
            ("SSL_CERT_FILE", "PIP_CERT", "cert"),
        )
    }
    return {name: value for name, value in found.items() if value and name not in environment}


# The browser's packages


@contextmanager
def browser_packages(purpose: str, lock: int) -> Iterator[Callable[[], None]]:
    """Begin to fill node_modules from package-lock.json; gives a function that sees to the end.

    There is a stamp like .venv's. What tests the pages is left out where they are only served.
    """
    stamp = MODULES / ".complete"
    wanted = digest(ROOT / "package-lock.json")
    held = stamp.read_text().split() if stamp.exists() else []
    if held[:1] == [wanted] and (purpose == "run" or "run" not in held):
        yield lambda: None
        return
    require_writable(ROOT)
    stamp.unlink(missing_ok=True)
    patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    omitted = ["--omit=dev"] if purpose == "run" else []
    command = ["npm", "ci", "--loglevel=error", *omitted, *patience]
    with started(command, lock=lock) as failure:

        def finish() -> None:
            require_success(failure(), "npm")
            stamp.write_text(f"{wanted} {purpose}")

        yield finish


# Tools


def digest(path: Path) -> str:
    """A file's content in 16 digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def require_writable(folder: Path) -> None:
    """Raise ProblemError where files cannot be made in the folder."""
    if not os.access(folder, os.W_OK):
        raise ProblemError(
            f"不能写入 {folder}:请换一个可写的文件夹,或取得写权限。\n"
            f"{folder} is not writable: clone into another folder, or ask for the right to write."
        )


def require_success(failure: str, what: str) -> None:
    """Raise ProblemError if fetching packages ended with the output `failure`."""
    if failure:
        raise ProblemError(
            f"{failure}\n{what} 软件包没有装上:请检查网络(或镜像设置、磁盘空间)后重试。\n"
            f"The {what} packages could not be installed: "
            "check the network (or the mirror's setting, or the disk's space) and try again."
        )


if __name__ == "__main__":
    sys.exit(main())
