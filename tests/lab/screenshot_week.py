"""Pictures of My week in its states: the real app over a log that is made up.

Nobody can wait twelve weeks for a picture; what the spans say is what the practice desk's
customers write about.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.week_locale import to_local
from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind
from supportdesk.services.log_corrections import LogCorrections
from supportdesk.services.reading_log import ReadingLog, ReadingRules
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab
from tests.lab.looks import each_look, open_window, take_in_looks

_ASIDE: Final = ("1500", "860")
_AROUND: Final = "620x520+290+140"
_CORRECTED_DAY: Final = 2
_LOOKS: Final = (("light", 1), ("dark", 1), ("light", 2))
# Minutes of the eleven weeks before this one, oldest first; two of them were weeks off.
_EARLIER_WEEKS: Final = (31, 12, 30, 34, 0, 6, 22, 30, 8, 33, 27)
_OFF: Final = (4, 5)

READ, REPLY, TALK = SpanKind.READ, SpanKind.REPLY, SpanKind.TALK
_Day = tuple[int, str, SpanKind, str, float]
_BEHIND: Final[tuple[_Day, ...]] = (
    (0, "09:02", READ, "Hannah Osei: Can I have my own numbers back?", 174),
    (0, "09:20", REPLY, "Hannah Osei: Can I have my own numbers back?", 78),
    (1, "08:51", READ, "Noor Haddad: Could not log in on the tablet", 126),
    (2, "08:57", READ, "Mill delivery notice", 0),
    (2, "08:58", READ, "Ingrid Solheim: Order sheet twice?", 48),
    (2, "09:14", REPLY, "Deirdre Walsh: Two bakeries, one login", 54),
    (2, "09:20", READ, "Tomasz Wrona: Import of recipes from Excel", 96),
    (2, "16:42", TALK, "Pavel Kiss", 240),
    (4, "09:05", READ, "Backhaus Linde: Rechnung 2214", 156),
    (4, "09:11", REPLY, "Backhaus Linde: Rechnung 2214", 108),
)
_MORE: Final[tuple[_Day, ...]] = (
    (1, "15:10", TALK, "Maison Aubry", 372),
    (3, "08:45", READ, "Levain & Daughters: Second shop: one account or two?", 205),
    (4, "14:30", TALK, "Deirdre Walsh", 221),
)
_DROPPED: Final = {
    "Mill": DroppedTime(rule=DropRule.ROBOT, seconds=20),
    "Ingrid": DroppedTime(rule=DropRule.LOCKED, seconds=130),
    "Hannah": DroppedTime(rule=DropRule.CAPPED, seconds=41),
}


class WeekStates:
    """One desktop; each state is a home of its own."""

    def __init__(self, lab: DesktopLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._camera = Camera(lab, folder)
        self._scratch = scratch
        self._homes = 0
        now = SystemClock().now().astimezone()
        self._now = now
        self._monday = now.date() - timedelta(days=now.weekday())

    def take_all(self) -> None:
        earlier = tuple(self._earlier_weeks())
        behind = (*earlier, *self._days(_BEHIND))
        with self._app(()):
            self._take("week-empty")
        with self._app((*behind, *self._days(_MORE))):
            self._choose_day(_CORRECTED_DAY)
            self._take("week-good")
        with self._app(behind):
            self._choose_day(_CORRECTED_DAY)
            self._take("week-behind")
            self._press_named(f"Mon {(self._monday - timedelta(weeks=6)).day} ")
            self._press_named(f"{_EARLIER_WEEKS[5]} of 30 minutes with customers")
            self._take("week-twelve")
        with self._app(behind, put_right=self._put_right):
            self._choose_day(_CORRECTED_DAY)
            self._form("week-form")
            self._take("week-corrected")
            self._lower_half("week-corrected-spans", "Wednesday")

    # --- the app -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _app(
        self,
        spans: Iterable[Span],
        put_right: Callable[[ReadingLog, LogCorrections], None] = lambda _log, _hands: None,
    ) -> Iterator[DesktopApp]:
        self._homes += 1
        off = [self._monday - timedelta(weeks=11 - number, days=-1) for number in _OFF]
        settings = (
            '[[phone]]\nname = "Front desk"\nkind = "hook"\n\n'
            f'[reading]\nweek_starts = "monday"\nholidays = {[str(day) for day in off]}\n'
        )
        home = make_home(self._scratch / f"week-{self._homes}", settings)
        store = SqliteDeskStore(home / "desk.db")
        for span in spans:
            store.append_span(span)
        log = ReadingLog(store=store, rules=ReadingRules(), to_local=to_local)
        put_right(log, LogCorrections(log, store, to_local))
        store.close()
        with DesktopApp(self._lab, home) as app:
            self._app_now = app
            open_window(app)
            act_on(self._lab, role="radio button", name="My week")
            self._camera.settle()
            yield app

    def _choose_day(self, number: int) -> None:
        day = self._monday + timedelta(days=number)
        self._press_named(f"{day:%A} {day.day} {day:%B}")

    def _press_named(self, words: str) -> None:
        button = self._camera.starting_with("push button", words)
        act_on(self._lab, role="push button", name=button.name)

    def _take(self, name: str) -> None:
        # Beside the window, so that nothing is hovered.
        self._lab.exec("xdotool", "mousemove", *_ASIDE)
        self._camera.settle()
        take_in_looks(self._app_now, self._camera, name, _LOOKS)

    def _form(self, name: str) -> None:
        """Of the talk: a length that cannot have been, then the one that is saved."""
        self._lab.click(*self._camera.starting_with("list item", "16:42").centre)
        self._lab.press("c")
        self._camera.starting_with("label", "Correct the log")
        self._lab.type("2000")
        self._lab.press("Tab")
        self._lab.type("he put me on hold")
        self._lab.press("Return")
        self._lab.exec("xdotool", "mousemove", *_ASIDE)
        self._camera.settle()
        for look in each_look(self._app_now, self._camera, _LOOKS[:2]):
            self._camera.take(f"{name}-{look}", _AROUND)
        self._lab.type("2:30")
        self._lab.press("Return")
        self._camera.starting_with("label", "Cut to 2:30")

    def _lower_half(self, name: str, words: str) -> None:
        """Of the page at 200 %: the spans, as Enter on their day brings them to sight."""
        for look in each_look(self._app_now, self._camera, (("light", 2),)):
            button = self._camera.starting_with("push button", words)
            self._lab.click(*button.centre)
            # From the kind that was hit to all of them.
            self._lab.press("Down", "Down", "Down", "Return")
            self._lab.exec("xdotool", "mousemove", *_ASIDE)
            self._camera.settle()
            self._camera.take_window("supportdesk", f"{name}-{look}")

    # --- the log -------------------------------------------------------------------------------

    def _earlier_weeks(self) -> Iterator[Span]:
        for number, minutes in enumerate(_EARLIER_WEEKS):
            monday = self._monday - timedelta(weeks=11 - number)
            for day, share in ((0, 0.3), (2, 0.5), (3, 0.2)):
                if minutes:
                    yield self._span(
                        monday + timedelta(days=day),
                        "09:14",
                        TALK if day == 2 and number % 3 == 0 else READ,
                        "Tomasz Wrona: Import of recipes from Excel",
                        minutes * 60 * share,
                    )

    def _days(self, days: Iterable[_Day]) -> Iterator[Span]:
        """Those that have been, whichever day the picture is taken on."""
        for number, at, kind, label, seconds in days:
            span = self._span(self._monday + timedelta(days=number), at, kind, label, seconds)
            if span.started_at < self._now:
                yield span

    def _put_right(self, log: ReadingLog, corrections: LogCorrections) -> None:
        """A visit that no clock saw, a mail that only lay open, a reply at the wrong time."""
        day = self._monday + timedelta(days=_CORRECTED_DAY)
        at_one, at_nine = (datetime.combine(day, time(hour, 5)).astimezone() for hour in (13, 9))
        corrections.add(
            SpanKind.TALK, "", "Maison Aubry", at_one, 420.0, "she came by the office", self._now
        )
        parts = log.week(log.week_at(self._now)).days[_CORRECTED_DAY].parts
        for span in (part.span for part in parts):
            if span.label.startswith("Tomasz"):
                corrections.delete(span, "it only lay open", self._now)
            elif span.label.startswith("Deirdre"):
                corrections.move(span, at_nine, "the clock was wrong", self._now)

    def _span(self, day: date, at: str, kind: SpanKind, label: str, seconds: float) -> Span:
        started = datetime.combine(day, time.fromisoformat(at)).astimezone()
        lost = next((drop for who, drop in _DROPPED.items() if label.startswith(who)), None)
        return Span(
            span_id=f"picture-{started:%Y%m%d%H%M}",
            kind=kind,
            item=f"picture/{label}",
            label=label,
            started_at=started,
            utc_offset=started.utcoffset() or timedelta(),
            counted_seconds=seconds,
            dropped=(lost,) if lost is not None and kind is READ else (),
        )
