"""manage.py import, export and load_fixtures, as typed."""

import datetime
import io

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from events.models import Event, Lodging, Occasion, Team, VisitRequest
from mapui.kinds import KINDS
from mapui.models import LoadedFixtures
from sites import clock
from sites.models import Change, Organ, Region, Remark, Sender, Site, Village
from tests import factories

pytestmark = pytest.mark.django_db

GOOD = "编号,名称\n1,甲\n2,乙\n"
BAD = "编号,名称\n1,甲\n2,\n"


def typed(*words):
    """What a command printed: its output and its errors."""
    out, err = io.StringIO(), io.StringIO()
    call_command(*map(str, words), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    def written(text, name="organs.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_import_says_how_many(file):
    assert typed("import", "organs", file(GOOD))[0] == "新增 2,更新 0,未变 0,跳过 0。\n"
    assert typed("import", "organs", file(GOOD))[0] == "新增 0,更新 0,未变 2,跳过 0。\n"


def test_a_bad_row_fails_the_command_and_is_reported(file, tmp_path):
    path, err = tmp_path / "out.xlsx", io.StringIO()
    with pytest.raises(CommandError, match="有 1 处问题"):
        call_command("import", "organs", file(BAD), "--report", path, stderr=err)
    assert err.getvalue().startswith("organs.csv,第 3 行,名称:不能为空\n")
    assert Organ.objects.count() == 0
    rows = list(load_workbook(path).active.values)
    assert rows[0] == ("文件", "表", "行", "列", "值", "问题与办法")
    assert rows[1] == ("organs.csv", None, 3, "名称", None, "不能为空")


def test_bad_rows_are_left_out_on_demand_and_still_named(file):
    out, err = typed("import", "organs", file(BAD), "--skip-bad")
    assert "跳过 1" in out
    assert "不能为空" in err
    assert Organ.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("编号,名称\n", "organs.csv:只有表头,没有数据;请填好数据行后再导入\n"),
        ("", "organs.csv:文件是空的;请检查选对了文件,并重新导出\n"),
    ],
)
def test_a_file_without_rows_fails_the_command(file, text, told):
    err = io.StringIO()
    with pytest.raises(CommandError, match="什么都没有写入"):
        call_command("import", "organs", file(text), "--skip-bad", stderr=err)
    assert err.getvalue() == told


def test_a_file_that_is_not_there_fails_the_command_in_words(tmp_path):
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import", "organs", tmp_path / "organs.csv", stderr=err)
    assert err.getvalue() == "organs.csv:打不开文件:没有这个文件或文件夹,请检查路径\n"


def test_a_dry_run_writes_nothing(file):
    assert "试运行" in typed("import", "organs", file(GOOD), "--dry-run")[0]
    assert Organ.objects.count() == 0


def test_unknown_columns_are_mentioned(file):
    assert "普法责人" in typed("import", "organs", file("编号,名称,普法责人\n1,甲,乙\n"))[1]


def test_the_coordinate_system_is_given(file):
    factories.region("150203")
    row = "编号,名称,类型,级别,经度,纬度\n150203-0001,a,广场,市级,109.83,40.65\n"
    typed("import", "sites", file(row, "sites.csv"), "--crs", "gcj02")
    assert 0.001 < 109.83 - Site.objects.get().location.x < 0.01


def test_an_unknown_kind_lists_the_known(file):
    with pytest.raises(CommandError, match="villages"):
        call_command("import", "towns", file(GOOD))


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson"])
def test_export_and_import_again(tmp_path, suffix):
    factories.organ(name="=1+1")
    path = tmp_path / f"organs.{suffix}"
    assert "已导出 1 条" in typed("export", "organs", path)[0]
    assert "未变 1" in typed("import", "organs", path)[0]


def test_export_knows_its_formats_and_folders(tmp_path):
    with pytest.raises(CommandError, match=r"\.pdf"):
        call_command("export", "organs", tmp_path / "organs.pdf")
    with pytest.raises(CommandError, match=r"写不了 .*:没有这个文件或文件夹,请检查路径"):
        call_command("export", "organs", tmp_path / "nowhere" / "organs.csv")


def test_every_kind_has_a_name_of_its_own():
    names = "regions villages organs sites troupes programmes events standards lodgings occasions"
    assert set(KINDS) == set(names.split())


def test_fixtures_are_loaded_once_and_around_today(settings):
    settings.TODAY = "2027-03-10"
    out, _err = typed("load_fixtures")
    assert "装入 events.csv …" in out
    assert (Village.objects.count(), Region.objects.filter(level="county").count()) == (821, 10)
    assert Change.objects.exists()
    crews = Team.objects.filter(troupe="T-1502").values_list("people", "languages")
    assert list(crews) == [(8, ["zh"]), (6, ["zh", "mn"])]
    assert (Lodging.objects.count(), Team.objects.count()) == (80, 12)
    assert set(Occasion.objects.values_list("source", "yearly")) == {("demonstration", True)}
    today = datetime.date(2027, 3, 10)
    upcoming = Event.objects.filter(status="planned").exclude(campaign="宪法宣传周")
    assert upcoming.exists()
    assert min(event.starts_at.date() for event in upcoming) >= today - datetime.timedelta(days=3)
    events = Event.objects.count()
    assert "已有数据" in typed("load_fixtures")[0]
    assert Event.objects.count() == events
    assert_messages_are_of_the_weeks_before(today)


def assert_messages_are_of_the_weeks_before(today):
    assert (Remark.objects.count(), VisitRequest.objects.count()) == (12, 13)
    open_since = Remark.objects.open().dates("sent_at", "day")
    month = datetime.timedelta(days=30)
    assert today - month < min(open_since) <= max(open_since) < today
    held = VisitRequest.objects.filter(status="done")
    assert {each.event.status for each in held} == {"held"}
    assert all(each.rated_on > clock.day_of(each.event.starts_at) for each in held)
    assert not Sender.objects.exists()


@pytest.fixture
def first_version(baotou):
    """A database as the first version of the files made it."""
    Remark.objects.all().delete()
    VisitRequest.objects.all().delete()
    Site.objects.update(topics="", languages=[])
    LoadedFixtures.objects.all().delete()


def test_a_demonstration_gets_what_is_new_once(first_version):
    events = Event.objects.count()
    assert "已补上" in typed("load_fixtures")[0]
    assert (Remark.objects.count(), VisitRequest.objects.count()) == (12, 13)
    assert Site.objects.exclude(topics="").count() > 400
    Remark.objects.all().delete()
    assert "已有数据" in typed("load_fixtures")[0]
    assert (Remark.objects.count(), Event.objects.count()) == (0, events)


def test_what_somebody_changed_in_a_demonstration_stays(first_version):
    Site.objects.filter(code="150223-0001").update(topics="草原法", name="改了名")
    gone = "E2026-0362"
    Event.objects.filter(code=gone).delete()
    typed("load_fixtures")
    changed = Site.objects.get(code="150223-0001")
    assert (changed.topics, changed.name, changed.languages) == ("草原法", "改了名", ["zh", "mn"])
    assert VisitRequest.objects.count() == 12


def test_messages_are_added_only_where_there_are_none_of_their_kind(first_version):
    place = Site.objects.first()
    Remark.objects.create(kind="other", site=place, county=place.county, sent_at=clock.now())
    typed("load_fixtures")
    assert (Remark.objects.count(), VisitRequest.objects.count()) == (1, 13)


def test_a_demonstration_whose_history_was_pruned_catches_up(first_version):
    with pgtrigger.ignore():
        Region._meta.get_field("history").related_model.objects.all().delete()
    assert "已补上" in typed("load_fixtures")[0]
    assert (Remark.objects.count(), VisitRequest.objects.count()) == (12, 13)


@pytest.mark.parametrize("real", ["site", "village"])
def test_where_data_is_real_nothing_is_added(first_version, real):
    getattr(factories, real)(source="official")
    assert "已有数据" in typed("load_fixtures")[0]
    assert not Remark.objects.exists()
    assert not Site.objects.exclude(topics="").exists()


def test_a_forgotten_demonstration_does_not_come_back(first_version):
    typed("forget_demonstration")
    assert "已有数据" in typed("load_fixtures")[0]
    assert not VisitRequest.objects.exists()


def test_loaded_fixtures_export_and_import_again_without_a_change(settings, tmp_path):
    settings.TODAY = "2026-11-25"
    typed("load_fixtures")
    for name, kind in KINDS.items():
        path = tmp_path / f"{name}.geojson"
        typed("export", name, path)
        count = kind.model.objects.count()
        assert typed("import", name, path)[0] == f"新增 0,更新 0,未变 {count},跳过 0。\n"
