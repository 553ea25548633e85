"""The page Is it working?: each source and each part of the desk with its last word."""

from collections.abc import Sequence
from datetime import datetime

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import Hearing, PartHealth, SourceHealth, SourceKind
from supportdesk.ui import rows
from supportdesk.ui.presenter.words import heard_words, since_words
from supportdesk.ui.rows import Action, ActionButton, HealthState

_STATES = {
    Hearing.LISTENING: HealthState.GOOD,
    Hearing.CONNECTING: HealthState.TRYING,
    Hearing.DEAF: HealthState.DEAF,
}


def health_view(
    healths: Sequence[SourceHealth],
    parts: Sequence[PartHealth],
    *,
    now: datetime,
    report: str,
) -> rows.HealthView:
    deaf = [health for health in healths if health.hearing is Hearing.DEAF]
    broken = [part for part in parts if not part.is_good]
    return rows.HealthView(
        head=_head(healths, deaf, broken),
        sentence="Each source with its last proof of life, and each part with its last error.",
        rows=(*(_source(health, now) for health in healths), *(_part(part) for part in parts)),
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


def _source(health: SourceHealth, now: datetime) -> rows.HealthRow:
    kind = "mail" if health.kind is SourceKind.MAIL else "phones"
    heard = heard_words(health.last_heard_at, now)
    return rows.HealthRow(
        key=health.source,
        name=f"{health.source} ({kind})",
        state=_STATES[health.hearing],
        state_words=f"{health.hearing.value} since {since_words(health.since, now)}",
        last_event=f"Last proof of life: {heard}",
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
        trouble=_trouble(part.problem),
    )


def _trouble(problem: Problem | None) -> rows.Trouble | None:
    if problem is None:
        return None
    return rows.Trouble(
        title=problem.title, advice=problem.advice, safe="What was received so far is kept."
    )
