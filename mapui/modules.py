"""Which of our ES modules a page's own module loads at once, so that the page can name them all."""

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

FOLDER = "mapui/"
IMPORTED = re.compile(r'^(?:import|export)\b[^;"]*"\./([\w-]+\.js)"', re.MULTILINE)


@cache
def loaded_by(name: str) -> list[str]:
    """A module and all that it imports, by their static names; `import()` is left for later."""
    found, waiting = [], [name]
    while waiting:
        module = waiting.pop(0)
        if module not in found:
            found.append(module)
            path = finders.find(FOLDER + module)
            waiting += IMPORTED.findall(Path(path).read_text(encoding="utf-8")) if path else []
    return [FOLDER + module for module in found]
