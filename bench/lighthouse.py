"""Lighthouse on the served product, as on a phone: the scores of three pages, and what they take.

Run: npm install --no-save lighthouse@12 && python -m bench.lighthouse
Lighthouse is not in package.json: it is 180 MB, and only this asks for it. Without it nothing is measured.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

os.environ["FAZHIMAP_TEST_CLUSTER"] = "1"

from tests.browser.conftest import SWITCHES
from tests.served import ROOT, served

PATHS = ("/", "/events/", "/sites/150203-0001/")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES_MS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")


def program() -> str | None:
    """Where Lighthouse is: in node_modules, else on the PATH."""
    here = ROOT / "node_modules/.bin"
    return shutil.which("lighthouse", path=f"{here}{os.pathsep}{os.environ['PATH']}")


def measured(lighthouse: str, url: str) -> dict[str, object]:
    """The scores (0–100) and times (ms) of a page on Lighthouse's simulated phone."""
    flags = " ".join(["--headless=new", *SWITCHES])
    only = f"--only-categories={','.join(CATEGORIES)}"
    command = [lighthouse, url, "--quiet", "--output=json", only, f"--chrome-flags={flags}"]
    environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=180)
    told = json.loads(done.stdout)
    audits = told["audits"]
    return {
        **{name: round(told["categories"][name]["score"] * 100) for name in CATEGORIES},
        **{f"{name}_ms": round(audits[name]["numericValue"]) for name in TIMES_MS},
        "layout_shift": round(audits["cumulative-layout-shift"]["numericValue"], 3),
    }


def main() -> None:
    """Print one JSON object, with the machine's load before."""
    lighthouse = program()
    if lighthouse is None:
        print(json.dumps({"benchmark": "lighthouse", "skipped": "lighthouse is not installed"}))
        return
    load = Path("/proc/loadavg").read_text(encoding="ascii").split()[0]
    with served("lighthouse") as url:
        pages = {path: measured(lighthouse, url + path) for path in PATHS}
    print(json.dumps({"benchmark": "lighthouse", "load": float(load), "pages": pages}))


if __name__ == "__main__":
    main()
