"""The translations, compiled by gettext's msgfmt. Standard library only."""

import os
import subprocess
from pathlib import Path

from fazhimap.console import ROOT, say

FOLDER = ROOT / "locale"


def compile_stale(folder: Path = FOLDER) -> None:
    """Compile each catalogue that was changed since; without msgfmt say what is missing.

    Raises CalledProcessError for a catalogue that is no catalogue.
    """
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        unfinished = compiled.with_suffix(f".{os.getpid()}")
        try:
            subprocess.run(["msgfmt", "-o", unfinished, source], check=True)
        except FileNotFoundError:
            say(
                "      没有 gettext 的 msgfmt,页面只有中文 / No msgfmt of gettext: Chinese pages only"
            )
            return
        unfinished.replace(compiled)
