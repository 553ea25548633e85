"""My week as a screen reader finds it: the real app on a desktop, read aloud as text."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.reading import DroppedTime, DropRule, Span, SpanKind
from supportdesk.domain.week import WeekId
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on, controls, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_SETTINGS = '[[phone]]\nname = "Front desk"\nkind = "hook"\n\n[reading]\nweek_starts = "monday"\n'


def span(at: datetime, kind: SpanKind, seconds: float) -> Span:
    locked = (DroppedTime(rule=DropRule.LOCKED, seconds=130),) if kind is SpanKind.READ else ()
    return Span(
        span_id=f"{at:%Y%m%d}/{kind.value}",
        kind=kind,
        item=f"span/{kind.value}",
        label="Pavel Kiss",
        started_at=at,
        utc_offset=at.utcoffset() or timedelta(),
        counted_seconds=seconds,
        dropped=locked,
    )


class LastWeek:
    """The week before, which holds all of its days whenever this runs."""

    def __init__(self, folder: Path) -> None:
        today = SystemClock().now().astimezone().date()
        self.week = WeekId.containing(today - timedelta(days=7))
        self.wednesday = self.week.days[2]
        morning = datetime.combine(self.wednesday, time(9, 12)).astimezone()
        self.home = make_home(folder, _SETTINGS)
        store = SqliteDeskStore(self.home / "desk.db")
        store.append_span(span(morning, SpanKind.READ, 144))
        store.append_span(span(morning + timedelta(hours=2), SpanKind.TALK, 240))
        store.close()
        self.day = f"{self.wednesday:%A} {self.wednesday.day} {self.wednesday:%B}"
        short = f"{self.wednesday:%a} {self.wednesday.day} {self.wednesday:%b}"
        year = "" if self.wednesday.year == today.year else f" {self.wednesday.year}"
        self.day_words = f"{short}{year}"
        self.disc = f"{self.week.label}: 6 of 30 minutes"

    def show(self, app: DesktopApp, minutes: str, disc: str = "") -> None:
        """The page, this week, its Wednesday."""
        app.run("supportdesk")
        find_control(app.lab, role="radio button", name="My week", seconds=60)
        act_on(app.lab, role="radio button", name="My week")
        for button in (disc or self.disc, f"{self.day}: {minutes}"):
            find_control(app.lab, role="push button", name=button, seconds=30)
            act_on(app.lab, role="push button", name=button)


def wait_for_words(lab: DesktopLab, *wanted: str) -> None:
    def missing() -> list[str]:
        said = {control.name for control in controls(lab)}
        return [line for line in wanted if line not in said]

    wait_until(lambda: not missing(), seconds=30, what=f"{wanted} to be spoken")


def test_the_page_is_read_aloud(desktop_lab: DesktopLab, tmp_path: Path) -> None:
    last = LastWeek(tmp_path)
    day = f"{last.day}: 6.4 minutes, read 2.4, talk 4.0"
    thursday = last.week.days[3]
    with DesktopApp(desktop_lab, last.home) as app:
        last.show(app, "6.4 minutes, read 2.4, talk 4.0")
        wait_for_words(
            desktop_lab,
            "6.4 of 30 minutes with customers",
            "23.6 short. That week is over.",
            "read 2.4 min",
            "reply 0.0 min",
            "talk 4.0 min",
            day,
            f"{thursday:%A} {thursday.day} {thursday:%B}: nothing counted",
            last.disc,
            "6:24 counted, 2:10 not counted",
            "11:12, Talk with Pavel Kiss, Talk on the phone, counted 4:00",
            "09:12, Pavel Kiss, Read, counted 2:24."
            " 2:10 not counted: the screen was locked at 09:14",
        )


def test_the_log_is_put_right_by_keyboard_and_taken_back_after_a_restart(
    desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    """Cut a talk, add a visit, start anew, take back one after the other; all of it spoken."""
    last = LastWeek(tmp_path)
    lab = desktop_lab
    cut = (
        "11:12, Talk with Pavel Kiss, Talk on the phone, cut by hand: on hold, counted 2:30,"
        " was 4:00. 1:30 not counted: taken off by hand"
    )
    visit = "13:00, Talk with Maison Aubry, Talk on the phone, added by hand: a visit, counted 7:00"
    with DesktopApp(lab, last.home) as app:
        last.show(app, "6.4 minutes, read 2.4, talk 4.0")
        _focus_spans(lab)
        lab.press("c")
        wait_for_words(lab, "Correct the log", "Day", "Began at", "Length", "Why")
        lab.type("2:30")
        lab.press("Return")
        wait_for_words(lab, "A few words, so that the log explains itself.")
        lab.type("on hold")
        lab.press("Return")
        wait_for_words(lab, cut, "Cut to 2:30: on hold", "Undo the cut")
        lab.press("a")
        wait_for_words(lab, "Add time", "What it was", "Who or what")
        lab.type("Maison Aubry")
        lab.press("Tab", "Tab")
        lab.type("13:00")
        lab.press("Tab")
        lab.type("7")
        lab.press("Tab")
        lab.type("a visit")
        lab.press("Return")
        wait_for_words(
            lab,
            cut,
            visit,
            f"Added 7:00 on {last.day_words}: a visit",
            "11.9 of 30 minutes with customers",
        )
    with DesktopApp(lab, last.home) as app:
        last.show(app, "11.9 minutes, read 2.4, talk 9.5", f"{last.week.label}: 11 of 30 minutes")
        wait_for_words(lab, cut, visit, "Undo the addition")
        _focus_spans(lab)
        lab.press("u")
        wait_for_words(lab, "Undo the cut", "4.9 of 30 minutes with customers")
        lab.press("u")
        wait_for_words(lab, "6.4 of 30 minutes with customers")
        wait_for_words(lab, "11:12, Talk with Pavel Kiss, Talk on the phone, counted 4:00")
        said = {control.name for control in controls(lab)}
        assert not said & {cut, visit, "Undo the cut"}


def _focus_spans(lab: DesktopLab) -> None:
    """As Enter on the chosen day does: the first span is chosen and has the keyboard."""
    chosen = next(one for one in controls(lab, role="push button") if "minutes, read" in one.name)
    lab.click(*chosen.centre)
    lab.press("Return")
