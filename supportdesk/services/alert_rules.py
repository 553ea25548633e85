"""What the settings make of an alert: told or not, with which sound, and what it shows of people.

The book keeps each alert with all its words and dresses it when it goes out, so that the words
come back when presenting ends (F43).
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage, Sound
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import AlertSettings, Privacy, RuleLevel
from supportdesk.services.alert_text import (
    PRESENTING,
    PRESENTING_HEALTH,
    PRESENTING_NUDGE,
    lifted_without_text,
    without_text_words,
)

_WITHOUT_NAMES = {
    AlertKind.HEALTH: PRESENTING_HEALTH,
    AlertKind.WEEKLY: PRESENTING_NUDGE,
    AlertKind.MORNING: PRESENTING_NUDGE,
}
_SOUNDS = {
    AlertKind.WAITING: Sound.CALL,
    AlertKind.LIFTED: Sound.CALL,
    AlertKind.MISSED: Sound.MISSED,
    AlertKind.MAIL: Sound.MAIL,
    AlertKind.HEALTH: Sound.TROUBLE,
}


class AlertRules:
    """The [alerts] table of the settings, as far as it is about single alerts."""

    def __init__(self, settings: AlertSettings) -> None:
        self._settings = settings
        self._privacy = settings.privacy
        self._is_presenting = False

    def configure(self, settings: AlertSettings) -> None:
        self._settings = settings

    def look_at(self, now: datetime) -> bool:
        """Time passes: presenting may end. True if alerts show more or less than before."""
        before = self._privacy
        self._privacy = self._settings.privacy_at(now)
        self._is_presenting = self._settings.is_presenting(now)
        return self._privacy is not before

    def next_due(self) -> datetime | None:
        """When presenting ends by itself."""
        return self._settings.presenting_until if self._is_presenting else None

    @property
    def has_rules(self) -> bool:
        return bool(self._settings.rules)

    def level(self, source: SourceName, kind: AlertKind) -> RuleLevel:
        rule = self._settings.rule_for(source, kind)
        return RuleLevel.TELL if rule is None else rule.level

    def dressed(self, alert: Alert, *, is_news: bool) -> Alert:
        """As it goes out; what is no news is not heard."""
        sound = self._sound(alert) if is_news else Sound.NONE
        match self._privacy:
            case Privacy.NAMES:
                return alert if sound is alert.sound else replace(alert, sound=sound)
            case Privacy.NO_TEXT:
                return replace(_without_text(alert), sound=sound)
            case Privacy.NO_NAMES:
                words = _WITHOUT_NAMES.get(alert.kind, PRESENTING)
                return replace(
                    alert, title=words.title, body=words.body, actions=(Action.SHOW,), sound=sound
                )
            case _:
                assert_never(self._privacy)

    def _sound(self, alert: Alert) -> Sound:
        """Whoever listens in on a talk with others hears nothing of the desk."""
        sound = _SOUNDS.get(alert.kind, Sound.NONE)
        if self._is_presenting:
            return Sound.NONE
        rule = self._settings.rule_for(alert.source, alert.kind)
        if rule is not None and rule.sound is not None:
            return sound if rule.sound else Sound.NONE
        return sound if sound in self._settings.sounds else Sound.NONE


def _without_text(alert: Alert) -> Alert:
    """Only alerts for mail, lifts and promises say what somebody wrote; summaries only count."""
    if alert.kind is AlertKind.PROMISE:
        return replace(alert, body="")
    if alert.kind is AlertKind.LIFTED:
        return replace(alert, body=lifted_without_text())
    is_of_text = alert.kind is AlertKind.MAIL and alert.page is AlertPage.ITEM
    if not is_of_text or alert.is_digest:
        return alert
    return replace(alert, body=without_text_words(alert.source))
