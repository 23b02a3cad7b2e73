import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder


def test_a_living_process_says_so_without_the_database(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_server_with_its_tables_is_ready(client):
    assert client.get("/readyz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_server_without_its_newest_tables_is_not_ready(client):
    newest = MigrationRecorder.Migration.objects.filter(app="mapui").latest("name")
    newest.delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert f"mapui.{newest.name}" in answer.json()["migrations"]


def test_a_server_without_its_database_is_not_ready(client, monkeypatch):
    def refused(*_):
        raise OperationalError("connection refused")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", refused)
    assert client.get("/readyz").status_code == 503
