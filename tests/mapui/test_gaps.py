import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def page(client, code, standard="near"):
    return client.get(reverse("gap", args=[code]) + f"?standard={standard}")


def test_a_gap_has_three_levers_and_building_is_the_last(client, today, three_villages):
    factories.standard()
    text = page(client, three_villages[0].code).content.decode()
    assert text.index("先用好现有的") < text.index("合用或改造") < text.index("最后才是新建")
    assert "primary" not in text[text.index("最后才是新建") :]


def test_the_nearest_troupe_is_named(client, today, three_villages):
    factories.standard(months=12)
    factories.troupe(name="百灵庙队", location=three_villages[2].location)
    assert "百灵庙队" in page(client, three_villages[0].code).content.decode()


def test_a_subject_or_standard_that_there_is_not_is_missing(client, today, three_villages):
    factories.standard()
    assert page(client, "150203999999").status_code == 404
    assert page(client, three_villages[0].code, "none").status_code == 404


def test_a_gap_that_is_closed_says_so_and_an_internal_one_asks_who_is_there(
    client, today, three_villages, square, settings
):
    factories.standard()
    assert "已经达到" in page(client, three_villages[0].code).content.decode()
    settings.COVERAGE_PUBLIC = False
    assert page(client, three_villages[0].code).status_code == 302


def test_estimated_minutes_are_told_as_that(client, today, three_villages):
    factories.standard(max_minutes=9)
    assert "分钟数为估算" in page(client, three_villages[0].code).content.decode()
    factories.standard("metres")
    assert "分钟数为估算" not in page(client, three_villages[0].code, "metres").content.decode()
