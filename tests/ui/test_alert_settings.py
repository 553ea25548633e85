"""Alerts in the settings: quiet and opening hours, presenting, sounds, rules, start."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.alerts import AlertKind, Sound
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import (
    AlertRule,
    AlertSettings,
    HoursRange,
    Privacy,
    RuleLevel,
)
from supportdesk.ui.controllers.alert_options import alert_options, alert_settings, alerts_card_view
from supportdesk.ui.rows import Action, Page
from supportdesk.ui.settings import alert_forms as forms
from supportdesk.ui.settings.alerts_card import AlertsCard
from supportdesk.ui.settings.fields import ChoiceField
from supportdesk.ui.settings.hours_field import hours_words
from supportdesk.ui.settings.moment_fields import TimeField
from supportdesk.ui.theme import Theme
from tests.ui.looking import focused, named, words
from tests.ui.rig import Rig

NOW = datetime(2026, 11, 20, 14, 0, 0, 250_000, tzinfo=UTC)
WORKING_DAYS = forms.OpenHours(weekdays=(0, 1, 2, 3, 4), opens=time(9), closes=time(17))
VIEW = forms.AlertsCardView(sources=("Support", "Office"))


@pytest.fixture
def card(theme: Theme, qtbot: QtBot) -> AlertsCard:
    made = AlertsCard(theme, "One ring, seconds")
    qtbot.addWidget(made)
    made.resize(640, 900)
    made.show()
    made.show_alerts(VIEW)
    return made


def click(card: QWidget, name: str) -> None:
    QTest.mouseClick(named(card, name), Qt.MouseButton.LeftButton)


def pick(card: QWidget, name: str, words_of_it: str) -> None:
    box = named(card, name)
    assert isinstance(box, QComboBox)
    at = box.findText(words_of_it)
    assert at >= 0, [box.itemText(one) for one in range(box.count())]
    box.setCurrentIndex(at)
    box.activated.emit(at)


class Kept:
    """Shows what was told, as the app does once it is written."""

    def __init__(self, card: AlertsCard) -> None:
        self.told: list[forms.AlertOptions] = []
        self._card = card
        card.alerts_changed.connect(self._keep)

    def _keep(self, alerts: forms.AlertOptions) -> None:
        self.told.append(alerts)
        self._card.show_alerts(replace(VIEW, alerts=alerts))

    def last(self) -> forms.AlertOptions:
        return self.told[-1]


def test_quiet_hours_are_switched_on_and_set(card: AlertsCard) -> None:
    kept = Kept(card)
    click(card, "Quiet hours")
    assert kept.last().quiet == (time(19), time(7, 30))
    begins = named(card, "Quiet from")
    assert isinstance(begins, TimeField)
    begins.set_at(time(20))
    begins.editingFinished.emit()
    assert kept.last().quiet == (time(20), time(7, 30))
    begins.set_at(time(7, 30))
    begins.editingFinished.emit()
    assert kept.last().quiet == (time(20), time(7, 30)), "quiet for no time at all is not a wish"
    assert begins.at == time(20)
    click(card, "Quiet hours")
    assert kept.last().quiet is None


def test_opening_hours_are_added_and_taken_away_by_line(card: AlertsCard) -> None:
    kept = Kept(card)
    assert any(one.startswith("Always open") for one in words(card))
    click(card, "Add these opening hours")
    assert kept.last().opening_hours == (WORKING_DAYS,)
    assert "Mon – Fri, 09:00 to 17:00" in words(card)
    click(card, "Add these opening hours")
    assert len(kept.told) == 1, "the same hours again are nothing new"
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        click(card, f"Open on {day}")
    assert not named(card, "Add these opening hours").isEnabled()
    click(card, "Open on Saturday")
    click(card, "Add these opening hours")
    assert kept.last().opening_hours[1].weekdays == (5,)
    remover = named(card, "Remove Mon – Fri, 09:00 to 17:00")
    remover.setFocus()
    QTest.mouseClick(remover, Qt.MouseButton.LeftButton)
    assert [one.weekdays for one in kept.last().opening_hours] == [(5,)]
    assert focused().accessibleName() == "Remove Sat, 09:00 to 17:00"


def test_what_is_being_typed_is_left_alone_by_a_refresh(card: AlertsCard) -> None:
    ring = named(card, "Seconds of one ring")
    assert isinstance(ring, QLineEdit)
    ring.clear()
    QTest.keyClicks(ring, "1")
    card.show_alerts(VIEW)
    assert ring.text() == "1"


def test_hours_are_said_as_people_say_them() -> None:
    odd = forms.OpenHours(weekdays=(0, 2, 3, 6), opens=time(22), closes=time(0))
    assert hours_words(odd) == "Mon, Wed – Thu, Sun, 22:00 to 24:00"


def test_volume_and_device_are_chosen_and_tried(card: AlertsCard, qtbot: QtBot) -> None:
    kept = Kept(card)
    assert "Play them on" not in words(card), "there is nothing to choose from"
    card.show_alerts(replace(VIEW, devices=(("headset", "A headset"),)))
    assert "Play them on" in words(card)
    device = named(card, "Sounds play on")
    assert isinstance(device, ChoiceField)
    device.set_value("headset")
    device.picked.emit()
    assert kept.last().device == "headset"
    # It was taken off: it is named all the same, and stays chosen.
    assert device.itemText(device.currentIndex()) == "headset, not there now"
    volume = named(card, "Volume of sounds in percent")
    assert isinstance(volume, QLineEdit)
    volume.clear()
    QTest.keyClicks(volume, "75")
    volume.editingFinished.emit()
    assert (kept.last().volume, kept.last().device) == (75, "headset")
    with qtbot.waitSignal(card.sound_asked):
        click(card, "Play one")
    card.show_alerts(replace(VIEW, sound_words="paplay has played it."))
    assert "paplay has played it." in words(card)


def test_presenting_is_chosen_with_its_end(card: AlertsCard) -> None:
    kept = Kept(card)
    pick(card, "Presenting", "for 1 hour: no names, no text")
    assert kept.last().presenting is forms.Presenting.HOUR
    presenting = replace(kept.last(), presenting=forms.Presenting.UNTIL)
    card.show_alerts(replace(VIEW, alerts=presenting, presenting_until="until 15:10"))
    box = named(card, "Presenting")
    assert isinstance(box, QComboBox)
    assert box.currentText() == "until 15:10: no names, no text"
    pick(card, "Presenting", "no")
    assert kept.last().presenting is forms.Presenting.OFF
    assert box.findText("until 15:10: no names, no text") == -1


def test_sounds_are_chosen_by_kind(card: AlertsCard) -> None:
    kept = Kept(card)
    click(card, "A mail")
    click(card, "A caller who waits")
    assert kept.last().sounds == (forms.SoundKind.MISSED, forms.SoundKind.MAIL)


def test_a_rule_for_a_source_is_added_replaced_and_removed(card: AlertsCard) -> None:
    kept = Kept(card)
    pick(card, "Rule for", "Office")
    pick(card, "Rule for what", "missed calls")
    click(card, "Add this rule")
    rule = forms.RuleOptions(
        source="Office", kind=forms.RuleKind.MISSED, level=forms.RuleLevel.DIGEST
    )
    assert kept.last().rules == (rule,)
    pick(card, "What the rule says", "never tell me")
    pick(card, "Sound of the rule", "without a sound")
    click(card, "Add this rule")
    assert kept.last().rules == (
        replace(rule, level=forms.RuleLevel.NEVER, sound=forms.RuleSound.OFF),
    )
    click(card, "Remove Office, missed calls: never tell me, without a sound")
    assert kept.last().rules == ()


def test_without_a_source_there_is_nothing_to_make_a_rule_for(card: AlertsCard) -> None:
    card.show_alerts(forms.AlertsCardView())
    assert not named(card, "Add this rule").isEnabled()
    card.show_alerts(VIEW)
    assert named(card, "Add this rule").isEnabled()


WHOLE = AlertSettings(
    ring_seconds=6.5,
    unanswered_minutes=90,
    opening_hours=(HoursRange(weekdays=(0, 1), opens=time(9), closes=time(0)),),
    quiet_hours=(time(19), time(7)),
    presenting=True,
    presenting_until=NOW + timedelta(hours=1),
    privacy=Privacy.NO_TEXT,
    sounds=(Sound.MAIL, Sound.TROUBLE),
    volume=33.4,
    sound_device="headset",
    rules=(
        AlertRule(source=SourceName("Support"), level=RuleLevel.NEVER),
        AlertRule(source=SourceName("Office"), kind=AlertKind.MISSED, sound=False),
    ),
)


def test_what_nobody_changed_stays_to_the_last_digit() -> None:
    assert alert_settings(alert_options(WHOLE, NOW), WHOLE, NOW) == WHOLE
    plain = AlertSettings()
    assert alert_settings(alert_options(plain, NOW), plain, NOW) == plain


def test_presenting_ends_when_it_was_chosen_to() -> None:
    hour = replace(alert_options(AlertSettings(), NOW), presenting=forms.Presenting.HOUR)
    kept = alert_settings(hour, AlertSettings(), NOW)
    assert kept.presenting
    assert kept.presenting_until == datetime(2026, 11, 20, 15, tzinfo=UTC)
    view = alerts_card_view(kept, (), NOW)
    assert view.alerts.presenting is forms.Presenting.UNTIL
    assert view.presenting_until == f"until {kept.presenting_until.astimezone():%H:%M}"
    over = alerts_card_view(kept, (), NOW + timedelta(hours=2))
    assert over.alerts.presenting is forms.Presenting.OFF
    assert over.presenting_until == ""
    still = alert_settings(replace(hour, presenting=forms.Presenting.OPEN), kept, NOW)
    assert still.presenting
    assert still.presenting_until is None
    off = alert_settings(replace(hour, presenting=forms.Presenting.OFF), kept, NOW)
    assert not off.presenting
    assert off.presenting_until is None


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.window.show_page(Page.SETTINGS)
    return made


def test_the_page_keeps_a_rule_for_one_of_its_sources(rig: Rig) -> None:
    source = rig.acts.kept.phone[0].name
    options = forms.AlertOptions(rules=(forms.RuleOptions(source=str(source)),))
    rig.window.choices.alerts_changed.emit(options)
    assert rig.acts.kept.alerts.rules == (AlertRule(source=source),)


def test_a_sound_is_played_to_try_it_and_devices_are_asked_for_with_the_page(rig: Rig) -> None:
    device = named(rig.window, "Sounds play on")
    assert isinstance(device, ChoiceField)
    assert device.findText("A headset") >= 0
    rig.ask(Action.PLAY_SOUND, "")
    assert rig.acts.asked[-1] == "sound"
    assert "paplay has played it." in words(rig.window)


def test_starting_with_the_session_is_asked_of_the_desktop(rig: Rig) -> None:
    name = "Start with the session, quietly in the tray"
    before = rig.acts.starts_with_session()
    rig.ask(Action.START_WITH_SESSION, "off" if before else "on")
    assert rig.acts.starts_with_session() is not before
    rig.acts.problem = Problem(title="The folder cannot be written to", advice="Free it.")
    rig.ask(Action.START_WITH_SESSION, "on" if before else "off")
    assert "The folder cannot be written to" in words(rig.window)
    check = named(rig.window, name)
    assert check.property("checked") is not before, "it shows what the desktop says"
