"""The alerts of the settings as the card shows them, and back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from supportdesk.domain.alerts import AlertKind, Sound
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import (
    AlertRule,
    AlertSettings,
    HoursRange,
    MailAlerts,
    Privacy,
    RuleLevel,
)
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.settings import alert_forms as forms

_ENDS = {
    forms.Presenting.HALF_HOUR: timedelta(minutes=30),
    forms.Presenting.HOUR: timedelta(hours=1),
    forms.Presenting.TWO_HOURS: timedelta(hours=2),
}
_RULE_SOUNDS = {
    None: forms.RuleSound.AS_SET,
    True: forms.RuleSound.ON,
    False: forms.RuleSound.OFF,
}
_SOUND_FLAGS = {words: flag for flag, words in _RULE_SOUNDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundTrying:
    """What can play sounds, and what came of the last one that was played to try it."""

    devices: tuple[tuple[str, str], ...] = ()
    words: str = ""


def alerts_card_view(
    alerts: AlertSettings,
    sources: tuple[str, ...],
    now: datetime,
    trying: SoundTrying = SoundTrying(),
) -> forms.AlertsCardView:
    until = alerts.presenting_until if alerts.is_presenting(now) else None
    return forms.AlertsCardView(
        alerts=alert_options(alerts, now),
        presenting_until=f"until {since_words(until, now)}" if until else "",
        sources=sources,
        devices=trying.devices,
        sound_words=trying.words,
    )


def alert_options(alerts: AlertSettings, now: datetime) -> forms.AlertOptions:
    return forms.AlertOptions(
        mail=forms.MailAlerts(alerts.mail.value),
        unanswered_minutes=round(alerts.unanswered_minutes),
        ring_seconds=round(alerts.ring_seconds),
        is_breakthrough=alerts.breakthrough,
        quiet=alerts.quiet_hours,
        opening_hours=tuple(
            forms.OpenHours(weekdays=one.weekdays, opens=one.opens, closes=one.closes)
            for one in alerts.opening_hours
        ),
        presenting=_presenting(alerts, now),
        privacy=forms.Privacy(alerts.privacy.value),
        volume=round(alerts.volume),
        device=alerts.sound_device,
        sounds=tuple(kind for kind in forms.SoundKind if Sound(kind.value) in alerts.sounds),
        rules=tuple(_rule_options(rule) for rule in alerts.rules),
    )


def alert_settings(
    options: forms.AlertOptions, before: AlertSettings, now: datetime
) -> AlertSettings:
    """What the card says; a number that it only rounds stays as it was written."""
    return replace(
        _presented(options.presenting, before, now),
        mail=MailAlerts(options.mail.value),
        unanswered_minutes=_number(options.unanswered_minutes, before.unanswered_minutes),
        ring_seconds=_number(options.ring_seconds, before.ring_seconds),
        breakthrough=options.is_breakthrough,
        quiet_hours=options.quiet,
        opening_hours=tuple(
            HoursRange(weekdays=one.weekdays, opens=one.opens, closes=one.closes)
            for one in options.opening_hours
        ),
        privacy=Privacy(options.privacy.value),
        volume=_number(options.volume, before.volume),
        sound_device=options.device,
        sounds=tuple(
            sound for sound in Sound if sound.value in [kind.value for kind in options.sounds]
        ),
        rules=tuple(_rule(rule) for rule in options.rules),
    )


def _presenting(alerts: AlertSettings, now: datetime) -> forms.Presenting:
    """One that is over is off, though the file still names it."""
    if not alerts.is_presenting(now):
        return forms.Presenting.OFF
    return forms.Presenting.UNTIL if alerts.presenting_until else forms.Presenting.OPEN


def _presented(chosen: forms.Presenting, before: AlertSettings, now: datetime) -> AlertSettings:
    if chosen is forms.Presenting.UNTIL:
        return before
    is_on = chosen is not forms.Presenting.OFF
    return before.presented(now, is_on=is_on, length=_ENDS.get(chosen))


def _number(shown: int, before: float) -> float:
    return before if shown == round(before) else float(shown)


def _rule_options(rule: AlertRule) -> forms.RuleOptions:
    return forms.RuleOptions(
        source=rule.source,
        kind=forms.RuleKind(rule.kind.value) if rule.kind else forms.RuleKind.ALL,
        level=forms.RuleLevel(rule.level.value),
        sound=_RULE_SOUNDS[rule.sound],
    )


def _rule(rule: forms.RuleOptions) -> AlertRule:
    return AlertRule(
        source=SourceName(rule.source),
        kind=None if rule.kind is forms.RuleKind.ALL else AlertKind(rule.kind.value),
        level=RuleLevel(rule.level.value),
        sound=_SOUND_FLAGS[rule.sound],
    )
