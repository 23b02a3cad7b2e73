"""How fast the served product answers, with Baotou loaded: medians over one connection each.

Run: python -m bench.pages
"""

import json
import os
import statistics
import time
import urllib.request

os.environ["FAZHIMAP_TEST_CLUSTER"] = "1"

from tests.served import served

PATHS = {
    "home page": "/",
    "villages with a standard": "/api/v1/villages?standard=near",
    "nearest 20 sites": "/api/v1/sites?near=109.84,40.657&limit=20",
    "coverage by county": "/api/v1/standards/near/coverage",
    "coverage page": "/coverage/",
}
TIMES = 40


def median_ms(url: str) -> float:
    """The median of several requests, after two that warm up."""
    taken = []
    for _ in range(TIMES + 2):
        start = time.perf_counter()
        with urllib.request.urlopen(url) as answer:
            answer.read()
        taken.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(taken[2:]), 1)


def main() -> None:
    """Print one JSON object."""
    with served("bench") as url:
        medians = {name: median_ms(url + path) for name, path in PATHS.items()}
    print(json.dumps({"benchmark": "pages", "median_ms": medians}))


if __name__ == "__main__":
    main()
