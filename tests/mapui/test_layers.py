import pytest

from mapui import filters, layers
from sites.models import Village
from tests import factories


@pytest.mark.django_db
def test_coordinates_have_seven_decimals():
    factories.village(lon=110.123456789, lat=40.987654321)
    found = layers.villages(Village.objects.all(), filters.Villages())
    assert b'"coordinates":[110.1234568,40.9876543]' in found


@pytest.mark.django_db
def test_names_are_escaped(api):
    name = '"\\</script>\n\u2028村'
    village = factories.village(name=name)
    assert api.properties("/villages")[village.code]["name"] == name


@pytest.mark.parametrize(
    ("limit", "offset", "queries"), [(3, 0, 1), (4, 0, 1), (1, 2, 1), (5, 9, 2)]
)
def test_a_list_is_counted_as_it_is_read(
    three_villages, django_assert_num_queries, limit, offset, queries
):
    asked = filters.Paging(limit=limit, offset=offset)
    with django_assert_num_queries(queries):
        rows, matched = layers.page(Village.objects.values_list("code"), asked)
    assert matched == 3
    assert len(rows) == max(0, min(limit, 3 - offset))
