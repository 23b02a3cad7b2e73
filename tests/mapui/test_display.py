"""How pages are shown: chosen by a form, kept in a cookie, refused where it is nonsense."""

import pytest
from django.test import Client


@pytest.fixture
def chosen(client, db, today):
    """Send the form from a page of ours."""

    def sent(referer="http://testserver/events/?kind=show", **choice):
        return client.post("/display/", choice, headers={"Referer": referer})

    return sent


def test_the_choice_is_kept_for_a_year_and_leads_back(chosen):
    answer = chosen(elder="1")
    assert answer["Location"] == "/events/?kind=show"
    assert answer.cookies["elder"].value == "1"
    assert answer.cookies["elder"]["max-age"] == 365 * 24 * 3600


def test_no_choice_goes_along_with_a_form_of_another_site(client, chosen):
    answers = chosen(elder="1"), client.post("/language/", {"language": "en"})
    for answer in answers:
        assert [cookie["samesite"] for cookie in answer.cookies.values()] == ["Lax"]


def test_pages_follow_the_choice(client, chosen):
    assert 'class="elder"' not in client.get("/data/").content.decode()
    chosen(elder="1", theme="dark")
    page = client.get("/data/").content.decode()
    assert 'class="elder"' in page
    assert "prefers-color-scheme" not in page
    chosen(elder="0", theme="auto")
    page = client.get("/data/").content.decode()
    assert 'class="elder"' not in page
    assert "prefers-color-scheme" in page


@pytest.mark.parametrize("referer", ["https://elsewhere.example/x", "", "javascript:alert(1)"])
def test_it_never_leads_to_another_site(chosen, referer):
    assert chosen(referer, elder="1")["Location"] == "/"


@pytest.mark.parametrize("choice", [{"elder": "2"}, {"theme": "pink"}])
def test_an_unknown_choice_is_refused_by_name(chosen, choice):
    answer = chosen(**choice)
    assert answer.status_code == 422
    assert next(iter(choice)) in answer.content.decode()


def test_in_a_frame_where_no_cookie_comes_along_the_address_may_choose(client, db, today):
    assert 'class="elder embedded"' in client.get("/embed/?elder=1").content.decode()
    assert 'class="elder embedded' not in client.get("/embed/?elder=yes").content.decode()
    assert 'class="elder"' not in client.get("/?elder=1").content.decode()


def test_a_cookie_with_nonsense_is_no_choice(client, db, today):
    client.cookies["elder"] = "<script>"
    client.cookies["theme"] = "<script>"
    page = client.get("/data/").content.decode()
    assert 'class="elder"' not in page
    assert "prefers-color-scheme" in page


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 405), ("/data/", 405), ("/display/", 400), ("/language/", 400), ("/ask/", 400)],
)
@pytest.mark.parametrize("strict", [False, True])
def test_a_form_in_another_encoding_is_refused_on_a_page_of_ours(db, today, path, status, strict):
    """The page about it asks for the form again, for how it is to be shown."""
    client = Client(enforce_csrf_checks=strict, raise_request_exception=False)
    client.cookies["csrftoken"] = "a" * 32  # or strict checks would not come to the form
    foreign = "application/x-www-form-urlencoded; charset=gbk"
    answer = client.post(path, b"elder=1", content_type=foreign)
    assert answer.status_code == status
    assert 'class="problem' in answer.content.decode()
