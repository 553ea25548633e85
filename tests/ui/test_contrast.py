"""Every text and mark keeps its contrast on every ground it is used on, light and dark."""

import pytest

from supportdesk.ui.theme.tokens import DARK, LIGHT, PAIRS, Ink, Pair, contrast


def test_the_table_is_the_whole_one() -> None:
    assert len(PAIRS) == 83
    assert set(LIGHT) == set(DARK) == set(Ink)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.front} on {pair.ground}")
def test_pair_keeps_its_contrast(pair: Pair) -> None:
    assert contrast(LIGHT[pair.front], LIGHT[pair.ground]) >= pair.least
    assert contrast(DARK[pair.front], DARK[pair.ground]) >= pair.least


def test_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
