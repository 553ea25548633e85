"""The report that may be copied for a helper: it names nobody, no place and no secret.

Words of problems and of parts stay out of it: they name servers, passwords, people and folders.
What is left are states, sorts of errors, moments, and the names of programs of this desktop.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from supportdesk.diagnosis.desktop_parts import ALERTS, DO_NOT_DISTURB
from supportdesk.diagnosis.parts import version_line
from supportdesk.domain.health import PartHealth, SourceHealth, TrialStep


def report_text(
    healths: Sequence[SourceHealth],
    parts: Iterable[PartHealth],
    steps: Iterable[TrialStep],
    *,
    key_store: str | None,
    unknown_settings: int,
    now: datetime,
) -> str:
    lines = [version_line()]
    if key_store is not None:
        lines.append(f"key store: {key_store}")
    for number, health in enumerate(healths, start=1):
        lines += _source_lines(number, health, now)
    for part in parts:
        lines += _part_lines(part)
    lines += [f"test: {step.name.value}: {step.state.value}" for step in steps]
    if unknown_settings:
        lines.append(f"unknown settings: {unknown_settings}")
    return "\n".join(lines)


def _source_lines(number: int, health: SourceHealth, now: datetime) -> Iterator[str]:
    sort = f" ({health.problem.sort or 'other'})" if health.problem else ""
    heard = _ago(health.last_heard_at, now)
    yield f"source {number} ({health.kind.value}): {health.hearing.value}{sort}, heard {heard}"
    trouble = health.last_trouble
    if trouble is not None:
        over = "lasts" if trouble.until is None else f"over {_ago(trouble.until, now)}"
        sort = trouble.problem.sort or "other"
        yield f"  last trouble: {sort}, began {_ago(trouble.since, now)}, {over}"


def _part_lines(part: PartHealth) -> Iterator[str]:
    sort = f" ({part.problem.sort or 'other'})" if part.problem else ""
    yield f"{part.name}: {'good' if part.is_good else 'not good'}{sort}"
    if part.name == ALERTS:
        for check in part.checks:
            # Its words name nothing but a program of this desktop.
            is_quiet = check.name == DO_NOT_DISTURB
            yield f"  {check.name}: {check.words if is_quiet else check.state.value}"


def _ago(at: datetime | None, now: datetime) -> str:
    return "never" if at is None else f"{max(0, round((now - at).total_seconds()))} s ago"
