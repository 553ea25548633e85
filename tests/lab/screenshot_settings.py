"""Pictures of My week in the settings: two kinds of week, the calendar, the question, an error."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.reading import Span, SpanKind
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab
from tests.lab.looks import each_look, open_window
from tests.lab.scrolling import scroll_to

_ASIDE: Final = ("1500", "860")
_PHONE: Final = '[[phone]]\nname = "Front desk"\nkind = "hook"\n'
_LOOKS: Final = (("light", 1), ("dark", 1), ("light", 2))


class SettingsStates:
    """One desktop; each state is a home of its own."""

    def __init__(self, lab: DesktopLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._camera = Camera(lab, folder)
        self._scratch = scratch
        self._homes = 0
        self._now = SystemClock().now()

    def take_all(self) -> None:
        today = self._now.astimezone().date()
        days = [str(today + timedelta(days=ahead)) for ahead in (30, 31, 32, 33, 40)]
        with self._app(f"[reading]\nholidays = {days}\n"):
            self._take("settings-week")
            self._open_the_calendar("settings-calendar")
            self._ask_to_delete("settings-delete")
        with self._app('[reading]\nperiod = "last_7_days"\nnudge_at = "08:30"\n'):
            self._take("settings-last-7-days")
            self._look_at_my_week("week-last-7-days")

    # --- the app -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _app(self, reading: str) -> Iterator[DesktopApp]:
        self._homes += 1
        home = make_home(self._scratch / f"settings-{self._homes}", f"{_PHONE}\n{reading}")
        store = SqliteDeskStore(home / "desk.db")
        for back in range(1, 60, 2):
            store.append_span(self._span(back))
        store.close()
        with DesktopApp(self._lab, home) as app:
            self._app_now = app
            open_window(app)
            act_on(self._lab, role="radio button", name="Settings")
            self._camera.settle()
            yield app

    def _span(self, days_ago: int) -> Span:
        at = self._now - timedelta(days=days_ago)
        return Span(
            span_id=f"picture {days_ago}",
            kind=SpanKind.READ,
            item="picture/1",
            label="Ingrid Solheim: Flour order went out twice again",
            started_at=at,
            utc_offset=at.astimezone().utcoffset() or timedelta(),
            counted_seconds=90.0 + 37.0 * (days_ago % 5),
        )

    # --- pictures ------------------------------------------------------------------------------

    def _take(self, name: str) -> None:
        for look in each_look(self._app_now, self._camera, _LOOKS):
            self._scroll_to_week()
            self._camera.take_window("supportdesk", f"{name}-{look}")

    def _scroll_to_week(self) -> None:
        scroll_to(self._lab, "Goal in minutes a week", within=(60, 200))
        self._camera.settle()

    def _open_the_calendar(self, name: str) -> None:
        for look in each_look(self._app_now, self._camera, _LOOKS[:2]):
            self._scroll_to_week()
            field = self._camera.starting_with("spin button", "First day off")
            x, y, width, height = field.box
            self._lab.click(x + width - 12, y + height // 2)
            self._camera.settle()
            self._camera.take(f"{name}-{look}", "1200x800+0+0")
            self._lab.press("Escape")

    def _ask_to_delete(self, name: str) -> None:
        for look in each_look(self._app_now, self._camera, _LOOKS):
            act_on(self._lab, role="push button", name="Delete everything I logged…")
            self._camera.starting_with("push button", "Keep the log")
            self._camera.settle()
            self._camera.take(f"{name}-{look}", "1200x800+0+0")
            self._lab.press("Escape")
            self._camera.settle()

    def _look_at_my_week(self, name: str) -> None:
        act_on(self._lab, role="radio button", name="My week")
        self._lab.exec("xdotool", "mousemove", *_ASIDE)
        for look in each_look(self._app_now, self._camera, _LOOKS):
            self._camera.take_window("supportdesk", f"{name}-{look}")
