"""gunicorn as a child process, and the database beside it, for as long as somebody wants them."""

import ctypes
import http.client
import os
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import (
    InvalidHTTPVersion,
    InvalidRequestLine,
    InvalidRequestMethod,
    LimitRequestHeaders,
    LimitRequestLine,
)
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from fazhimap import localdb
from fazhimap.console import say

ANSWER_SECONDS = 60
HELPER_BYTES = 6 * 2**30  # the largest tour allowed takes 1.9 GB; the web server comes first
STOP_SECONDS = 8
PR_SET_PDEATHSIG = 1


class WebServerError(Exception):
    """The site cannot be served; the text says why, and what to do."""


@dataclass(frozen=True)
class Address:
    """Where to listen, and what to type into a browser on the same machine."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def local_host(self) -> str:
        """A host that leads here from this machine."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def url(self) -> str:
        """The start page, from this machine."""
        return f"http://{Address(self.local_host, self.port)}/"


def wanted_address(environment: Mapping[str, str]) -> Address:
    """PORT (by default 8000) and FAZHIMAP_LISTEN (by default this machine only)."""
    given = environment.get("PORT") or "8000"
    if not (given.isascii() and given.isdigit() and 0 < int(given) < 65536):
        raise WebServerError(
            f"PORT 应为 1–65535 的整数,而不是 {given!r}。/ "
            f"PORT must be a whole number from 1 to 65535, not {given!r}."
        )
    return Address(environment.get("FAZHIMAP_LISTEN") or "127.0.0.1", int(given))


def require_free(address: Address, patience: float = 3.0) -> None:
    """Raise WebServerError unless the address can be listened on.

    `patience`, in seconds, is for a killed predecessor that is about to let go of it.
    """
    deadline = time.monotonic() + patience
    while (reason := _refusal(address)) and time.monotonic() < deadline:
        time.sleep(0.2)
    if reason:
        raise WebServerError(
            f"不能使用端口 {address.port}({reason}):请换一个,例如 make run PORT={address.port + 1}。\n"
            f"Port {address.port} cannot be used ({reason}): "
            f"choose another, for example make run PORT={address.port + 1}"
        )


def _refusal(address: Address) -> str:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address.host, address.port))
    except OSError as error:
        return error.strerror or str(error)
    return ""


UNREADABLE = (
    "400 Bad Request",
    "服务器读不懂这个请求。/ The server cannot read this request.",
)
# What gunicorn refuses before Django sees it: the status, and what to do.
REFUSALS = {
    InvalidRequestLine: UNREADABLE,
    InvalidRequestMethod: UNREADABLE,
    InvalidHTTPVersion: UNREADABLE,
    LimitRequestLine: (
        "414 URI Too Long",
        "网址太长:请减少参数,或分几次查询。/ The address is too long: use fewer parameters.",
    ),
    LimitRequestHeaders: (
        "431 Request Header Fields Too Large",
        "请求头太多或太长:请清除本站的 Cookie 再试。/ "
        "The headers are too large: delete this site's cookies and try again.",
    ),
}


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker, which refuses long requests in words of ours, and logs no query string.

    A query may say where somebody is: `near` of the API does.
    """

    def handle_error(self, req: Any, client: socket.socket, addr: object, exc: object) -> None:
        """Answer a request that could not be read."""
        if getattr(req, "uri", None):
            req.uri = req.uri.partition("?")[0]
        for kind, (status, text) in REFUSALS.items():
            if isinstance(exc, kind):
                write_nonblock(client, _plain_answer(status, text))
                return
        super().handle_error(req, client, addr, exc)


def _plain_answer(status: str, text: str) -> bytes:
    body = f"{text}\n".encode()
    head = (
        f"HTTP/1.1 {status}\r\nConnection: close\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Site(BaseApplication):  # type: ignore[misc]
    """What gunicorn is to serve, and how."""

    def __init__(self, address: Address) -> None:
        self.address = address
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's options."""
        options = {
            "bind": str(self.address),
            "worker_class": Worker,
            "workers": 2,
            "threads": 4,
            "graceful_timeout": 5,
            "limit_request_line": 8190,  # as long as gunicorn can; Django answers for the rest
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """The WSGI application."""
        from fazhimap.wsgi import application  # noqa: PLC0415  # after Django's set-up

        return application


@contextmanager
def gunicorn(address: Address) -> Iterator[BaseProcess]:
    """gunicorn, which goes when this process goes, however that ends.

    It is forked off, so that nothing that is imported already is imported again.
    """
    site = Site(address)
    site.load()
    process = get_context("fork").Process(target=_run, args=(site,))
    process.start()
    try:
        yield process
    finally:
        try:
            process.terminate()
            process.join(STOP_SECONDS)
        finally:
            _kill_group(process)


class Helper:
    """A process of ours beside the web server, which is started again whenever it has ended."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._process: BaseProcess | None = None

    def keep(self) -> None:
        """See to it that the process is there."""
        if self._process is not None and self._process.is_alive():
            return
        if self._process is not None:
            _kill_group(self._process)  # what it may have started itself
        self._process = get_context("fork").Process(target=_run_helper, args=(self._work,))
        self._process.start()

    def __enter__(self) -> "Helper":
        self.keep()
        return self

    def __exit__(self, *_reason: object) -> None:
        if self._process is not None:
            _kill_group(self._process)


def _run_helper(work: Callable[[], None]) -> None:
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (HELPER_BYTES, HELPER_BYTES))
    work()


def _kill_group(process: BaseProcess) -> None:
    if process.pid:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.join()


def _run(site: Site) -> None:
    os.setsid()  # Ctrl-C comes to the parent alone, and nothing can be left over
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
    site.run()


def wait_for_answer(address: Address, process: BaseProcess) -> None:
    """Return when the start page is there. Raises WebServerError if it does not come."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        _require_alive(process)
        if _status(address) < 500:
            return
        time.sleep(0.1)
    raise WebServerError(
        "网站没有应答,原因见上面的输出。/ The site does not answer: see the output above."
    )


def watch(process: BaseProcess, helper: Helper, *, with_parent: bool) -> None:
    """Keep the private database and the helper up; return when our parent has gone and `with_parent` is set.

    Raises WebServerError when gunicorn has ended, UnavailableError when the database cannot be
    started again.
    """
    private = not os.environ.get("DATABASE_URL")
    parent = os.getppid()
    while not (with_parent and os.getppid() != parent):
        _require_alive(process)
        if private and not localdb.is_running():
            say("数据库停了,正在重新启动 / The database has stopped: starting it again")
            localdb.start()
        helper.keep()
        time.sleep(1)


def _require_alive(process: BaseProcess) -> None:
    if not process.is_alive():
        raise WebServerError(
            f"网站进程已退出({process.exitcode}),请再次运行 make run。\n"
            f"The web server has ended ({process.exitcode}): type `make run` again."
        )


def _status(address: Address) -> int:
    """The HTTP status of the start page; 599 where nothing answers."""
    client = http.client.HTTPConnection(address.local_host, address.port, timeout=30)
    try:
        client.request("GET", "/")
        return client.getresponse().status
    except (OSError, http.client.HTTPException):
        return 599
    finally:
        client.close()
