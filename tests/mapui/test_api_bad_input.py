"""Nothing that an address can hold makes the server fail, or answer otherwise than RFC 9457 says."""

import pytest

from tests import factories

PLACES = {"region": "15x", "limit": "0", "offset": "-1"}
BAD = {
    "/regions": {**PLACES, "level": "planet"},
    "/villages": {**PLACES, "bbox": "1,2,3", "standard": "a b", "q": "%00"},
    "/sites": {
        **PLACES,
        "kind": "pub",
        "tier": "world",
        "status": "ajar",
        "bbox": "nan,nan,nan,nan",
        "q": "x" * 51,
        "near": "inf,0",
        "within": "-1",
        "reached": "maybe",
    },
    "/search": {"q": "%00", "limit": "101"},
    "/standards": {"anything": "1"},
    "/standards/near/coverage": {"by": "street", "region": "一", "on": "2026-02-30"},
    "/standards/near/gaps": PLACES,
    "/events": {
        **PLACES,
        "from": "yesterday",
        "to": "9999-99-99",
        "site": "a/b",
        "village": "1",
        "troupe": "%ff",
        "kind": "show,party",
        "campaign": "%01",
        "status": "maybe",
    },
    "/villages/150203001001": {"standard": "near"},
    "/sites/S": {"near": "1,2"},
    "/events/E": {"from": "2026-01-01"},
}
CASES = [(path, name, value) for path, bad in BAD.items() for name, value in bad.items()]
NASTY = [
    "%00", "%ff%fe", "%ED%A0%80", "'", '"', "%25", "\\", "-1", "1e999", "nan", "0x10", "1_0",
    "9" * 400, "%F0%9F%92%A9", "<script>", "..%2f..%2f", "%0d%0aX:%20y", "null", "[]", "{}",
    "1,2,3,4,5", "2026-13-01", "0001-01-01", "9999-12-31", "٣", "%E3%80%80", "a" * 3000,
]  # fmt: skip


@pytest.mark.parametrize(("path", "name", "value"), CASES)
def test_a_bad_parameter_is_named(api, path, name, value):
    query = f"q=x&{name}={value}" if path == "/search" and name != "q" else f"{name}={value}"
    said = api.problem(f"{path}?{query}", 422)
    assert [error["parameter"] for error in said["errors"]] == [name]
    assert said["errors"][0]["message"] in said["detail"]
    assert {"given", "allowed"} <= said["errors"][0].keys()


@pytest.mark.parametrize("path", BAD)
def test_an_unknown_parameter_is_named_with_the_known_ones(api, path):
    said = api.problem(f"{path}?colour=red&q=x" if path == "/search" else f"{path}?colour=red", 422)
    (error,) = (one for one in said["errors"] if one["parameter"] == "colour")
    assert "colour" not in error["allowed"]


@pytest.mark.parametrize("path", BAD)
def test_no_value_of_any_parameter_brings_the_server_down(api, path):
    factories.standard()
    for name in BAD[path]:
        for value in NASTY:
            response = api.ask(f"{path}?{name}={value}")
            assert response.status_code in (200, 404, 422), (name, value)
            if response.status_code != 200:
                assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("code", NASTY)
@pytest.mark.parametrize(
    "path", ["/sites/{}", "/villages/{}", "/events/{}", "/standards/{}/coverage", "/{}"]
)
def test_an_address_that_nobody_has_is_not_found(api, path, code):
    if code != "..%2f..%2f":
        api.problem(path.format(code), 404)


def test_what_is_not_found_is_named(api):
    assert "150203-9999" in api.problem("/sites/150203-9999", 404)["detail"]
    assert "/api/v1/nothing" in api.problem("/nothing", 404)["detail"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_a_method_that_is_not_served_is_refused(api, method):
    response = api.ask("/sites", method=method)
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert response["Allow"] == "GET, HEAD"


def test_too_many_parameters_are_refused(api, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    said = api.problem("/sites?" + "&".join(f"kind={n}" for n in range(11)), 400)
    assert "请减少" in said["detail"]


@pytest.mark.parametrize("path", ["/", "/admin/", "/nowhere/"])
def test_a_foreign_host_name_is_refused_with_the_setting_to_change(api, path):
    response = api.client.get(path, headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "FAZHIMAP_HOSTS" in response.content.decode()
    assert "FAZHIMAP_HOSTS" in api.problem("/sites", 400, Host="evil.example")["detail"]
