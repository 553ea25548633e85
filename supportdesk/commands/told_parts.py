"""Parts of this computer as the running app answers `parts`, and as `doctor --json` prints them."""

from collections.abc import Iterable, Iterator

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import CheckState, PartCheck, PartHealth
from supportdesk.services.watch_lines import JsonObject, JsonValue


def part_as_json(part: PartHealth) -> JsonObject:
    checks: list[JsonValue] = [
        {"name": one.name, "state": one.state.value, "words": one.words} for one in part.checks
    ]
    return {
        "name": part.name,
        "ok": part.is_good,
        "words": part.words,
        "title": part.problem.title if part.problem else None,
        "advice": part.problem.advice if part.problem else None,
        "checks": checks,
        "notes": list(part.notes),
    }


def told_parts(answer: JsonObject | None) -> list[PartHealth] | None:
    """What the app says; None where it does not know them, as one of another version."""
    parts = answer.get("parts") if answer is not None else None
    return list(_parts(parts)) if isinstance(parts, list) else None


def _parts(values: Iterable[JsonValue]) -> Iterator[PartHealth]:
    for value in values:
        if isinstance(value, dict):
            title, notes = value.get("title"), value.get("notes")
            yield PartHealth(
                name=str(value.get("name")),
                is_good=value.get("ok") is True,
                words=str(value.get("words")),
                problem=Problem(title=str(title), advice=str(value.get("advice")))
                if title
                else None,
                checks=tuple(_checks(value.get("checks"))),
                notes=tuple(map(str, notes)) if isinstance(notes, list) else (),
            )


def _checks(values: JsonValue) -> Iterator[PartCheck]:
    for value in values if isinstance(values, list) else ():
        if isinstance(value, dict):
            yield PartCheck(
                name=str(value.get("name")),
                state=_state(value.get("state")),
                words=str(value.get("words")),
            )


def _state(value: JsonValue) -> CheckState:
    try:
        return CheckState(value)
    except ValueError:
        return CheckState.UNKNOWN
