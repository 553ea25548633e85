"""On a real desktop: who is in front, closing by the window manager, controls by their names."""

import pytest

from tests.lab.accessibility import act_on, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.stage_on import stage_on

_BOARD = "2 waiting, longest 0:48, 8 rings. 3 of 3 busy"

pytestmark = pytest.mark.desktop


def test_counting_follows_the_window_in_front(desktop_lab: DesktopLab) -> None:
    with stage_on(desktop_lab) as stage:
        stage.do("show")
        stage.wait_for("counting")
        desktop_lab.exec("xdotool", "search", "--name", "^supportdesk$", "windowminimize")
        stage.wait_for("not counting: window minimised")
        stage.do("show")
        stage.wait_for("counting")
        desktop_lab.exec("wmctrl", "-c", "supportdesk")
        stage.wait_for("hidden")


def test_the_live_board_is_on_top_and_leaves_the_keyboard_where_it_is(
    desktop_lab: DesktopLab,
) -> None:
    board = ("-name", "supportdesk live board")
    with stage_on(desktop_lab) as stage:
        stage.do("show")
        stage.wait_for("counting")
        stage.do("board")
        assert find_control(desktop_lab, role="filler", name=_BOARD).is_showing
        assert "_NET_WM_STATE_ABOVE" in desktop_lab.exec("xprop", *board, "_NET_WM_STATE").stdout
        hints = desktop_lab.exec("xprop", *board, "WM_HINTS").stdout
        assert "Client accepts input or input focus: False" in hints
        stage.do("state")
        stage.wait_for("counting")


def test_controls_are_found_and_pressed_by_name(desktop_lab: DesktopLab) -> None:
    with stage_on(desktop_lab) as stage:
        stage.do("show")
        assert find_control(desktop_lab, role="push button", name="Needs no reply").is_sensitive
        act_on(desktop_lab, role="push button", name="Take call")
        stage.wait_for("asked take-call call-1")
        stage.do("page calls")
        take = find_control(
            desktop_lab, role="push button", name="Take the call of +31 20 555 0142"
        )
        assert take.is_sensitive
        act_on(desktop_lab, role="push button", name=take.name)
        stage.wait_for("asked take-call call-2")
