"""Pictures of a week on the phones: the real app over calls that were before.

Nobody can wait a week for a picture, so the week is the last one.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.phone_week_table import PhoneWeekTable
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.domain.health import SourceName
from supportdesk.domain.people import CallNote
from supportdesk.domain.phone_week import USUAL_RAMP, PhoneWeek, monday_of, phone_week_key
from supportdesk.domain.voices import Felt, Lesson, Quote
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab
from tests.lab.looks import each_look, open_window

_ASIDE: Final = ("1500", "860")
_LOOKS: Final = (("light", 1), ("dark", 1), ("light", 2))
_SETTINGS: Final = '[[phone]]\nname = "Front desk"\nkind = "hook"\n\n[reading]\nnudge = false\n'
_OPENER: Final = "Who is on the phones this week, and what came of it"
_WHO, _BUDDY = "Maya Brandt", "Anna Dvořák"
_TALKS: Final = (
    (0, "09:20", _BUDDY, "Ingrid Solheim", 412),
    (0, "14:05", _BUDDY, "Backhaus Linde", 96),
    (1, "10:41", _BUDDY, "Pavel Kiss", 233),
    (2, "09:12", _WHO, "Noor Haddad", 318),
    (2, "11:30", _BUDDY, "Deirdre Walsh", 141),
    (3, "08:58", _WHO, "Maison Aubry", 389),
    (3, "13:26", _WHO, "Tomasz Wrona", 174),
    (4, "10:02", _WHO, "Ruth Okafor", 262),
)
"""Which day, when, by whom, with whom, seconds."""
_QUOTES: Final = (
    (2, Felt.PUZZLED, "We sell until two. Your day ends at midnight. So which Saturday is it?"),
    (5, Felt.LET_DOWN, "You close at five and I start at three in the morning."),
    (7, Felt.DELIGHTED, "I had my coffee sitting down for the first time since August."),
)
"""Of which talk, how it was felt, what."""
_NOTE: Final = (6, "Wants the recipes out of his old sheet. Nobody had asked him how many: 1,100.")
_LESSON: Final = (5, "Three in the morning is when bakers have a hand free.")


class PhoneWeekStates:
    """One desktop; what came of the week, and the form that plans one."""

    def __init__(self, lab: DesktopLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._camera = Camera(lab, folder)
        self._scratch = scratch
        self._monday = monday_of(SystemClock().now().astimezone().date()) - timedelta(days=7)
        self._calls = [self._call(number) for number in range(len(_TALKS))]

    def take_all(self) -> None:
        home = make_home(self._scratch / "phone-week", _SETTINGS)
        self._fill(home)
        with DesktopApp(self._lab, home) as app:
            open_window(app)
            act_on(self._lab, role="radio button", name="My week")
            self._camera.settle()
            act_on(self._lab, role="push button", name=_OPENER)
            self._take(app, "phone-week-form", _LOOKS[:2])
            act_on(self._lab, role="push button", name="The week before")
            self._take(app, "phone-week", _LOOKS)

    def _take(self, app: DesktopApp, name: str, looks: tuple[tuple[str, int], ...]) -> None:
        # Beside the window, so that nothing is hovered.
        self._lab.exec("xdotool", "mousemove", *_ASIDE)
        self._camera.settle()
        for look in each_look(app, self._camera, looks):
            self._camera.take_dialog("Phone week", f"{name}-{look}")

    # --- what came of it -----------------------------------------------------------------------

    def _fill(self, home: Path) -> None:
        store = SqliteDeskStore(home / "desk.db")
        for call in self._calls:
            store.save_call(call)
        about, words = _NOTE
        store.save_call_note(self._note(self._calls[about], words))
        voices = VoiceTables(store.connection, store.path)
        for number, felt, said in _QUOTES:
            voices.save_quote(self._quote(self._calls[number], felt, said))
        about, words = _LESSON
        voices.save_lesson(self._lesson(self._calls[about], words))
        PhoneWeekTable(store.connection, store.path).save_phone_week(_week(self._monday))
        store.close()

    def _call(self, number: int) -> Call:
        day, at, by, who, seconds = _TALKS[number]
        on = self._monday + timedelta(days=day)
        started = datetime.combine(on, time.fromisoformat(at)).astimezone()
        return Call(
            phone=SourceName("Front desk"),
            call_id=CallId(f"talk-{number}"),
            name=who,
            number=f"+4420794600{number:02}",
            queue="support",
            started_at=started,
            outcome=Outcome.ANSWERED,
            by=by,
            wait_seconds=4,
            talk_seconds=seconds,
            closed_at=started + timedelta(seconds=seconds),
        )

    def _quote(self, call: Call, felt: Felt, words: str) -> Quote:
        return Quote(
            key=f"quote/{call.key}",
            words=words,
            item=call.key,
            who=call.name,
            contact=call.number,
            said_at=call.started_at,
            kept_at=_end(call),
            felt=felt,
            talk_seconds=call.talk_seconds,
        )

    def _note(self, call: Call, words: str) -> CallNote:
        return CallNote(
            key=f"note/1/{call.key}",
            call=call.key,
            number=call.number,
            label=call.name,
            words=words,
            at=_end(call),
        )

    def _lesson(self, call: Call, words: str) -> Lesson:
        return Lesson(key="lesson/1", item=call.key, words=words, who=call.name, at=_end(call))


def _week(monday: date) -> PhoneWeek:
    return PhoneWeek(
        key=phone_week_key(_WHO, monday), who=_WHO, buddy=_BUDDY, monday=monday, ramp=USUAL_RAMP
    )


def _end(call: Call) -> datetime:
    return call.closed_at or call.started_at
