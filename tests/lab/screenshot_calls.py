"""Pictures of the Calls page and the live board in their states: the real app on a practice PBX.

What was called earlier in the week is made up, because nobody can wait a week for a picture.
"""

import contextlib
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.domain.health import SourceName
from supportdesk.domain.people import CallNote
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab
from tests.lab.looks import each_look, open_window, take_in_looks
from tests.lab.phone_office import SECRET, PhoneOffice
from tests.practice.on_loop import LoopThread, loop_thread

_LOOKS = (("light", 1), ("dark", 1), ("light", 2))
_TEAM = ("Anna Dvořák", "Priya Nair", "Tomáš Beran")
_CUSTOMERS = (
    ("Noor Haddad", "+31625550131"),
    ("Backhaus Linde", "+493055501820"),
    ("Tomasz Wrona", "+48225550177"),
    ("Pekárna Kiss", "+420541220018"),
)

Act = Callable[[PhoneOffice], Coroutine[Any, Any, None]]


class CallStates:
    """One desktop; each state is an office and a home of its own."""

    def __init__(self, lab: DesktopLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._camera = Camera(lab, folder)
        self._scratch = scratch
        self._homes = 0

    def take_all(self) -> None:
        with loop_thread() as loop:
            self._quiet(loop)
            self._busy(loop)
            self._nobody(loop)

    # --- states --------------------------------------------------------------------------------

    def _quiet(self, loop: LoopThread) -> None:
        """Nobody waits: then the missed ones, and a search in the history."""
        with self._app(loop, _nothing, past=()) as app:
            self._in_looks(app, "calls-quiet")
        with self._app(loop, _nothing, past=past_week()) as app:
            self._camera.starting_with("list item", "Maison Aubry, ")
            self._in_looks(app, "calls-missed")
            act_on(self._lab, role="push button", name="Search all calls (/)")
            self._camera.settle()
            self._lab.type("tomasz")
            self._camera.starting_with("list item", "Tomasz Wrona, ")
            self._in_looks(app, "calls-search")

    def _busy(self, loop: LoopThread) -> None:
        with self._app(loop, PhoneOffice.all_are_busy, past=past_week()) as app:
            self._camera.starting_with("list item", "Pavel Kiss, 4 rings")
            loop.run(self._office.a_stranger_calls())
            self._camera.starting_with("list item", "+31205550142, 2 rings")
            self._in_looks(app, "calls-busy")
            act_on(self._lab, role="push button", name="Live board")
            for look in each_look(app, self._camera, _LOOKS):
                x, y, width, height = self._camera.starting_with("filler", "2 waiting").box
                self._camera.take(f"live-board-{look}", f"{width}x{height}+{x}+{y}")

    def _nobody(self, loop: LoopThread) -> None:
        with self._app(loop, PhoneOffice.nobody_is_logged_in, past=past_week()) as app:
            self._camera.starting_with("label", "nobody at the phones")
            self._in_looks(app, "calls-nobody")

    # --- the app -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _app(self, loop: LoopThread, act: Act, *, past: tuple[Call, ...]) -> Iterator[DesktopApp]:
        self._office = office = loop.run(_opened())
        self._homes += 1
        secrets = {"phone/Office": SECRET}
        home = make_home(self._scratch / f"calls-{self._homes}", office.settings(), secrets)
        store = SqliteDeskStore(home / "desk.db")
        for call in past:
            store.save_call(call)
        for call in past[-1:]:
            store.save_call_note(_note_of(call))
        store.close()
        try:
            with DesktopApp(self._lab, home) as app:
                open_window(app)
                app.wait_until_listening("Office")
                loop.run(act(office))
                page = self._camera.starting_with("radio button", "Calls")
                act_on(self._lab, role="radio button", name=page.name)
                self._camera.settle()
                yield app
        finally:
            loop.run(office.stop())

    def _in_looks(self, app: DesktopApp, name: str) -> None:
        take_in_looks(app, self._camera, name, _LOOKS)


async def _opened() -> PhoneOffice:
    office = PhoneOffice()
    await office.start()
    return office


async def _nothing(_office: PhoneOffice) -> None: ...


# --- the week before ----------------------------------------------------------------------------


def past_week() -> tuple[Call, ...]:
    """Answered calls, four of them late, and the missed ones of today."""
    now = SystemClock().now()
    answered = [_answered(number, now) for number in range(31)]
    return (*answered, *_missed(now))


def _answered(number: int, now: datetime) -> Call:
    name, phone_number = _CUSTOMERS[number % len(_CUSTOMERS)]
    at = now - timedelta(minutes=70 + 37 * number)
    return _call(
        f"answered-{number}",
        name,
        phone_number,
        at,
        Outcome.ANSWERED,
        by=_TEAM[number % len(_TEAM)],
        wait_seconds=19 if number % 9 == 4 else 2 + number % 4,
        talk_seconds=65 + 13 * number,
        closed_at=at + timedelta(minutes=9),
    )


def _missed(now: datetime) -> Iterator[Call]:
    def ago(minutes: float) -> datetime:
        return now - timedelta(minutes=minutes)

    for number, minutes in enumerate((160, 92, 66)):
        yield _call(
            f"aubry-{number}",
            "Maison Aubry",
            "+33155501199",
            ago(minutes),
            Outcome.MISSED,
            wait_seconds=41,
            reason=MissedReason.NOBODY_FREE,
        )
    yield _call(
        "stranger",
        "",
        "+441614960990",
        ago(38),
        Outcome.MISSED,
        wait_seconds=9,
        reason=MissedReason.GAVE_UP,
    )
    yield _call(
        "unseen-1", "", "", ago(58), Outcome.MISSED, wait_seconds=420, reason=MissedReason.UNSEEN
    )
    yield _call(
        "walsh",
        "Deirdre Walsh",
        "+35315550164",
        ago(120),
        Outcome.CALLED_BACK,
        by=_TEAM[0],
        wait_seconds=22,
        reason=MissedReason.GAVE_UP,
        closed_at=ago(101),
    )


def _call(
    call_id: str, name: str, number: str, at: datetime, outcome: Outcome, **facts: Any
) -> Call:
    return Call(
        phone=SourceName("Office"),
        call_id=CallId(call_id),
        name=name,
        number=number,
        queue="support" if number else "",
        started_at=at,
        outcome=outcome,
        **facts,
    )


def _note_of(call: Call) -> CallNote:
    return CallNote(
        key=f"note/1/{call.key}",
        call=call.key,
        number=call.number,
        label=call.label,
        words="She will send the new address by mail.",
        at=call.closed_at or call.started_at,
    )
