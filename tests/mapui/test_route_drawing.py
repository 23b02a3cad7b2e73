"""A day's route as a drawing."""

import re
from xml.etree import ElementTree

import shapely
from hypothesis import given
from hypothesis import strategies as st

from mapui.tours import route_drawing
from mapui.tours.route_drawing import HEIGHT, WIDTH, Place

SVG = "{http://www.w3.org/2000/svg}"
HOME = Place(110.0, 40.6, "驻地", "base")
BED = Place(110.4, 40.8, "旅馆", "bed")
STOPS = [Place(110.1, 40.7, "甲村"), Place(110.3, 40.75, "<乙> & 村")]


def drawn(*places, **options):
    """The root element of a drawing."""
    return ElementTree.fromstring(route_drawing.draw(places, **options))  # noqa: S314


def texts(root):
    return [text.text for text in root.iter(f"{SVG}text")]


def test_stops_are_numbered_in_their_order_and_the_way_to_bed_is_dashed():
    root = drawn(HOME, *STOPS, BED)
    assert [text for text in texts(root) if text.isdigit()] == ["1", "2"]
    assert {"驻地", "甲村", "<乙> & 村", "旅馆"} <= set(texts(root))
    ways = [path for path in root.iter(f"{SVG}path") if "way" in (path.get("class") or "")]
    assert [way.get("class") for way in ways] == ["way", "way home"]
    assert ways[0].get("d").count("L") == 2


def test_a_day_that_ends_where_it_began_names_home_once():
    names = texts(drawn(HOME, *STOPS, HOME))
    assert names.count("驻地") == 2, "its halo and itself"


def test_no_places_are_no_drawing():
    assert route_drawing.draw([]) == ""


def test_land_out_of_sight_is_not_drawn():
    near, far = shapely.box(109, 40, 111, 41), shapely.box(100, 30, 101, 31)
    root = drawn(HOME, *STOPS, lands=[near, far])
    assert len([path for path in root.iter(f"{SVG}path") if path.get("class") == "land"]) == 1


POINTS = st.tuples(st.floats(109, 111.5), st.floats(40, 43))


@given(st.lists(POINTS, min_size=1, max_size=9))
def test_every_stop_is_inside_the_frame(points):
    root = drawn(*(Place(*point, "村") for point in points))
    circles = list(root.iter(f"{SVG}circle"))
    assert len(circles) == len(points)
    for circle in circles:
        assert 0 < float(circle.get("cx")) < WIDTH
        assert 0 < float(circle.get("cy")) < HEIGHT
    scale = next(text for text in texts(root) if re.fullmatch(r"[\d.]+ k?m", text))
    assert scale
