"""Alerts in the settings: for what, when, in front of whom, with which sounds, and rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.settings.alert_forms import (
    AlertOptions,
    AlertsCardView,
    MailAlerts,
    Presenting,
    Privacy,
    SoundKind,
)
from supportdesk.ui.settings.fields import Check, ChoiceField, FormGrid, NumberField
from supportdesk.ui.settings.hours_field import HoursField
from supportdesk.ui.settings.moment_fields import TimeField
from supportdesk.ui.settings.rules_field import RulesField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label

_MAIL = (
    (MailAlerts.EACH, "each mail (I answer mail too)"),
    (MailAlerts.UNANSWERED, "only when nobody has answered"),
    (MailAlerts.NEVER, "never"),
)
_PRESENTING = (
    (Presenting.OFF, "no"),
    (Presenting.HALF_HOUR, "for 30 minutes: no names, no text"),
    (Presenting.HOUR, "for 1 hour: no names, no text"),
    (Presenting.TWO_HOURS, "for 2 hours: no names, no text"),
    (Presenting.OPEN, "until I switch it off: no names, no text"),
)
_PRIVACY = (
    (Privacy.NAMES, "who it is and what they write"),
    (Privacy.NO_TEXT, "who it is, nothing that they write"),
    (Privacy.NO_NAMES, "only that somebody waits"),
)
_SOUNDS = (
    (SoundKind.CALL, "A caller who waits"),
    (SoundKind.MISSED, "A missed call"),
    (SoundKind.MAIL, "A mail"),
    (SoundKind.TROUBLE, "Something is not heard"),
)
_USUAL_DEVICE = ("", "the usual device")
_VOLUME_WIDTH = 96
_EVENING, _MORNING = time(19), time(7, 30)


class AlertsCard(QWidget):
    """Tells each change at once, as whole options.

    Signals:
        alerts_changed: `AlertOptions`.
        sound_asked: A sound is to be played as it would be heard.
        rebuilt: There are other buttons than before.
    """

    alerts_changed = Signal(object)
    sound_asked = Signal()
    rebuilt = Signal()

    def __init__(self, theme: Theme, widest_label: str) -> None:
        super().__init__()
        self._view = AlertsCardView()
        self._mail = ChoiceField(theme, "Tell me of mail", _MAIL, MailAlerts.EACH)
        self._after = NumberField(theme, "Minutes without an answer", 120, 1, 10080)
        self._ring = NumberField(theme, "Seconds of one ring", 6, 1, 60)
        self._quiet = Check(theme, "Quiet hours", is_on=False)
        self._begins = TimeField(theme, "Quiet from", _EVENING)
        self._ends = TimeField(theme, "Quiet until", _MORNING)
        self._breakthrough = Check(theme, "A call nobody can take breaks through", is_on=True)
        self._hours = HoursField(theme)
        self._presenting = ChoiceField(theme, "Presenting", _PRESENTING, Presenting.OFF)
        self._privacy = ChoiceField(theme, "Alerts show", _PRIVACY, Privacy.NAMES)
        self._sounds = {kind: Check(theme, words, is_on=False) for kind, words in _SOUNDS}
        self._volume = NumberField(theme, "Volume of sounds in percent", 40, 1, 100)
        self._play = Button(theme, "Play one", icon="play", small=True)
        self._device = ChoiceField[str](theme, "Sounds play on", [_USUAL_DEVICE], "")
        self._sound_words = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2).wrapping()
        self._rules = RulesField(theme)
        self._grid = FormGrid(theme, widest_label)
        self._fill(theme, widest_label)
        column(theme, self._grid, inside=self)
        self._connect()
        self._show(self._view)

    def show_alerts(self, view: AlertsCardView) -> None:
        """What is shown already is left alone: somebody may be typing."""
        if view != self._view:
            self._show(view)

    # --- inside ------------------------------------------------------------------------

    def _show(self, view: AlertsCardView) -> None:
        self._view = view
        alerts = view.alerts
        switches = (self._breakthrough, self._quiet, *self._sounds.values())
        blockers = [QSignalBlocker(one) for one in (*switches, self._begins, self._ends)]
        self._mail.set_value(alerts.mail)
        self._after.set_number(alerts.unanswered_minutes)
        self._ring.set_number(alerts.ring_seconds)
        self._breakthrough.setChecked(alerts.is_breakthrough)
        self._quiet.setChecked(alerts.quiet is not None)
        if alerts.quiet is not None:
            self._begins.set_at(alerts.quiet[0])
            self._ends.set_at(alerts.quiet[1])
        self._hours.show_hours(alerts.opening_hours)
        self._show_presenting(view)
        self._privacy.set_value(alerts.privacy)
        for kind, check in self._sounds.items():
            check.setChecked(kind in alerts.sounds)
        self._show_volume(view)
        self._rules.show_rules(alerts.rules, view.sources)
        self._grid.set_row_visible(self._after_row, alerts.mail is MailAlerts.UNANSWERED)
        self._grid.set_row_visible(self._quiet_row, alerts.quiet is not None)
        for blocker in blockers:
            blocker.unblock()

    def _fill(self, theme: Theme, widest_label: str) -> None:
        grid = self._grid
        grid.add("Tell me of", self._mail)
        self._after_row = grid.add("After minutes", self._after)
        grid.add(widest_label, self._ring)
        until = QWidget()
        row(theme, Label(theme, "to", ink=Ink.TEXT2), self._ends, gap=6, inside=until)
        quiet = QWidget()
        column(theme, flowing(self._begins, until, gap=6), inside=quiet)
        grid.add("", self._quiet)
        self._quiet_row = grid.add("From", quiet)
        grid.add("", self._breakthrough)
        grid.add_lines("Opening hours", self._hours)
        grid.add("Presenting", self._presenting)
        grid.add("Alerts show", self._privacy)
        sounds = QWidget()
        column(theme, *self._sounds.values(), gap=2, inside=sounds)
        grid.add_lines("Sound for", sounds)
        self._volume.setFixedWidth(theme.mark(_VOLUME_WIDTH))
        volume = QWidget()
        column(
            theme,
            row(theme, self._volume, self._play, STRETCH, gap=8),
            self._sound_words,
            gap=4,
            inside=volume,
        )
        grid.add_lines("Volume, percent", volume)
        self._device_row = grid.add("Play them on", self._device)
        grid.add_lines("Rules", self._rules)

    def _connect(self) -> None:
        self._play.clicked.connect(self.sound_asked)
        for choice in (self._mail, self._presenting, self._privacy, self._device):
            choice.picked.connect(self._on_change)
        for field in (self._after, self._ring, self._begins, self._ends, self._volume):
            field.editingFinished.connect(self._on_change)
        for check in (self._breakthrough, self._quiet, *self._sounds.values()):
            check.toggled.connect(lambda _: self._on_change())
        self._hours.changed.connect(self._on_hours)
        self._rules.changed.connect(self._on_rules)
        for field_of_lines in (self._hours, self._rules):
            field_of_lines.rebuilt.connect(self.rebuilt)

    def _show_volume(self, view: AlertsCardView) -> None:
        self._volume.set_number(view.alerts.volume)
        self._sound_words.setText(view.sound_words)
        self._sound_words.setVisible(bool(view.sound_words))
        device, known = view.alerts.device, dict(view.devices)
        missing = [(device, f"{device}, not there now")] if device and device not in known else []
        self._device.set_options([_USUAL_DEVICE, *view.devices, *missing])
        self._device.set_value(device)
        self._grid.set_row_visible(self._device_row, bool(known or device))

    def _show_presenting(self, view: AlertsCardView) -> None:
        words = f"{view.presenting_until}: no names, no text"
        until = [(Presenting.UNTIL, words)] if view.presenting_until else []
        self._presenting.set_options([*until, *_PRESENTING])
        has_end = bool(until) or view.alerts.presenting is not Presenting.UNTIL
        self._presenting.set_value(view.alerts.presenting if has_end else Presenting.OPEN)

    def _on_change(self) -> None:
        begins, ends = self._begins.at, self._ends.at
        quiet = (begins, ends) if self._quiet.isChecked() else None
        if quiet is not None and begins == ends:
            # They would be quiet for no time or for all of it.
            quiet = self._view.alerts.quiet
            self._show(self._view)
        self._tell(
            replace(
                self._view.alerts,
                mail=self._mail.value,
                unanswered_minutes=self._after.number,
                ring_seconds=self._ring.number,
                is_breakthrough=self._breakthrough.isChecked(),
                quiet=quiet,
                presenting=self._presenting.value,
                privacy=self._privacy.value,
                volume=self._volume.number,
                device=self._device.value,
                sounds=tuple(kind for kind, check in self._sounds.items() if check.isChecked()),
            )
        )

    def _on_hours(self, hours: object) -> None:
        if isinstance(hours, tuple):
            self._tell(replace(self._view.alerts, opening_hours=hours))

    def _on_rules(self, rules: object) -> None:
        if isinstance(rules, tuple):
            self._tell(replace(self._view.alerts, rules=rules))

    def _tell(self, alerts: AlertOptions) -> None:
        if alerts != self._view.alerts:
            self._show(replace(self._view, alerts=alerts))
            self.alerts_changed.emit(alerts)
