"""Names in the traditional Mongolian script: given, never made; set upright beside the Chinese."""

import io
import re

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from sites.models import Region, Village
from tests import factories

BAOTOU = "ᠪᠤᠭᠤᠲᠤ"
LIST = "自治区公布的地名录"


@pytest.fixture
def page(client, db, today, county):
    return lambda site: client.get(f"/sites/{site.code}/").content.decode()


def test_a_mongolian_name_stands_after_the_chinese_one_in_its_own_script(page):
    text = page(factories.site(name="包头广场", name_mn=BAOTOU, name_mn_source=LIST))
    assert f'<p class="mongolian" lang="mn-Mong">{BAOTOU}</p>' in text
    assert text.index("包头广场</h1>") < text.index(BAOTOU)
    assert 'class="names after size-80"' in text


@pytest.mark.parametrize(
    "path",
    ["/services/", "/coverage/?region=150203", "/coverage/subjects/?standard=near&region=150203"],
)
def test_a_county_is_headed_by_both_its_names(client, three_villages, county, today, path):
    factories.standard(code="near")
    factories.site(kind="service", village=three_villages[0])
    Region.objects.filter(pk=county.pk).update(name_mn=BAOTOU, name_mn_source=LIST)
    text = client.get(path).content.decode()
    assert re.search(f'{county.name}.*<p class="mongolian" lang="mn-Mong">{BAOTOU}</p>', text, re.S)


def test_a_village_and_the_api_of_counties_tell_both_names(client, three_villages, county, today):
    village = three_villages[0]
    Village.objects.filter(pk=village.pk).update(name_mn=BAOTOU, name_mn_source=LIST)
    Region.objects.filter(pk=county.pk).update(name_mn=BAOTOU, name_mn_source=LIST)
    text = client.get(f"/villages/{village.code}/").content.decode()
    assert (
        f'<p class="mongolian" lang="mn-Mong">{BAOTOU}</p>' in text.split(f"{village.name}</h1>")[1]
    )
    (told,) = client.get("/api/v1/regions?level=county").json()["features"]
    assert told["properties"]["name_mn"] == BAOTOU


def test_without_one_nothing_is_made_up(page):
    assert "mn-Mong" not in page(factories.site())


def test_order_and_size_are_settings(page, settings):
    settings.MONGOLIAN_ORDER, settings.MONGOLIAN_SIZE = "before", "100"
    assert 'class="names before size-100"' in page(factories.site())
    assert run_checks(tags=["furniture"]) == []
    settings.MONGOLIAN_SIZE = "250"
    (warning,) = run_checks(tags=["furniture"])
    assert "80" in warning.hint


@pytest.mark.parametrize("name", ["Баотоу", "Buɣutu", "包头", f"{BAOTOU}<b>"])
def test_other_letters_are_refused(county, name):
    site = factories.site()
    site.name_mn, site.name_mn_source = name, LIST
    with pytest.raises(ValidationError, match="传统蒙古文字母"):
        site.full_clean()


def test_a_name_without_its_source_is_refused(county):
    site = factories.site()
    site.name_mn = BAOTOU
    with pytest.raises(ValidationError, match="来源"):
        site.full_clean()


def test_names_are_imported_and_given_by_the_api(client, three_villages, today, tmp_path):
    path, code = tmp_path / "villages.csv", three_villages[0].code
    head = "代码,名称,类别,乡镇代码,蒙古文名,蒙古文名来源\n"
    row = f"{code},甲村,嘎查,{three_villages[0].township_id},"
    path.write_text(f"{head}{row}{BAOTOU},\n", encoding="utf-8")
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import", "villages", path, stderr=said)
    assert "第 2 行,蒙古文名来源:填了蒙古文名" in said.getvalue()
    path.write_text(f"{head}{row}{BAOTOU},{LIST}\n", encoding="utf-8")
    call_command("import", "villages", path, stdout=io.StringIO())
    assert Village.objects.get(code=code).name_mn == BAOTOU
    properties = client.get(f"/api/v1/villages/{code}").json()["properties"]
    assert (properties["name_mn"], properties["name_mn_source"]) == (BAOTOU, LIST)
