"""The Debian packages that the product stands on. Standard library only."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence

from fazhimap.console import ProblemError, run, say

SERVER = ("postgresql-15", "postgresql-15-postgis-3")
LIBRARIES = ("libgdal32", "libgeos-c1v5", "libproj25")  # what a remote database does not bring
FONTS = "fonts-noto-cjk"
PRINTING = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")  # PDFs
GETTEXT = "gettext"  # compiles the English of the pages
BROWSER = "chromium"


def install(*, dev: bool) -> None:
    """Install by apt what is missing. Raises ProblemError where that needs another account."""
    if not shutil.which("dpkg-query"):
        say("      不是 Debian,跳过 / Not Debian: install PostgreSQL 15 with PostGIS yourself")
        return
    wanted = wanted_packages(
        dev=dev,
        private_database=not os.environ.get("DATABASE_URL"),
        venv=importlib.util.find_spec("ensurepip") is not None,
    )
    missing = missing_packages(wanted, dpkg_states(wanted))
    if not missing:
        return
    if os.geteuid() == 0:
        apt_install(missing)
    elif set(missing) <= {FONTS, *PRINTING, GETTEXT}:  # without them it runs, too
        say(f"      {ask_for(missing)}")
    else:
        raise ProblemError(ask_for(missing))


def wanted_packages(*, dev: bool, private_database: bool, venv: bool) -> list[str]:
    """The Debian packages that are needed; `venv`: whether Python can make one already."""
    wanted = [*(SERVER if private_database else LIBRARIES), FONTS, *PRINTING, GETTEXT]
    if not venv:
        wanted.append("python3-venv")
    return [*wanted, BROWSER] if dev else wanted


def dpkg_states(packages: Sequence[str]) -> str:
    """One line "name state" for each of the packages that dpkg has heard of."""
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages]
    return subprocess.run(query, capture_output=True, text=True, check=False).stdout


def missing_packages(wanted: Sequence[str], states: str) -> list[str]:
    """Those of `wanted` that are not installed by the `states` that dpkg prints."""
    lines = states.splitlines()
    return [name for name in wanted if f"{name} installed" not in lines]


def ask_for(missing: Sequence[str]) -> str:
    """The sentence for somebody who may not install packages here."""
    command = f"sudo apt-get install --no-install-recommends {' '.join(missing)}"
    return f"请先安装系统软件包 / Install these system packages first:\n      {command}"


def apt_install(missing: Sequence[str]) -> None:
    """Install packages; where that fails, repair what was interrupted, refresh and try again."""
    say(f"      {' '.join(missing)}")
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    install = [*apt, "install", "-y", "--no-install-recommends", *missing]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (install, ["dpkg", "--configure", "-a"], [*apt, "update"], install):
        failure = run(command, environment=quiet)
        if command is install and not failure:
            return
    raise ProblemError(
        f"{failure}\n系统软件包没有装上:请检查网络与 apt 源,或自行安装后重试:{' '.join(missing)}。\n"
        "The system packages could not be installed: check the network and apt's sources, "
        "then try again."
    )
