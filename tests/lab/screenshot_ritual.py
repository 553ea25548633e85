"""Pictures of the founder's ritual: the real app over words that were kept before.

Nobody can wait a week for a picture; what was kept is what the practice desk's customers write.
"""

import contextlib
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.promise_tables import PromiseTables
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.domain.people import CallNote
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.domain.voices import Felt, Lesson, Quote
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on
from tests.lab.camera import Camera
from tests.lab.chromium import take_picture, why_no_chromium
from tests.lab.desktop import DesktopLab
from tests.lab.looks import each_look, open_window, take_in_looks
from tests.lab.waiting import wait_until

_ASIDE: Final = ("1500", "860")
_LOOKS: Final = (("light", 1), ("dark", 1), ("light", 2))
_SETTINGS: Final = '[[phone]]\nname = "Front desk"\nkind = "hook"\n\n[reading]\nnudge = false\n'

_Said = tuple[int, int, Felt | None, str, str]
_QUOTES: Final[tuple[_Said, ...]] = (
    (0, 0, Felt.FRUSTRATED, "Ingrid Solheim", "I am not stupid, the button looks as if nothing "
     "happened."),
    (0, 0, Felt.DELIGHTED, "Ruth Okafor", "I had my coffee sitting down for the first time since "
     "August."),
    (1, 0, Felt.FRUSTRATED, "Tomasz Wrona", "I can live with no. I cannot live with “soon”."),
    (3, 6, Felt.LET_DOWN, "Maison Aubry", "You close at five and I start at three in the morning. "
     "So I write to you at the hour nobody reads."),
    (2, 4, Felt.PUZZLED, "Pavel Kiss", "We sell until two. Your day ends at midnight. So which "
     "Saturday are these numbers from?"),
    (49, 0, Felt.LET_DOWN, "Ingrid Solheim", "I trust the sheet, not the send button."),
    (1, 9, Felt.RELIEVED, "Backhaus Linde", "Oh. So it was the printer all along."),
    (0, 0, Felt.RELIEVED, "Noor Haddad", "It works now. Your colleague was very patient with me."),
    (0, 0, Felt.DELIGHTED, "Ruth Okafor", "My daughter reads your little line aloud every "
     "evening: you have enough for tomorrow."),
)  # fmt: skip
"""Days ago, minutes of a talk, how it was felt, who, what."""
_LESSONS: Final = (
    ("Ingrid Solheim", "mail", "Bakers press a grey button twice: they walk away from it."),
    ("Pavel Kiss", "call", "A shop's day is not the calendar's day."),
    ("Tomasz Wrona", "mail", "“No” is an answer. “Soon” is not."),
)
_NOTES: Final = (
    (
        3,
        "Maison Aubry",
        "Would pay for a call before five. Her sister opens a second shop in March.",
    ),
    (4, "Pavel Kiss", "Reads the Saturday sheet aloud to his wife, who does the books."),
)
_PROMISES: Final = (
    (0, "Noor Haddad", "I'll send the new pin for the tablet", PromiseState.KEPT),
    (4, "Pavel Kiss", "I'll send the sheet with both shops on it", PromiseState.OPEN),
)
_PAGE: Final = "The week in their words"
_BROWSERS: Final = (("light", ()), ("dark", ("--force-dark-mode",)))


class RitualStates:
    """One desktop; each state is a home of its own."""

    def __init__(self, lab: DesktopLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._camera = Camera(lab, folder)
        self._scratch = scratch
        self._now = SystemClock().now()

    def take_all(self) -> None:
        with self._app("voices") as app:
            self._take(app, "voices")
            self._lab.press("j", "j", "j")
            self._take(app, "voices-chosen", _LOOKS[:2])
            self._lab.press("w")
            self._beside_window()
            for look in each_look(app, self._camera, _LOOKS):
                self._camera.take_dialog(_PAGE, f"week-words-{look}")
            self._take_page()

    # --- the app -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _app(self, name: str) -> Iterator[DesktopApp]:
        home = make_home(self._scratch / name, _SETTINGS)
        store = SqliteDeskStore(home / "desk.db")
        tables = VoiceTables(store.connection, store.path)
        for number, said in enumerate(_QUOTES):
            tables.save_quote(self._quote(number, said))
        for number, (who, kind, words) in enumerate(_LESSONS):
            tables.save_lesson(self._lesson(number, who, kind, words))
        notes = [self._note(*one) for one in _NOTES]
        for note in notes:
            store.save_call_note(note)
        promises = PromiseTables(store.connection, store.path)
        for one in _PROMISES:
            promises.save_promise(self._promise(*one))
        store.close()
        with DesktopApp(self._lab, home) as app:
            open_window(app)
            act_on(self._lab, role="radio button", name="Voices")
            self._camera.settle()
            yield app

    def _take(
        self, app: DesktopApp, name: str, looks: tuple[tuple[str, int], ...] = _LOOKS
    ) -> None:
        self._beside_window()
        take_in_looks(app, self._camera, name, looks)

    def _beside_window(self) -> None:
        """So that nothing is hovered."""
        self._lab.exec("xdotool", "mousemove", *_ASIDE)
        self._camera.settle()

    def _take_page(self) -> None:
        """Save it where the file dialog is told to, and open it in a browser."""
        page = self._scratch / "week.html"
        act_on(self._lab, role="push button", name="Save as HTML")
        self._camera.settle()
        self._lab.type(str(page))
        self._lab.press("Return")
        wait_until(page.exists, seconds=30, what="the page to be saved")
        if (reason := why_no_chromium()) is not None:
            print(f"No picture of the page: {reason}", file=sys.stderr)  # noqa: T201
            return
        for look, flags in _BROWSERS:
            target = self._camera.folder / f"week-page-{look}-100.png"
            take_picture(page, self._scratch, target, "--window-size=900,1330", *flags)

    # --- what was kept -------------------------------------------------------------------------

    def _quote(self, number: int, said: _Said) -> Quote:
        days, minutes, felt, who, words = said
        at = self._at(number, days)
        return Quote(
            key=f"quote/{number}",
            words=words,
            item=f"call/Front desk/{number}"
            if minutes
            else f"mail/Support/<{number}@shop.example>",
            who=who,
            contact=f"{who.split()[0].lower()}@shop.example",
            said_at=at,
            kept_at=at,
            felt=felt,
            talk_seconds=minutes * 60.0 if minutes else None,
        )

    def _note(self, number: int, who: str, words: str) -> CallNote:
        return CallNote(
            key=f"note/{number}",
            call=f"call/Front desk/{number}",
            number=f"+4420794600{number:02}",
            label=who,
            words=words,
            at=self._at(number, 0),
        )

    def _promise(self, number: int, who: str, words: str, state: PromiseState) -> Promise:
        is_kept = state is PromiseState.KEPT
        return Promise(
            key=f"promise/{number}",
            item=f"mail/Support/<{number}@shop.example>",
            words=words,
            who=who,
            contact=f"{who.split()[0].lower()}@shop.example",
            made_at=self._at(number, 1),
            due=self._at(number, -1),
            state=state,
            settled_at=self._at(number, 0) if is_kept else None,
        )

    def _lesson(self, number: int, who: str, kind: str, words: str) -> Lesson:
        item = f"{kind}/Support/{number}"
        return Lesson(
            key=f"lesson/{number}", item=item, words=words, who=who, at=self._at(number, 0)
        )

    def _at(self, number: int, days: int) -> datetime:
        return self._now - timedelta(days=days, minutes=number)
