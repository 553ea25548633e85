"""The live strip: ticks in place, keeps the keyboard, drops whole segments, says its sentence."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supportdesk.ui.gallery.make_believe import PROGRESS, STRIPS, segment
from supportdesk.ui.live_strip import LiveStrip, WeekFigure
from supportdesk.ui.rows import Action, StripKind, StripView, Tone
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from tests.ui.looking import words as all_words


def words(strip: LiveStrip) -> list[str]:
    return [text for text in all_words(strip) if text != "·"]


@pytest.fixture
def strip(theme: Theme, qtbot: QtBot) -> LiveStrip:
    made = LiveStrip(theme)
    qtbot.addWidget(made)
    made.resize(1200, 48)
    made.show()
    return made


def ticking(seconds: str) -> StripView:
    view = STRIPS[StripKind.YOURS]
    return replace(view, segments=(view.segments[0], segment(seconds), *view.segments[2:]))


@pytest.mark.parametrize("kind", list(StripKind))
def test_every_kind_says_its_sentence(strip: LiveStrip, kind: StripKind) -> None:
    strip.show_strip(STRIPS[kind])
    QApplication.processEvents()
    assert [part.text for part in STRIPS[kind].segments] == words(strip)[
        : len(STRIPS[kind].segments)
    ]
    assert STRIPS[kind].segments[0].text in strip.accessibleName()
    assert strip.height() >= 48


def test_a_tick_keeps_the_button_and_its_focus(strip: LiveStrip, qtbot: QtBot) -> None:
    strip.show_strip(ticking("longest 0:48"))
    button = strip.findChild(Button)
    assert button is not None
    strip.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    with qtbot.assertNotEmitted(strip.rebuilt):
        strip.show_strip(ticking("longest 0:49"))
    assert strip.findChild(Button) is button
    assert button.hasFocus()
    assert "longest 0:49" in words(strip)


def test_progress_ticks_in_place(strip: LiveStrip, qtbot: QtBot) -> None:
    quiet = STRIPS[StripKind.QUIET]
    strip.show_strip(quiet)
    later = replace(PROGRESS, minutes=19, label="19 of 30 min this week")
    with qtbot.assertNotEmitted(strip.rebuilt):
        strip.show_strip(replace(quiet, progress=later))
    assert "19 of 30 min this week" in words(strip)


def test_the_minutes_of_the_week_open_them(strip: LiveStrip, qtbot: QtBot) -> None:
    strip.show_strip(STRIPS[StripKind.QUIET])
    week = strip.findChild(WeekFigure)
    assert week is not None
    assert week.accessibleName() == PROGRESS.label
    with qtbot.waitSignal(strip.asked) as told:
        week.click()
    assert told.args == [Action.SHOW_WEEK, ""]


def test_buttons_ask(strip: LiveStrip, qtbot: QtBot) -> None:
    strip.show_strip(STRIPS[StripKind.YOURS])
    button = strip.findChild(Button)
    assert button is not None
    with qtbot.waitSignal(strip.asked) as told:
        button.click()
    assert told.args == [Action.TAKE_CALL, "call-1"]


def test_short_of_room_whole_segments_go_from_the_right(strip: LiveStrip, qtbot: QtBot) -> None:
    strip.show_strip(STRIPS[StripKind.QUIET])
    strip.resize(560, 48)
    QApplication.processEvents()
    shown = words(strip)
    assert shown[0] == "All quiet"
    assert "mail checked at 14:02" not in shown
    assert all(not label.endswith("…") for label in shown)


def test_the_same_view_again_does_nothing(strip: LiveStrip, qtbot: QtBot) -> None:
    strip.show_strip(STRIPS[StripKind.QUIET])
    with qtbot.assertNotEmitted(strip.rebuilt):
        strip.show_strip(STRIPS[StripKind.QUIET])


def test_another_tone_is_built_anew(strip: LiveStrip, qtbot: QtBot) -> None:
    quiet = STRIPS[StripKind.QUIET]
    strip.show_strip(quiet)
    with qtbot.waitSignal(strip.rebuilt):
        strip.show_strip(replace(quiet, segments=(segment("All quiet", Tone.MUTED),)))
