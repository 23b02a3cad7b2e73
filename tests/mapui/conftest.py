"""The API as its users see it."""

import json

import pytest

from mapui.models import ApiToken
from tests import factories


class Api:
    """Calls addresses under /api/v1 and decodes what comes back."""

    def __init__(self, client):
        self.client = client

    def ask(self, path, method="get", body=None, token=None, **headers):
        """The response itself."""
        extra = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
        if body is not None:
            extra["content_type"] = "application/json"
            extra["data"] = body if isinstance(body, str | bytes) else json.dumps(body)
        return getattr(self.client, method)(f"/api/v1{path}", **extra, headers=headers)

    def get(self, path, **options):
        """What a good answer holds."""
        response = self.ask(path, **options)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def ids(self, path):
        """The codes of a collection's features, in their order."""
        return [feature["id"] for feature in self.get(path)["features"]]

    def properties(self, path):
        """The properties of a collection's features by code."""
        return {one["id"]: one["properties"] for one in self.get(path)["features"]}

    def problem(self, path, status, **options):
        """What an answer that refuses says."""
        response = self.ask(path, **options)
        assert response.status_code == status, response.content.decode()
        assert response["Content-Type"] == "application/problem+json"
        said = response.json()
        assert said["status"] == status
        assert said["title"]
        return said


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Pages name their static files without hashes: nothing was collected."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Making a user takes no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def api(client, db, today):
    return Api(client)


@pytest.fixture
def steward(db):
    """Someone who keeps the records of 150203."""
    return factories.user("steward", role="steward", counties=["150203"])


@pytest.fixture
def token(steward):
    return ApiToken.issue(steward)


@pytest.fixture
def square(county):
    return factories.site(code="150203-0001", name="民主广场", lat=40.01)
