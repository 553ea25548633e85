"""The page Is it working?: each source and each part of the desk with its last word."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import (
    CheckState,
    Hearing,
    PartCheck,
    PartHealth,
    PastTrouble,
    SourceHealth,
    SourceKind,
    SourceName,
    TrialStep,
)
from supportdesk.ui import rows
from supportdesk.ui.presenter.words import since_words
from supportdesk.ui.rows import Action, ActionButton, HealthState

_STATES = {
    Hearing.LISTENING: HealthState.GOOD,
    Hearing.CONNECTING: HealthState.TRYING,
    Hearing.DEAF: HealthState.DEAF,
}
_CHECKS = {
    CheckState.GOOD: HealthState.GOOD,
    CheckState.TRYING: HealthState.TRYING,
    CheckState.READY: HealthState.OFF,
    CheckState.BROKEN: HealthState.DEAF,
    CheckState.UNKNOWN: HealthState.UNKNOWN,
}
_SENTENCE = "Each source with its last proof of life, and each part with its last error."


def health_view(
    healths: Sequence[SourceHealth],
    parts: Sequence[PartHealth],
    *,
    now: datetime,
    report: str,
    last_events: Mapping[SourceName, datetime] | None = None,
    trial: Sequence[TrialStep] = (),
) -> rows.HealthView:
    events = last_events or {}
    deaf = [health for health in healths if health.hearing is Hearing.DEAF]
    broken = [part for part in parts if not part.is_good]
    return rows.HealthView(
        head=_head(healths, deaf, broken),
        sentence=_SENTENCE,
        rows=(
            *(_source(health, events.get(health.source), now) for health in healths),
            *(_part(part) for part in parts),
        ),
        trial=tuple(_step(step) for step in trial),
        is_trying=any(step.state is CheckState.TRYING for step in trial),
        report=report,
    )


def _head(
    healths: Sequence[SourceHealth], deaf: Sequence[SourceHealth], broken: Sequence[PartHealth]
) -> str:
    if not healths:
        return "Nothing is connected yet."
    if deaf:
        return f"Not listening to {', '.join(health.source for health in deaf)}."
    if any(health.hearing is Hearing.CONNECTING for health in healths):
        return "Still connecting."
    if broken:
        return f"Listening. One thing to look at: {broken[0].name}."
    return "Everything is heard."


def _source(health: SourceHealth, last_event: datetime | None, now: datetime) -> rows.HealthRow:
    kind = "mail" if health.kind is SourceKind.MAIL else "phones"
    return rows.HealthRow(
        key=health.source,
        name=f"{health.source} ({kind})",
        state=_STATES[health.hearing],
        state_words=f"{health.hearing.value} since {since_words(health.since, now)}",
        last_event=_last_event(health, last_event, now),
        notes=tuple(_past(health.last_trouble, health.problem, now)),
        trouble=_trouble(health.problem),
        buttons=(
            ActionButton(
                action=Action.TRY_AGAIN,
                label="Try again now",
                target=health.source,
                icon="refresh",
            ),
            ActionButton(
                action=Action.EDIT_SOURCE, label="Edit", target=health.source, icon="settings"
            ),
        )
        if health.hearing is not Hearing.LISTENING
        else (),
    )


def _part(part: PartHealth) -> rows.HealthRow:
    return rows.HealthRow(
        key=f"part/{part.name}",
        name=part.name,
        state=HealthState.GOOD if part.is_good else HealthState.DEAF,
        state_words=part.words,
        notes=part.notes,
        trouble=_trouble(part.problem),
        checks=tuple(_check(check) for check in part.checks),
    )


def _last_event(health: SourceHealth, came_at: datetime | None, now: datetime) -> str:
    # By the clock, for the page stays as it is until something comes.
    heard = since_words(health.last_heard_at, now) if health.last_heard_at else "not yet"
    what = "mail" if health.kind is SourceKind.MAIL else "call"
    came = f"Last {what}: {since_words(came_at, now)}" if came_at else f"No {what} yet"
    return f"{came} · Last proof of life: {heard}"


def _past(trouble: PastTrouble | None, lasting: Problem | None, now: datetime) -> Iterator[str]:
    """What went wrong last, once it is over; what lasts has a card of its own."""
    if trouble is None or trouble.until is None or trouble.problem == lasting:
        return
    began, ended = since_words(trouble.since, now), since_words(trouble.until, now)
    yield f"Last trouble, {began} to {ended}: {trouble.problem.title}."


def _check(check: PartCheck) -> rows.CheckLine:
    return rows.CheckLine(state=_CHECKS[check.state], name=check.name, words=check.words)


def _step(step: TrialStep) -> rows.CheckLine:
    return rows.CheckLine(state=_CHECKS[step.state], name=step.name.value, words=step.words)


def _trouble(problem: Problem | None) -> rows.Trouble | None:
    if problem is None:
        return None
    return rows.Trouble(
        title=problem.title, advice=problem.advice, safe="What was received so far is kept."
    )
