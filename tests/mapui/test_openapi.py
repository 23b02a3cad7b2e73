import pytest

from mapui import filters
from mapui.problems import TITLES


@pytest.fixture
def document(api):
    return api.get("/openapi.json")


@pytest.fixture
def operations(document):
    return {
        (method, path.removeprefix("/api/v1")): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_every_address_is_documented(operations):
    assert set(operations) == {
        ("get", "/regions"),
        ("get", "/villages"),
        ("get", "/villages/{code}"),
        ("patch", "/villages/{code}"),
        ("get", "/sites"),
        ("get", "/sites/{code}"),
        ("patch", "/sites/{code}"),
        ("get", "/search"),
        ("get", "/standards"),
        ("get", "/standards/{code}/coverage"),
        ("get", "/standards/{code}/gaps"),
        ("post", "/standards/{code}/what-if"),
        ("post", "/standards/{code}/siting"),
        ("post", "/siting/candidates"),
        ("get", "/scenarios"),
        ("post", "/scenarios"),
        ("get", "/scenarios/{number}"),
        ("get", "/scenarios/{number}/places"),
        ("put", "/scenarios/{number}"),
        ("delete", "/scenarios/{number}"),
        ("post", "/tours"),
        ("get", "/tours/{number}"),
        ("patch", "/tours/{number}"),
        ("post", "/tours/{number}/confirm"),
        ("post", "/tours/{number}/cancel"),
        ("post", "/tours/{number}/copy"),
        ("post", "/tours/{number}/stuck"),
        ("get", "/tours/{number}/changes"),
        ("get", "/tours/{number}/left-out/{village}"),
        ("get", "/events"),
        ("post", "/events"),
        ("get", "/events/{code}"),
        ("patch", "/events/{code}"),
    }


def test_every_operation_has_a_summary_a_description_and_a_name_of_its_own(operations):
    assert all(one["summary"] and one["description"] for one in operations.values())
    names = [one["operationId"] for one in operations.values()]
    assert len(names) == len(set(names))


def test_every_parameter_is_described(operations):
    described = {one["name"] for one in operations["get", "/sites"]["parameters"]}
    assert described == {one["name"] for one in filters.Sites.describe()}
    for operation in operations.values():
        for parameter in operation["parameters"]:
            assert parameter["in"] == "path" or parameter["description"]


def test_every_error_is_a_problem(operations):
    for operation in operations.values():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert int(status) in TITLES
                assert list(answer["content"]) == ["application/problem+json"]


def test_writing_needs_a_token_or_a_login(operations):
    assert operations["post", "/events"]["security"] == [{"BearerToken": []}, {"Session": []}]
    assert "security" not in operations["get", "/events"]


def test_a_body_lists_the_import_columns(operations):
    content = operations["post", "/events"]["requestBody"]["content"]
    columns = content["application/json"]["schema"]["properties"]
    assert {"programme", "site", "village", "starts_at", "ends_at", "reaches"} <= columns.keys()
    assert "held" in columns["status"]["examples"]


def test_every_schema_that_is_referred_to_is_there(document):
    wanted = set()

    def look(node):
        if isinstance(node, dict):
            wanted.add(node.get("$ref", "").removeprefix("#/components/schemas/"))
            node = list(node.values())
        for child in node if isinstance(node, list) else []:
            look(child)

    look(document)
    assert wanted - {""} <= document["components"]["schemas"].keys()
