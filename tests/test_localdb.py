"""The private cluster, for real: made, shared, killed and recovered in folders of its own."""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from fazhimap import localdb, postgres

USE_UNTIL_TOLD = """
from fazhimap import localdb
with localdb.running():
    print("up", flush=True)
    input()
"""


@pytest.fixture(scope="module")
def folder():
    """A folder for data folders, not pytest's: the server's account may not enter those."""
    with tempfile.TemporaryDirectory(prefix="fazhimap-tests-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def data(folder, monkeypatch):
    """The data folder of a cluster that the tests share; at the end of each it is stopped."""
    point_at(folder / "shared", monkeypatch)
    with localdb.running():
        pass
    yield localdb.data_dir()
    localdb.stop()


@pytest.fixture
def half_made(folder, monkeypatch):
    """A data folder whose cluster was being made when the machine went down."""
    point_at(folder / "half", monkeypatch)
    (localdb.data_dir() / "creating-interrupted").mkdir(parents=True)
    (localdb.data_dir() / "creating-interrupted/PG_VERSION").write_text("15")
    yield localdb.data_dir()
    localdb.stop()


def point_at(folder, patch):
    patch.delenv("DATABASE_URL", raising=False)
    patch.setenv("FAZHIMAP_DATA", str(folder))
    patch.setenv("FAZHIMAP_TEST_CLUSTER", "1")


def answer(query):
    """The one value that a query gives, as the application's role."""
    at = localdb.connection()
    with (
        closing(
            psycopg2.connect(dbname=at["NAME"], user=at["USER"], host=at["HOST"], port=at["PORT"])
        ) as session,
        session.cursor() as cursor,
    ):
        cursor.execute(query)
        return cursor.fetchone()[0]


def another_user():
    """Another process that uses the database until a line comes."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE_UNTIL_TOLD],
        cwd=localdb.CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "up\n"
    return process


def is_gone(pid):
    """Whether the process ends within five seconds; the kernel may keep its entry for a moment."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_the_database_is_there_inside_and_gone_after(data):
    with localdb.running():
        assert answer("SELECT 1") == 1
    assert not localdb.is_running()


def test_the_application_owns_its_database_and_is_no_superuser(data):
    with localdb.running():
        assert answer("SELECT current_user") == "fazhimap"
        assert answer("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'fazhimap'"
        assert answer(owner) == "fazhimap"


def test_a_new_database_has_the_extensions(data):
    with localdb.running():
        names = "SELECT array_agg(extname ORDER BY extname) FROM pg_extension"
        assert {"pg_trgm", "postgis"} <= set(answer(names))


def test_trigrams_see_chinese(data):
    with localdb.running():
        assert answer("SELECT similarity('包头法治公园', '法治公园') > 0.3") is True


def test_nothing_listens_on_the_network(data):
    with localdb.running():
        assert answer("SHOW listen_addresses") == ""


def test_nobody_gets_in_under_a_role_that_is_not_theirs(data):
    with localdb.running(), pytest.raises(psycopg2.OperationalError, match="Peer authentication"):
        psycopg2.connect(dbname="fazhimap", user="pg_monitor", host=localdb.connection()["HOST"])


def test_the_last_of_two_users_stops_the_server(data):
    with localdb.running():
        other = another_user()
    assert localdb.is_running()
    other.communicate("\n")
    assert not localdb.is_running()


def test_a_user_within_a_user_leaves_the_server_alone(data):
    with localdb.running():
        with localdb.running():
            pass
        assert answer("SELECT 1") == 1


def test_the_server_left_by_a_killed_user_is_used_and_stopped(data):
    other = another_user()
    other.kill()
    other.communicate()
    with localdb.running():
        assert answer("SELECT 1") == 1
    assert not localdb.is_running()


def test_a_killed_server_is_started_again_with_its_data(data):
    with localdb.running():
        pid = postgres.server_pid(data)
        os.kill(pid, signal.SIGKILL)
        assert is_gone(pid)
        localdb.start()
        assert answer("SELECT count(*) FROM spatial_ref_sys") > 8000


def test_the_id_of_a_killed_server_may_be_another_process_by_now(data):
    account = pwd.getpwuid((data / "pg").stat().st_uid).pw_name
    stranger = subprocess.Popen(["sleep", "60"], user=account if os.geteuid() == 0 else None)
    (data / "pg/postmaster.pid").write_text(f"{stranger.pid}\n{data / 'pg'}\n")
    lock = data / "socket/.s.PGSQL.5432.lock"
    lock.write_text(f"{stranger.pid}\n")
    with localdb.running():
        assert answer("SELECT 1") == 1
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_half_made_cluster_is_made_anew(half_made):
    with localdb.running():
        assert answer("SELECT postgis_lib_version()") > "3"
    assert not list(half_made.glob("creating-*"))


def test_a_socket_path_that_is_too_long_for_the_kernel_is_replaced(data):
    deep = data / ("x" * 100)
    assert len(str(postgres.socket_dir(deep))) < 50
    assert postgres.socket_dir(data) == data / "socket"


def test_the_secret_key_stays_the_same_and_is_for_its_owner_alone(data):
    key = localdb.secret_key()
    assert len(key) >= 50
    assert localdb.secret_key() == key
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_made_is_named(monkeypatch):
    point_at(Path("/proc/nowhere"), monkeypatch)
    with pytest.raises(localdb.UnavailableError, match="/proc/nowhere-test cannot be used"):
        localdb.start()


def test_a_waiting_user_is_told_so(data, capsys):
    code = "from fazhimap import localdb\nwith localdb.locked('t.lock', 'waiting'): print('mine')"
    with localdb.locked("t.lock"):
        waiting = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=localdb.CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert waiting.stderr.readline() == "waiting\n"
    assert waiting.communicate()[0] == "mine\n"


def test_the_tests_have_a_folder_of_their_own(monkeypatch):
    monkeypatch.setenv("FAZHIMAP_DATA", "/srv/data")
    monkeypatch.setenv("FAZHIMAP_TEST_CLUSTER", "1")
    assert localdb.data_dir() == Path("/srv/data-test")
    monkeypatch.delenv("FAZHIMAP_TEST_CLUSTER")
    assert localdb.data_dir() == Path("/srv/data")


def test_a_database_url_becomes_djangos_settings(monkeypatch):
    url = "postgis://map:p%40ss@db.example:5433/fazhi%20map?sslmode=require"
    monkeypatch.setenv("DATABASE_URL", url)
    assert localdb.connection() == {
        "NAME": "fazhi map",
        "USER": "map",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_the_server_is_told_to_think_of_twelve_tables_at_once_unless_the_url_says(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgis://h/n?sslmode=require")
    options = localdb.database()["OPTIONS"]
    assert options == {"sslmode": "require", "options": localdb.PLANNING}
    monkeypatch.setenv("DATABASE_URL", "postgis://h/n?options=-c%20jit%3Doff")
    assert localdb.database()["OPTIONS"] == {"options": "-c jit=off"}


@pytest.mark.parametrize("url", ["mysql://h/n", "postgis://h:port/n", "postgis://h:5432/", "x"])
def test_a_bad_database_url_says_what_a_good_one_looks_like(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(localdb.UnavailableError, match="postgis://user:password@host:5432/name"):
        localdb.database()


def test_with_a_database_url_no_cluster_is_made(monkeypatch, tmp_path):
    point_at(tmp_path / "data", monkeypatch)
    monkeypatch.setenv("DATABASE_URL", "postgis://h/n")
    with localdb.running():
        pass
    assert list(tmp_path.iterdir()) == []
