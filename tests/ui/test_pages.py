"""Calls, week, health, settings: views go in, choices come out, ticks touch only what changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.ui.calls.calls_page import CallsPage
from supportdesk.ui.gallery.make_believe_calls import CALLS, NO_PHONE, QUIET_CALLS
from supportdesk.ui.gallery.make_believe_health import HEALTH, SETTINGS
from supportdesk.ui.health.health_page import HealthPage
from supportdesk.ui.rows import Action, MemberState, Notice, Tone
from supportdesk.ui.settings.alert_forms import (
    AlertOptions,
    AlertsCardView,
    MailAlerts,
    Presenting,
    SoundKind,
)
from supportdesk.ui.settings.forms import (
    LookOptions,
    ReadingOptions,
    Scheme,
    SettingsView,
    TextSize,
    WeekCardView,
    WeekPeriod,
)
from supportdesk.ui.settings.settings_page import SettingsPage
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.row_list import RowList
from tests.ui.looking import focused, named, words

# --- calls -----------------------------------------------------------------------------------


@pytest.fixture
def calls(theme: Theme, qtbot: QtBot) -> CallsPage:
    page = CallsPage(theme, Density.WIDE)
    qtbot.addWidget(page)
    page.resize(1024, 750)
    page.show()
    page.show_calls(CALLS)
    return page


def test_take_asks_for_its_caller(calls: CallsPage, qtbot: QtBot) -> None:
    take = named(calls, "Take the call of +31 20 555 0142")
    with qtbot.waitSignal(calls.asked) as told:
        QTest.mouseClick(take, Qt.MouseButton.LeftButton)
    assert told.args == [Action.TAKE_CALL, "call-2"]


def test_a_tick_keeps_buttons_and_members(calls: CallsPage, qtbot: QtBot) -> None:
    take = named(calls, "Take the call of Pavel Kiss")
    member = named(calls, "Anna Dvořák: on a call, 6:20 with Noor Haddad")
    first, second = CALLS.waiting
    anna = replace(CALLS.members[0], since_line="6:21 with Noor Haddad")
    with qtbot.assertNotEmitted(calls.rebuilt):
        calls.show_calls(
            replace(
                CALLS,
                waiting=(replace(first, time_label="0:49"), second),
                members=(anna, *CALLS.members[1:]),
            )
        )
    assert named(calls, "Take the call of Pavel Kiss") is take
    assert member.accessibleName() == "Anna Dvořák: on a call, 6:21 with Noor Haddad"


def test_take_buttons_go_with_their_caller(calls: CallsPage, qtbot: QtBot) -> None:
    calls.show_calls(replace(CALLS, waiting=CALLS.waiting[1:]))
    visible = [b.accessibleName() for b in calls.findChildren(Button) if b.isVisible()]
    assert "Take the call of Pavel Kiss" not in visible
    assert "Take the call of +31 20 555 0142" in visible


def test_a_call_that_cannot_be_taken_says_why(calls: CallsPage, qtbot: QtBot) -> None:
    blocked = replace(CALLS.waiting[0], can_take=False, why_not="Originate is not allowed.")
    calls.show_calls(replace(CALLS, waiting=(blocked,)))
    take = named(calls, "Take the call of Pavel Kiss")
    assert not take.isEnabled()
    assert take.toolTip() == "Originate is not allowed."


def test_take_buttons_are_told_to_screen_readers_and_tabbed_to(calls: CallsPage) -> None:
    spoken = list(buttons_told(QAccessible.queryAccessibleInterface(calls)))
    assert "Take the call of Pavel Kiss" in spoken
    assert "Take the call of +31 20 555 0142" in spoken
    named(calls, "Waiting callers").setFocus()
    for _ in CALLS.waiting:
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        assert focused().accessibleName().startswith("Take the call of ")


def buttons_told(parent: QAccessibleInterface) -> Iterator[str]:
    for at in range(parent.childCount()):
        child = parent.child(at)
        if child.role() == QAccessible.Role.Button:
            yield child.text(QAccessible.Text.Name)
        yield from buttons_told(child)


def test_rows_do_not_move_while_the_pointer_is_on_their_button(
    calls: CallsPage, qtbot: QtBot
) -> None:
    rows = calls.findChild(RowList)
    assert isinstance(rows, RowList)
    second = named(calls, "Take the call of +31 20 555 0142")
    QTest.mouseMove(rows.viewport(), QPoint(40, 20))
    QTest.mouseMove(rows.viewport(), QPoint(60, 20))
    QTest.mouseMove(second)
    place = second.pos()
    calls.show_calls(replace(CALLS, waiting=CALLS.waiting[1:]))
    assert second.pos() == place
    QTest.mouseMove(named(calls, "Answered"))
    qtbot.waitUntil(lambda: second.pos() != place, timeout=30_000)


def test_quiet_calls_say_so(calls: CallsPage) -> None:
    calls.show_calls(QUIET_CALLS)
    said = words(calls)
    assert "Nobody is waiting on the phone." in said
    assert "No missed calls." in said
    assert "This phone system does not tell who is busy." in said


def test_no_phone_offers_to_connect_one_and_comes_back(calls: CallsPage, qtbot: QtBot) -> None:
    calls.show_calls(NO_PHONE)
    with qtbot.waitSignal(calls.asked) as told:
        QTest.mouseClick(named(calls, "Connect your phone"), Qt.MouseButton.LeftButton)
    assert told.args == [Action.CONNECT_PHONE, ""]
    calls.show_calls(CALLS)
    assert named(calls, "Waiting callers").isVisible()


def test_a_banner_comes_and_goes(calls: CallsPage) -> None:
    notice = Notice(title="Phones unknown 10:02 to 10:09", text="1 call missed.", tone=Tone.AMBER)
    calls.show_calls(replace(CALLS, banner=notice))
    assert "Phones unknown 10:02 to 10:09" in words(calls)
    calls.show_calls(CALLS)
    assert "Phones unknown 10:02 to 10:09" not in words(calls)


def test_member_state_is_spoken(calls: CallsPage) -> None:
    ringing = replace(CALLS.members[0], state=MemberState.RINGING, since_line="")
    calls.show_calls(replace(CALLS, members=(ringing,)))
    assert named(calls, "Anna Dvořák: ringing").isVisible()


# --- health ----------------------------------------------------------------------------------


def test_health_shows_state_trouble_and_ways_out(theme: Theme, qtbot: QtBot) -> None:
    page = HealthPage(theme, Density.WIDE)
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    page.show_health(HEALTH)
    said = words(page)
    assert "Mail is not heard, phones are." in said
    assert "The mail server does not answer" in said
    assert "Next step: ask who runs the server; supportdesk keeps trying by itself." in said
    with qtbot.waitSignal(page.asked) as told:
        QTest.mouseClick(named(page, "Try again now"), Qt.MouseButton.LeftButton)
    assert told.args == [Action.TRY_AGAIN, "mail/Support"]
    card = named(page, "Support: not listening since 09:14")
    page.show_health(replace(HEALTH, sentence="Still trying."))
    assert named(page, "Support: not listening since 09:14") is card
    assert page.report == HEALTH.report


# --- settings --------------------------------------------------------------------------------


@pytest.fixture
def settings(theme: Theme, qtbot: QtBot) -> SettingsPage:
    page = SettingsPage(theme, Density.WIDE)
    qtbot.addWidget(page)
    page.resize(1000, 1200)
    page.show()
    page.show_settings(SETTINGS)
    return page


def pick(box: QWidget, position: int) -> None:
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(position)
    box.activated.emit(position)


def test_showing_settings_tells_nothing(settings: SettingsPage, qtbot: QtBot) -> None:
    with (
        qtbot.assertNotEmitted(settings.alerts_changed),
        qtbot.assertNotEmitted(settings.look_changed),
        qtbot.assertNotEmitted(settings.reading_changed),
        qtbot.assertNotEmitted(settings.asked),
    ):
        settings.show_settings(
            SettingsView(
                alerts=AlertsCardView(
                    alerts=AlertOptions(
                        mail=MailAlerts.NEVER,
                        presenting=Presenting.UNTIL,
                        quiet=(time(20), time(6)),
                        sounds=(SoundKind.MAIL,),
                        ring_seconds=4,
                    ),
                    presenting_until="until 15:10",
                    sources=("Front desk",),
                ),
                is_started=False,
                look=LookOptions(scheme=Scheme.DARK, text_size=TextSize.P150),
                week=WeekCardView(
                    reading=ReadingOptions(
                        goal_minutes=45,
                        period=WeekPeriod.LAST_7_DAYS,
                        is_nudge_wanted=False,
                        nudge_at=time(7, 30),
                        days_off=(date(2026, 12, 24),),
                    ),
                    today=date(2026, 11, 22),
                ),
            )
        )


def test_sources_can_be_edited_and_added(settings: SettingsPage, qtbot: QtBot) -> None:
    asked: list[tuple[Action, str]] = []
    settings.asked.connect(lambda action, key: asked.append((action, key)))
    for name in ("Edit Support", "Edit Office", "Connect an inbox", "Connect a phone"):
        QTest.mouseClick(named(settings, name), Qt.MouseButton.LeftButton)
    assert asked == [
        (Action.EDIT_SOURCE, "mail/Support"),
        (Action.EDIT_SOURCE, "phone/Office"),
        (Action.CONNECT_MAIL, ""),
        (Action.CONNECT_PHONE, ""),
    ]


def test_alert_options_are_told_whole(settings: SettingsPage, qtbot: QtBot) -> None:
    settings.show_settings(SettingsView())
    with qtbot.waitSignal(settings.alerts_changed) as told:
        pick(named(settings, "Tell me of mail"), 1)
    assert told.args == [AlertOptions(mail=MailAlerts.UNANSWERED)]
    after = named(settings, "Minutes without an answer")
    assert isinstance(after, QLineEdit)
    assert after.isVisible()
    after.clear()
    QTest.keyClicks(after, "90")
    with qtbot.waitSignal(settings.alerts_changed) as later:
        QTest.keyClick(after, Qt.Key.Key_Return)
    assert later.args == [AlertOptions(mail=MailAlerts.UNANSWERED, unanswered_minutes=90)]


def test_look(settings: SettingsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(settings.look_changed) as look:
        pick(named(settings, "Colours"), 2)
    assert look.args == [LookOptions(scheme=Scheme.DARK)]


def test_a_broken_settings_file_is_said(settings: SettingsPage) -> None:
    problem = Notice(title="settings.toml, line 12: port must be a number")
    settings.show_settings(replace(SETTINGS, problem=problem))
    assert problem.title in words(settings)
    settings.show_settings(SETTINGS)
    assert problem.title not in words(settings)
