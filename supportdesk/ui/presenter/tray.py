"""The tray icon, its tooltip and its menu: one more view of the state that the strip shows."""

from dataclasses import replace
from datetime import datetime

from supportdesk.domain.alerts import Alert, AlertKind
from supportdesk.domain.errors import Problem
from supportdesk.domain.settings import AlertSettings
from supportdesk.services.alert_text import PRESENTING, PRESENTING_HEALTH
from supportdesk.services.desk_state import DeskState, PersonWaiting, TrayState, WaitsFor
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.presenter.strip import (
    WeekSoFar,
    calm_segments,
    deaf_segments,
    mail_checked_words,
    paused_words,
)
from supportdesk.ui.presenter.words import age, since_words
from supportdesk.ui.rows import Tone

_NAME_ROOM = 40
_TRAY = {
    TrayState.LISTENING: rows.TrayState.LISTENING,
    TrayState.WAITING: rows.TrayState.WAITING,
    TrayState.YOURS: rows.TrayState.YOURS,
    TrayState.PAUSED: rows.TrayState.PAUSED,
    TrayState.DEAF: rows.TrayState.NOT_LISTENING,
}
_SOMEBODY = {
    WaitsFor.AN_ANSWER: "A caller",
    WaitsFor.A_CALL_BACK: "A caller",
    WaitsFor.A_REPLY: "A customer",
    WaitsFor.A_PROMISE: "A customer",
}


def without_names(
    state: DeskState, alerts: tuple[Alert, ...]
) -> tuple[DeskState, tuple[Alert, ...]]:
    """What the tray may show while the founder presents the screen: nobody's name (F43)."""
    callers = tuple(
        replace(one, caller=replace(one.caller, name=_SOMEBODY[WaitsFor.AN_ANSWER]))
        for one in state.callers
    )
    people = tuple(replace(one, label=_SOMEBODY[one.waits_for]) for one in state.oldest_waits)
    nameless = tuple(
        replace(one, title=PRESENTING_HEALTH.body if _is_trouble(one) else PRESENTING.body)
        for one in alerts
    )
    return replace(state, callers=callers, oldest_waits=people), nameless


def _is_trouble(alert: Alert) -> bool:
    return alert.kind is AlertKind.HEALTH


def tray_view(
    state: DeskState, week: WeekSoFar, alerts: tuple[Alert, ...], now: datetime
) -> rows.TrayView:
    newest = max(alerts, key=lambda alert: alert.at, default=None)
    return rows.TrayView(
        state=_TRAY[state.tray],
        number=state.number,
        tooltip=tray_words(state, now),
        newest_alert=rows.TrayEntry(key=newest.key, label=newest.title) if newest else None,
        people=tuple(_entry(person, now) for person in state.oldest_waits),
        week_line=week.line,
        health_line=_health_line(state, now),
        paused_line=paused_words(state, now) if state.paused_until else "",
    )


def with_presenting(view: rows.TrayView, alerts: AlertSettings, now: datetime) -> rows.TrayView:
    """That the screen is shown, which has to be seen: until it ends alerts are bare and mute."""
    if not alerts.is_presenting(now):
        return view
    until = alerts.presenting_until
    end = f" until {since_words(until, now)}" if until else ""
    line = rows.PresentingLine(label=f"I am presenting{end}", has_end=until is not None)
    return replace(view, tooltip=f"{view.tooltip} · presenting{end}", presenting=line)


def tray_without_settings(problem: Problem, view: rows.TrayView) -> rows.TrayView:
    words = "Not listening: the settings cannot be read"
    return replace(
        view,
        state=rows.TrayState.NOT_LISTENING,
        tooltip=f"supportdesk: {words} · {problem.title}",
        health_line=words,
    )


def _entry(person: PersonWaiting, now: datetime) -> rows.TrayEntry:
    """A name of any length leaves the menu narrow enough for its submenu."""
    words = fit(person.label, _NAME_ROOM)
    if person.waits_for is WaitsFor.A_CALL_BACK:
        words = f"{words}, missed"
    elif person.waits_for is WaitsFor.A_PROMISE:
        words = f"{words}, promised"
    return rows.TrayEntry(key=person.key, label=f"{words}  {age(person.since, now)}")


def _health_line(state: DeskState, now: datetime) -> str:
    if state.deaf_since is None:
        return ""
    return f"Not listening since {since_words(state.deaf_since, now)}"


def tray_words(state: DeskState, now: datetime) -> str:
    """The tooltip: the state in words (F2). It stays true however long the panel shows it."""
    if state.callers and state.tray is not TrayState.DEAF:
        first = state.callers[0]
        since = since_words(first.caller.joined_at, now)
        parts = [f"{fit(first.caller.label, _NAME_ROOM)}, 1st in line since {since}"]
    elif state.tray is TrayState.PAUSED:
        parts = [paused_words(state, now)]
    elif state.tray is TrayState.DEAF:
        parts = [part.text for part in deaf_segments(state, now)]
    else:
        checked = mail_checked_words(state, now)
        parts = [*(part.text for part in calm_segments(state)), *([checked] if checked else ())]
    return "supportdesk: " + " · ".join(parts)


def no_tray_notice(desktop: str) -> rows.Notice:
    """What to install or add where no panel shows icons.

    Args:
        desktop: `XDG_CURRENT_DESKTOP`, as "ubuntu:GNOME".
    """
    if "GNOME" in desktop.split(":"):
        text = (
            "GNOME shows icons once the extension “AppIndicator and KStatusNotifierItem Support” "
            "is installed."
        )
    else:
        text = "Add a tray to your panel, and the icon comes by itself."
    return rows.Notice(
        title="This desktop shows no tray icon",
        text=f"{text} Until then closing this window ends supportdesk.",
        tone=Tone.AMBER,
    )
