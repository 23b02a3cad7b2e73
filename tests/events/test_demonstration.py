"""What goes with the demonstration, and what stays."""

import pytest

from events import demonstration
from tests import factories

pytestmark = pytest.mark.django_db


def test_figures_dealt_out_by_lot_go_and_counted_ones_stay():
    dealt = factories.village(
        source="published",
        source_note="法律明白人、示范村、示范户按公布总数分摊,演示",
        legal_literates=4,
        model_village="national",
        model_households=2,
    )
    counted = factories.village(source="official", legal_literates=7)
    demonstration.forget()
    dealt.refresh_from_db()
    counted.refresh_from_db()
    figures = (dealt.legal_literates, dealt.model_village, dealt.model_households)
    assert figures == (None, "", None)
    assert counted.legal_literates == 7
