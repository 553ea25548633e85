"""What has not gone out, for `supportdesk outbox`, `status` and `watch`: as JSON or as words.

The JSON shape is fixed as that of `watch_lines` is: extend, never change.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.sending import GONE, Outgoing, SendEvent, SendState, after
from supportdesk.services.outbox_words import ENDED_WHILE_COUNTING, Unsent, unsent_of
from supportdesk.services.watch_lines import JsonObject, JsonValue, timestamp
from supportdesk.services.wording import fit, time_of_day

NOTHING = "Nothing waits to be sent."
_NAME_ROOM = 40
_SUBJECT_ROOM = 60

_WORDS = {
    SendState.WRITING: "not sent",
    SendState.COUNTING: "can be undone",
    SendState.FREEZING: "being prepared",
    SendState.WAITING: "waiting",
    SendState.CHECKING: "being checked",
    SendState.HELD: "held",
    SendState.TRYING: "being sent",
    SendState.POISED: "being sent",
    SendState.DOUBTFUL: "in doubt",
    SendState.REFUSED: "refused",
}


def met_again(rows: Iterable[Outgoing], drafts: Iterable[Draft]) -> list[Unsent]:
    """What the next run will meet: what this desk.db says while nothing runs."""
    by_id = {draft.draft_id: draft for draft in drafts}
    found = []
    for row in rows:
        problem = ENDED_WHILE_COUNTING if row.state is SendState.COUNTING else row.problem
        met = replace(row, state=after(row.state, SendEvent.RESTARTED), problem=problem)
        found.append(unsent_of(met, by_id.get(row.draft_id), problem, has_looked=False))
    return [one for one in found if one is not None]


def outbox_as_json(unsent: Iterable[Unsent]) -> list[JsonValue]:
    """The messages, the oldest first."""
    return [_as_json(one) for one in unsent]


def outbox_as_text(messages: Sequence[JsonValue], now: datetime, to_local: ToLocal) -> str:
    """The same to read, of what `outbox_as_json` made."""
    lines = [
        line for one in messages if isinstance(one, dict) for line in _lines(one, now, to_local)
    ]
    return "\n".join(lines) or NOTHING


class SendingLines:
    """Tells of each message that has gone out, and of each that needs the founder, once a run."""

    def __init__(self) -> None:
        self._before: dict[DraftId, Unsent] = {}
        self._told: set[tuple[DraftId, SendState]] = set()

    def news(
        self,
        unsent: Iterable[Unsent],
        outgoing: Callable[[DraftId], Outgoing | None],
        now: datetime,
    ) -> list[JsonObject]:
        """Lines of what has happened since this was last asked."""
        present = {one.outgoing.draft_id: one for one in unsent}
        lines = []
        for draft_id, one in self._before.items():
            row = None if draft_id in present else outgoing(draft_id)
            if row is not None and row.state in GONE:
                lines.append(_happened("sent", one, f"Sent to {one.to}", one.subject, now))
        for draft_id, one in present.items():
            if one.needs_founder and (draft_id, one.state) not in self._told:
                self._told.add((draft_id, one.state))
                why = "" if one.problem is None else f"{one.problem.title}. {one.problem.advice}"
                title = f"Not sent to {one.to}: {_WORDS[one.state]}"
                lines.append(_happened("unsent", one, title, why or one.subject, now))
        self._before = present
        return lines


def happened_as_text(line: JsonObject) -> str:
    """A line of `SendingLines` to read."""
    at = datetime.fromisoformat(str(line["at"])).astimezone()
    words = f"{line['title']} · {line['body']}".strip(" ·")
    return f"{at:%H:%M:%S}  {line['what']:<9} {line['kind']:<8} {words}"


# --- inside --------------------------------------------------------------------------------------


def _as_json(unsent: Unsent) -> JsonObject:
    row, problem = unsent.outgoing, unsent.problem
    return {
        "draft_id": row.draft_id,
        "message_id": row.message_id,
        "account": row.account,
        "state": row.state.value,
        "to": unsent.to,
        "subject": unsent.subject,
        "since": timestamp(unsent.since),
        "tries": row.tries,
        "next_at": None if row.next_at is None else timestamp(row.next_at),
        "needs_founder": unsent.needs_founder,
        "title": None if problem is None else problem.title,
        "advice": None if problem is None else problem.advice,
        "refused": [[who, why] for who, why in row.refused],
    }


def _lines(message: JsonObject, now: datetime, to_local: ToLocal) -> list[str]:
    since = datetime.fromisoformat(str(message["since"]))
    state = _WORDS[SendState(message["state"])]
    to = fit(str(message["to"]), _NAME_ROOM)
    subject = fit(str(message["subject"]), _SUBJECT_ROOM)
    lines = [f"{time_of_day(since, now, to_local)}  {state}  to {to}: {subject}"]
    if message["title"]:
        lines.append(f"  {message['title']}. {message['advice']}")
    if message["next_at"]:
        next_at = datetime.fromisoformat(str(message["next_at"]))
        lines.append(f"  Tried {_tries(message)}, again {time_of_day(next_at, now, to_local)}.")
    refused = message["refused"]
    for pair in refused if isinstance(refused, list) else ():
        who, why = pair if isinstance(pair, list) else ("", "")
        lines.append(f"  {who}: {why}")
    return lines


def _tries(message: JsonObject) -> str:
    return "once" if message["tries"] == 1 else f"{message['tries']} times"


def _happened(kind: str, one: Unsent, title: str, body: str, now: datetime) -> JsonObject:
    return {
        "at": timestamp(now),
        "what": "happened",
        "key": f"sending/{one.outgoing.draft_id}",
        "kind": kind,
        "title": title,
        "body": body,
        "actions": [],
        "source": one.outgoing.account,
        "message_id": one.outgoing.message_id,
        "state": one.state.value,
    }
