"""A routing server for the tests: answers recorded, or worked out in the form of the protocol.

Forms: OSRM docs/http.md (table service), Valhalla docs/api/matrix/api-reference.md and
docs/api/turn-by-turn (error codes).
"""

import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Asked = tuple[list[tuple[float, float]], list[tuple[float, float]]]
Seconds = Callable[[tuple[float, float], tuple[float, float]], float | None]

OSRM_TOO_BIG = {"code": "TooBig", "message": "Too many table coordinates"}
OSRM_NO_SEGMENT = {
    "code": "NoSegment",
    "message": "Could not find a matching segment for coordinate 1",
}
OSRM_INVALID = {"code": "InvalidQuery", "message": "Query string malformed close to position 17"}
VALHALLA_NO_EDGES = {
    "error_code": 171,
    "error": "No suitable edges near location",
    "status_code": 400,
    "status": "Bad Request",
}
VALHALLA_TOO_MANY = {
    "error_code": 150,
    "error": "Exceeded max locations:50",
    "status_code": 400,
    "status": "Bad Request",
}
VALHALLA_DOWN = {
    "error_code": 503,
    "error": "Failed to load tiles",
    "status_code": 503,
    "status": "Service Unavailable",
}


class Router:
    """Where the server is (`url`), what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.paths: list[str] = []
        self.seconds: Seconds = lambda source, target: 600.0
        self.refuse: Callable[[Asked], dict | None] = lambda asked: None
        self.body: bytes | None = None  # instead of an answer
        self.delay = 0.0
        self.drip = 0.0

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        self.paths.append(path)
        is_osrm = "/table/v1/" in path
        asked = osrm_asked(path) if is_osrm else valhalla_asked(body)
        self.asked.append(asked)
        time.sleep(self.delay)
        if self.body is not None:
            return 200, self.body
        refusal = self.refuse(asked)
        if refusal:
            return refusal.get("status_code", 400), json.dumps(refusal).encode()
        told = osrm_table(asked, self.seconds) if is_osrm else valhalla_matrix(asked, self.seconds)
        return 200, json.dumps(told).encode()


def osrm_asked(path: str) -> Asked:
    parts = urlsplit(path)
    places = [
        tuple(map(float, each.split(","))) for each in parts.path.rpartition("/")[2].split(";")
    ]
    query = parse_qs(parts.query)
    assert query["annotations"] == ["duration"]
    rows, columns = (
        [places[int(i)] for i in query[name][0].split(";")] for name in ("sources", "destinations")
    )
    return rows, columns


def valhalla_asked(body: bytes) -> Asked:
    told = json.loads(body)
    assert told["costing"] == "auto"
    rows, columns = ([(p["lon"], p["lat"]) for p in told[name]] for name in ("sources", "targets"))
    return rows, columns


def osrm_table(asked: Asked, seconds: Seconds) -> dict:
    def waypoint(place: tuple[float, float]) -> dict:
        return {"hint": "", "distance": 4.1, "name": "", "location": list(place)}

    return {
        "code": "Ok",
        "durations": [[seconds(a, b) for b in asked[1]] for a in asked[0]],
        "sources": [waypoint(a) for a in asked[0]],
        "destinations": [waypoint(b) for b in asked[1]],
    }


def valhalla_matrix(asked: Asked, seconds: Seconds) -> dict:
    def cell(i: int, j: int) -> dict:
        time_s = seconds(asked[0][i], asked[1][j])
        return {
            "distance": None if time_s is None else 9.1,
            "time": time_s,
            "to_index": j,
            "from_index": i,
        }

    return {
        "algorithm": "costmatrix",
        "units": "kilometers",
        "sources": [{"lon": lon, "lat": lat} for lon, lat in asked[0]],
        "targets": [{"lon": lon, "lat": lat} for lon, lat in asked[1]],
        "sources_to_targets": [
            [cell(i, j) for j in range(len(asked[1]))] for i in range(len(asked[0]))
        ],
    }


@contextmanager
def serving():
    """A Router that listens on a free port of this machine."""
    router = Router()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            status, body = router.answer(self.path, self.rfile.read(length))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                for at in range(len(body) if router.drip else 0):
                    self.wfile.write(body[at : at + 1])
                    time.sleep(router.drip)
                if not router.drip:
                    self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                pass

        do_POST = do_GET

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    router.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield router
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
