"""The buttons of a notice stand side by side while there is room for them."""

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.ui.rows import Action, ActionButton, Notice, Tone
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.button import Button
from tests.ui.looking import settle

_THANKS = ActionButton(action=Action.THANK_LIFT, label="Thank you, here is what I learned")
_OPEN = ActionButton(action=Action.OPEN_LIFTED, label="Open Anna Lind's mail")


@pytest.mark.parametrize(("width", "lines"), [(600, 1), (300, 2)])
def test_buttons_use_the_whole_width(theme: Theme, qtbot: QtBot, width: int, lines: int) -> None:
    banner = Banner(theme, Notice(title="Lifted", tone=Tone.AMBER, buttons=(_THANKS, _OPEN)))
    qtbot.addWidget(banner)
    banner.resize(width, banner.heightForWidth(width))
    banner.show()
    settle()
    assert len({button.y() for button in banner.findChildren(Button)}) == lines
