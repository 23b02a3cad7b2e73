"""Minutes by road from a routing server: OSRM's table or Valhalla's matrix. Pure but for HTTP.

Protocols: OSRM 5 and 6, docs/http.md, `GET /table/v1/driving/{lon,lat;…}`; Valhalla 3,
docs/api/matrix, `POST /sources_to_targets`. Both answer null where no road leads.
"""

import http.client
import json
import math
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LonLat = tuple[float, float]
Pair = tuple[int, int]
Matrix = NDArray[np.float64]

OSRM, VALHALLA = "osrm", "valhalla"
KINDS = (OSRM, VALHALLA)
LOCATIONS = 100  # OSRM's --max-table-size; a longer address is refused by some proxies
PAIRS = 2500  # Valhalla's max_matrix_location_pairs
SIDE = 50  # sources and targets of a square: both limits at once
REQUEST_SECONDS = 2.0
MOST_BYTES = 8_000_000  # a hundred locations' answer has some 200 kB
CHUNK = 65536

# Refusals that are about some of the points only: the others are worth asking for alone.
NO_ROAD = {"NoSegment", "NoTable", "154", "170", "171", "442"}
TOO_MANY = {"TooBig", "150"}


class RoutingFailed(Exception):
    """The server gave no usable answer; the message says why."""


class Slow(RoutingFailed):
    """No answer in time."""


class _Refused(Exception):
    """The server answers, but not for all of these points at once; holds its code."""


@dataclass(frozen=True)
class Server:
    """A routing server: `kind` is one of KINDS, `url` where its services are."""

    kind: str
    url: str

    @property
    def profile(self) -> str:
        """Whose minutes they are: server and way of travelling."""
        return f"{self.url.rstrip('/')} {'driving' if self.kind == OSRM else 'auto'}"


@dataclass(frozen=True)
class Answer:
    """Minutes of each pair asked for: inf where no road leads, NaN where not answered.

    `failure`: why the server was given up on, "" where it was not.
    """

    minutes: Matrix
    failure: str = ""


def minutes(
    server: Server,
    sources: Sequence[LonLat],
    targets: Sequence[LonLat],
    pairs: Sequence[Pair],
    seconds: float,
) -> Answer:
    """Minutes by road for (source, target) index pairs, as far as `seconds` go.

    A server that fails is not asked again; what it has answered is kept. Running out of time
    while it answers is no failure.
    """
    found = np.full(len(pairs), np.nan)
    until = time.monotonic() + seconds
    answered = False
    for numbers in _batches(pairs):
        rows = sorted({pairs[n][0] for n in numbers})
        columns = sorted({pairs[n][1] for n in numbers})
        try:
            matrix = _ask(server, [sources[i] for i in rows], [targets[j] for j in columns], until)
        except RoutingFailed as failed:
            no_failure = answered and isinstance(failed, Slow)
            return Answer(found, "" if no_failure else str(failed))
        answered = True
        row, column = ({k: n for n, k in enumerate(keys)} for keys in (rows, columns))
        for n in numbers:
            i, j = pairs[n]
            found[n] = matrix[row[i], column[j]]
    return Answer(found)


def _batches(pairs: Sequence[Pair]) -> Iterator[list[int]]:
    """Places of the pairs in groups that a server takes at once: by source, a whole table in squares."""
    sources, targets = ({pair[end] for pair in pairs} for end in (0, 1))
    side = SIDE if 2 * len(pairs) > len(sources) * len(targets) else max(targets, default=0) + 1

    def square(n: int) -> tuple[int, int, Pair]:
        i, j = pairs[n]
        return i // side if side == SIDE else i, j // side, (i, j)

    batch: list[int] = []
    rows: set[int] = set()
    columns: set[int] = set()
    for n in sorted(range(len(pairs)), key=square):
        i, j = pairs[n]
        more_rows, more_columns = len(rows | {i}), len(columns | {j})
        if more_rows + more_columns > LOCATIONS or more_rows * more_columns > PAIRS:
            yield batch
            batch, rows, columns = [], set(), set()
        batch.append(n)
        rows.add(i)
        columns.add(j)
    if batch:
        yield batch


def _ask(server: Server, sources: list[LonLat], targets: list[LonLat], until: float) -> Matrix:
    """Minutes (sources × targets); a refusal of some points is narrowed down by halves."""
    try:
        seconds = PROTOCOLS[server.kind](server, sources, targets, until)
    except _Refused as refused:
        if len(sources) * len(targets) > 1:
            return _ask_by_halves(server, sources, targets, until)
        if str(refused) in NO_ROAD:
            return np.array([[math.inf]])
        raise RoutingFailed(str(refused)) from refused
    return _checked(seconds, (len(sources), len(targets)))


def _ask_by_halves(
    server: Server, sources: list[LonLat], targets: list[LonLat], until: float
) -> Matrix:
    if len(sources) >= len(targets):
        half = len(sources) // 2
        parts = [_ask(server, part, targets, until) for part in (sources[:half], sources[half:])]
        return np.concatenate(parts)
    half = len(targets) // 2
    parts = [_ask(server, sources, part, until) for part in (targets[:half], targets[half:])]
    return np.concatenate(parts, axis=1)


def _osrm(server: Server, sources: list[LonLat], targets: list[LonLat], until: float) -> Any:
    places = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in [*sources, *targets])
    split, total = len(sources), len(sources) + len(targets)
    rows, columns = (";".join(map(str, part)) for part in (range(split), range(split, total)))
    path = f"/table/v1/driving/{places}?annotations=duration&sources={rows}&destinations={columns}"
    told = _fetch(urllib.request.Request(server.url.rstrip("/") + path), until)  # noqa: S310
    code = told.get("code")
    if code != "Ok":
        raise _error(code, told.get("message"))
    return told.get("durations")


def _valhalla(server: Server, sources: list[LonLat], targets: list[LonLat], until: float) -> Any:
    asked = {
        name: [{"lon": round(lon, 6), "lat": round(lat, 6)} for lon, lat in places]
        for name, places in (("sources", sources), ("targets", targets))
    }
    request = urllib.request.Request(  # noqa: S310
        server.url.rstrip("/") + "/sources_to_targets",
        json.dumps({**asked, "costing": "auto"}).encode(),
        {"Content-Type": "application/json"},
    )
    told = _fetch(request, until)
    if "error_code" in told:
        raise _error(told["error_code"], told.get("error"))
    try:
        return [[cell["time"] for cell in row] for row in told["sources_to_targets"]]
    except (KeyError, TypeError) as wrong:
        raise RoutingFailed("not a matrix") from wrong


PROTOCOLS = {OSRM: _osrm, VALHALLA: _valhalla}


def _error(code: object, message: object) -> Exception:
    if str(code) in NO_ROAD | TOO_MANY:
        return _Refused(str(code))
    return RoutingFailed(f"{code}: {message}")


def _fetch(request: urllib.request.Request, until: float) -> dict[str, Any]:
    """The JSON object that the server answers, whatever the HTTP status; RoutingFailed else."""
    try:
        body = _read(request, until)
        told = json.loads(body)
    except TimeoutError as late:
        raise Slow("no answer in time") from late
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as failed:
        if isinstance(getattr(failed, "reason", None), TimeoutError):
            raise Slow("no answer in time") from failed
        raise RoutingFailed(str(failed)) from failed
    if not isinstance(told, dict):
        raise RoutingFailed("not a JSON object")
    return told


def _read(request: urllib.request.Request, until: float) -> bytes:
    end = min(until, time.monotonic() + REQUEST_SECONDS)
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    try:
        response = urllib.request.urlopen(request, timeout=left)  # noqa: S310
    except urllib.error.HTTPError as refused:
        response = refused
    body = b""
    with response:
        while chunk := response.read1(CHUNK):
            body += chunk
            if time.monotonic() > end:
                raise TimeoutError
            if len(body) > MOST_BYTES:
                raise ValueError("too long an answer")
    return body


def _checked(seconds: Any, shape: tuple[int, int]) -> Matrix:
    """Seconds as a matrix of minutes, null as inf."""
    try:
        matrix = np.array(
            [[math.inf if cell is None else cell for cell in row] for row in seconds], dtype=float
        )
    except (TypeError, ValueError) as wrong:
        raise RoutingFailed("not a matrix of seconds") from wrong
    if matrix.shape != shape or np.isnan(matrix).any() or (matrix < 0).any():
        raise RoutingFailed("not a matrix of seconds for the points asked for")
    return matrix / 60
