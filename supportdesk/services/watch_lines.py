"""The lines of `supportdesk watch`: notices and states as JSON objects or as words.

The JSON shape is fixed (DESIGN section 12): other programs read it. Extend, never change.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import assert_never

from supportdesk.domain.alerts import (
    Alert,
    AlertRaised,
    AlertUpdated,
    AlertWithdrawn,
    Happened,
    Notice,
)
from supportdesk.domain.health import PastTrouble, SourceHealth
from supportdesk.services.desk_state import DeskState
from supportdesk.services.wording import count

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]
JsonObject = dict[str, JsonValue]

_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


def notice_as_json(notice: Notice) -> JsonObject:
    """One notice as the object that `watch --json` prints."""
    match notice:
        case Happened():
            return _happened(notice)
        case AlertRaised():
            what = "digest" if notice.alert.is_digest else "alert"
            return _alert(what, notice.alert, notice.alert.at)
        case AlertUpdated():
            return _alert("updated", notice.alert, notice.alert.at)
        case AlertWithdrawn():
            return {**_alert("withdrawn", notice.alert, notice.at), "why": notice.why}
        case _:
            assert_never(notice)


def notice_as_text(notice: Notice) -> str:
    """One notice as a line to read: local time, what, and the words."""
    fields = notice_as_json(notice)
    at = datetime.fromisoformat(str(fields["at"])).astimezone()
    what = str(fields["what"])
    words = f"{fields['title']} · {fields['body']}".strip(" ·")
    if isinstance(notice, AlertWithdrawn):
        words = f"{fields['title']} ({notice.why})"
    return f"{at:%H:%M:%S}  {what:<9} {fields['kind']:<8} {words}"


def state_as_json(state: DeskState) -> JsonObject:
    """The state of all sources and of the queues, for `watch --json` and `status --json`."""
    return {
        "at": timestamp(state.at),
        "what": "state",
        "key": "state",
        "kind": "health",
        "title": state_title(state),
        "body": "",
        "actions": [],
        "source": "",
        "tray": state.tray.value,
        "sources": [_health(health) for health in state.healths],
        "waiting": state.waiting,
        "free": state.free,
        "members": state.members,
        "people_waiting": state.people_waiting,
        "to_call_back": state.to_call_back,
        "promises_due": len(state.promised_due),
        "paused_until": timestamp(state.paused_until) if state.paused_until else None,
        "do_not_disturb": state.quiet_by or None,
    }


def unsent_figures(since: Sequence[datetime]) -> JsonObject:
    """Of messages that have not gone out: how many, and since when the oldest."""
    return {
        "unsent": len(since),
        "oldest_unsent_at": timestamp(min(since)) if since else None,
    }


def state_as_text(state: DeskState) -> str:
    """The state as one line to read."""
    return f"{state.at.astimezone():%H:%M:%S}  state              {state_title(state)}"


def state_digest(state: DeskState) -> str:
    """What must differ for a state to be worth a new line: no moments, nor proofs of life."""
    healths = tuple(
        replace(health, last_heard_at=None, since=_NO_MOMENT, last_trouble=None)
        for health in state.healths
    )
    fields = state_as_json(replace(state, healths=healths, at=_NO_MOMENT))
    return json.dumps(fields, sort_keys=True)


def as_line(fields: JsonObject) -> str:
    """Compact JSON on one line, as UTF-8 text."""
    return json.dumps(fields, ensure_ascii=False, separators=(", ", ": "))


def timestamp(at: datetime) -> str:
    """ISO 8601 with milliseconds and offset."""
    return at.isoformat(timespec="milliseconds")


def _health(health: SourceHealth) -> JsonObject:
    return {
        "source": health.source,
        "kind": health.kind.value,
        "health": health.hearing.value,
        "since": timestamp(health.since),
        "last_heard_at": timestamp(health.last_heard_at) if health.last_heard_at else None,
        "title": health.problem.title if health.problem else None,
        "advice": health.problem.advice if health.problem else None,
        "last_trouble": _trouble(health.last_trouble) if health.last_trouble else None,
    }


def _trouble(trouble: PastTrouble) -> JsonObject:
    return {
        "title": trouble.problem.title,
        "since": timestamp(trouble.since),
        "until": timestamp(trouble.until) if trouble.until else None,
    }


def state_title(state: DeskState) -> str:
    """The state in words."""
    heard = [f"{health.source}: {health.hearing.value}" for health in state.healths]
    callers = "phones unknown"
    if state.waiting is not None:
        callers = f"{count(state.waiting, 'caller', 'callers')} waiting"
    if state.free is not None:
        callers += f", {state.free} of {state.members} free"
    people = count(state.people_waiting, "person", "people")
    back = f"{count(state.to_call_back, 'person', 'people')} to call back"
    return " · ".join([*heard, callers, back, f"{people} waiting for a reply"])


def _alert(what: str, alert: Alert, at: datetime) -> JsonObject:
    return {
        "at": timestamp(at),
        "what": what,
        "key": alert.key,
        "kind": alert.kind.value,
        "title": alert.title,
        "body": alert.body,
        "actions": [action.value for action in alert.actions],
        "source": alert.source,
        "covers": list(alert.covers),
    }


def _happened(notice: Happened) -> JsonObject:
    fields: JsonObject = {
        "at": timestamp(notice.at),
        "what": "happened",
        "key": notice.key,
        "kind": notice.kind.value,
        "title": notice.title,
        "body": notice.body,
        "actions": [],
        "source": notice.source,
    }
    extras: JsonObject = {
        "message_id": notice.message_id,
        "call_id": notice.call_id,
        "number": notice.number,
        "name": notice.name,
        "outcome": notice.outcome,
        "by": notice.by,
        "seconds": notice.seconds,
    }
    fields.update({name: value for name, value in extras.items() if value is not None})
    return fields
