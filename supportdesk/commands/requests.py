"""What the running app answers to other processes over its local socket.

A request and its answer are one JSON object each: {"verb": "status"}, {"verb": "outbox"} (what was
sent and has not gone out), {"verb": "call", …},
{"verb": "show", "token": …}, {"verb": "open", "link": "supportdesk:…", "token": …}, {"verb":
"check"} (try every source now), {"verb": "parts"} (who shows alerts now, and where the icon is),
{"verb": "spool"} (look there for calls), {"verb": "join log", "spans": […]} and {"verb": "delete
log"}. A token is the desktop's leave to come to the front, from whoever was clicked. An answer has
"ok"; when it is false, "title" and "advice" say why.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from supportdesk.adapters.call_spool import CallSpool
from supportdesk.adapters.phone.hook import hook_event_at
from supportdesk.core import Core
from supportdesk.domain.app_links import AppLink, parse_link
from supportdesk.domain.errors import Problem, SupportDeskError
from supportdesk.domain.health import PartHealth
from supportdesk.protocols.hook_calls import HookEvent
from supportdesk.protocols.hook_fields import made_event
from supportdesk.services.watch_lines import JsonObject, JsonValue, state_as_json, unsent_figures

if TYPE_CHECKING:
    from supportdesk.ui.controllers.click_through import Opened

Fields = Mapping[str, object]


class Window(Protocol):
    """What other processes may ask of the tray app's window."""

    def show_window(self, *, token: str) -> object: ...

    def open_link(self, link: AppLink, token: str) -> "Opened": ...

    def desktop_parts(self) -> tuple[PartHealth, ...]: ...


NO_LINK = Problem(
    title="That is no link of supportdesk",
    advice="A link is as supportdesk:waiting, or as “Copy a link to it” in the menu of a mail "
    "makes it; one that rings a phone is not taken.",
)


def hook_event(fields: Fields, now: datetime) -> HookEvent | None:
    """The hook event in a request or a spooled line; None when it is not one."""
    return made_event(
        str(fields.get("turn", "")),
        str(fields.get("number", "")),
        hook_event_at(str(fields.get("at", "")), now),
        name=str(fields.get("name", "")),
        call_id=str(fields.get("call_id", "")),
        to=str(fields.get("to", "")),
        by=str(fields.get("by", "")),
        is_mine=fields.get("me") is True,
    )


def state_of(core: Core) -> JsonObject:
    """The state of the desk, and the problems of this computer that no source has."""
    problems: list[JsonValue] = [
        {"part": part, "title": problem.title, "advice": problem.advice}
        for part, problem in core.problems.items()
    ]
    state = state_as_json(core.desk.state(core.clock.now()))
    figures = unsent_figures([one.since for one in core.answering.unsent()])
    return {**state, **figures, "problems": problems}


class RequestDesk:
    """Answers requests from the state of one core."""

    def __init__(self, core: Core, window: Window | None = None) -> None:
        self._core = core
        self._window = window

    def answer(self, request: Fields) -> JsonObject:
        """The answer to one request; every request has one."""
        match request.get("verb"):
            case "status":
                return {"ok": True, "state": self._state()}
            case "outbox":
                return self._outbox()
            case "call":
                return self._call(request)
            case "check":
                self._core.check_now()
                return {"ok": True}
            case "spool":
                self.take_spool()
                return {"ok": True}
            case "join log":
                return self._join_log(request)
            case "delete log":
                return self._delete_log()
            case "forget":
                return self._forget(request)
            case verb:
                return self._of_window(verb, request)

    def take_spool(self) -> None:
        """Take in the phone events that came while nothing ran."""
        for fields in CallSpool(self._core.places).drain():
            self._take(fields)

    def _of_window(self, verb: object, request: Fields) -> JsonObject:
        """What only the tray app can be asked."""
        window = self._window
        match verb:
            case "show" if window is not None:
                window.show_window(token=_token(request))
                return {"ok": True}
            case "open" if window is not None:
                return self._open(request, window)
            case "parts" if window is not None:
                return _told_parts(window)
            case _:
                return _refusal(f"“{verb}” cannot be asked here", "Look at supportdesk --help.")

    def _state(self) -> JsonObject:
        return state_of(self._core)

    def _outbox(self) -> JsonObject:
        from supportdesk.services.outbox_lines import outbox_as_json

        return {"ok": True, "messages": outbox_as_json(self._core.answering.unsent())}

    def _take(self, fields: Fields) -> bool:
        """Take an event in, once, however often and by whichever way it comes; False for none."""
        event = hook_event(fields, self._core.clock.now())
        if event is None:
            return False
        self._core.take_hook_event(
            event, str(fields.get("event_id") or fields.get("spool_id") or "")
        )
        return True

    def _open(self, request: Fields, window: Window) -> JsonObject:
        link = parse_link(str(request.get("link", "")))
        if link is None:
            return _refusal(NO_LINK.title, NO_LINK.advice)
        opened = window.open_link(link, _token(request))
        return {"ok": True, "opened": opened.how.value, "words": opened.words}

    def _call(self, request: Fields) -> JsonObject:
        if not self._take(request):
            return _refusal("That is no phone event", "It needs a turn and a number.")
        return {"ok": True}

    def _join_log(self, request: Fields) -> JsonObject:
        from supportdesk.services.log_rows import span_of_object

        spans = request.get("spans")
        try:
            told = [span_of_object(one) for one in spans] if isinstance(spans, list) else []
            joined = self._core.data.join_log(told)
        except ValueError as error:
            return _refusal("That is no span of a reading log", f"Of one of them: {error}.")
        except SupportDeskError as error:
            return _refusal(error.title, error.advice)
        refused: list[JsonValue] = [[one.place, one.why] for one in joined.refused]
        return {
            "ok": True,
            "new": list(joined.new),
            "grown": list(joined.grown),
            "known": joined.known,
            "refused": refused,
        }

    def _forget(self, request: Fields) -> JsonObject:
        """Whoever asks has deleted their rows: let go of what is in memory."""
        from supportdesk.services.forgetting import Forgotten

        try:
            self._core.data.forget(Forgotten.of_fields(request))
        except SupportDeskError as error:
            return _refusal(error.title, error.advice)
        return {"ok": True}

    def _delete_log(self) -> JsonObject:
        try:
            return {"ok": True, "count": self._core.data.delete_log()}
        except SupportDeskError as error:
            return _refusal(error.title, error.advice)


def _told_parts(window: Window) -> JsonObject:
    from supportdesk.commands.told_parts import part_as_json

    return {"ok": True, "parts": [part_as_json(part) for part in window.desktop_parts()]}


def _token(request: Fields) -> str:
    token = request.get("token")
    return token if isinstance(token, str) and token.isprintable() else ""


def _refusal(title: str, advice: str) -> JsonObject:
    return {"ok": False, "title": title, "advice": advice}
