"""On the panels that people have, the five states are seen and told apart without their colours."""

from itertools import combinations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from tests.lab.desktop import Panel, Tray
from tests.lab.grey import far_apart, lightness_of, relative_luminance
from tests.lab.tray_looks import PANELS, TRAYS, looks_on

pytestmark = pytest.mark.desktop


@pytest.mark.parametrize("tray", TRAYS)
@pytest.mark.parametrize("panel", PANELS)
def test_states_are_told_apart_in_grey(qapp: QApplication, tray: Tray, panel: Panel) -> None:
    ground = relative_luminance(QColor(panel.value))
    looks = [lightness_of(picture) for picture in looks_on(tray, panel)]
    for look in looks:
        assert far_apart(look, [ground] * len(look)) >= 40
    for first, second in combinations(looks, 2):
        assert far_apart(first, second) >= 18
