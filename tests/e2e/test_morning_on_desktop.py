"""The morning scroll on a real desktop, on the practice desk: by Space alone, to its end.

The window, its keys and its words are real; only time is moved by hand, so that what is counted
can be held against the clock's rules to the second. Pictures of it lie beside the test's home.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.practice_morning import CALLS, MAILS, ROBOTS, PracticeMorning
from tests.e2e.reading_app import AppOnLabClock
from tests.lab.accessibility import Control, controls, find_control
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab, DesktopSettings, Notifier
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_READ_SECONDS = 10.5
"""On each mail: longer than what is free, shorter than what the shortest mail may earn."""
_MOST_PAGES = 80
_KEPT_AT = (3, 5, 7)
_QUOTES = len(_KEPT_AT)
_ANSWERED_AT = 9
_END = "That is all of it."
_ANSWER = "Thank you for writing. I will look at it today."


@pytest.fixture
def lab() -> Iterator[DesktopLab]:
    with DesktopLab(DesktopSettings(notifier=Notifier.NONE)) as made:
        yield made


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[PracticeMorning]:
    with PracticeMorning(tmp_path) as made:
        yield made


class Scroll:
    """The scroll as a screen reader meets it."""

    def __init__(self, app: AppOnLabClock, folder: Path) -> None:
        self._app = app
        self._lab = app.lab
        self._camera = Camera(app.lab, folder)

    def open(self) -> None:
        assert self._app.run("supportdesk").returncode == 0
        wait_until(lambda: "supportdesk" in self._lab.windows(), seconds=60, what="the window")
        self._lab.activate("^supportdesk$")
        # Two were missed: that is what the window opens at.
        find_control(self._lab, role="label", name="Waiting now", seconds=60)
        self._lab.press("M")
        find_control(self._lab, role="label", name="Morning scroll", seconds=60)

    def labels(self) -> list[str]:
        return [one.name for one in self._showing("label")]

    def place(self) -> tuple[int, int]:
        """The piece in view, and of how many."""
        for words in self.labels():
            at, of, many = words.partition(" of ")
            if of and at.isdecimal() and many.isdecimal():
                return int(at), int(many)
        return 0, 0

    def wait_for_place(self, place: tuple[int, int]) -> None:
        wait_until(lambda: self.place() == place, seconds=60, what=f"{place} of the scroll")

    def move_on(self) -> None:
        """By Space, which always leads to something else, until the end."""
        before = self._what_is_shown()
        self._lab.press("space")
        wait_until(lambda: self._what_is_shown() != before, seconds=60, what="Space to move on")

    def _what_is_shown(self) -> list[tuple[str, tuple[int, int, int, int]]]:
        return [(one.name, one.box) for one in self._showing("label")]

    def read(self) -> bool:
        """Stay for a while on what is in view; False where nothing is counted."""
        pill = self._app.wait_for_pill("first 3 s are free|no mail in view")
        if not pill.startswith("first"):
            return False
        self._app.clock.go_on(_READ_SECONDS)
        self._app.wait_for_pill("counting 0:10")
        return True

    def keep_second_sentence(self) -> None:
        """By keys alone: from the first one, which is selected, to the next, and that is kept."""
        for key in ("q", "Right", "q"):
            self._lab.press(key)
        find_control(self._lab, role="label", name="Kept, felt", seconds=30)

    def answer(self) -> None:
        self._lab.press("r")
        wait_until(self._is_writing, seconds=60, what="the composer")
        self._lab.type(_ANSWER)
        self._lab.press("ctrl+Return")
        wait_until(lambda: not self._is_writing(), seconds=60, what="the composer to be gone")

    def picture(self, name: str) -> None:
        self._camera.settle()
        self._camera.take_window("supportdesk", name)

    def offers(self, words: str) -> bool:
        """A button that begins with these words is showing."""
        found = [*self._showing("push button"), *self._showing("toggle button")]
        return any(one.name.startswith(words) for one in found)

    def _is_writing(self) -> bool:
        texts = controls(self._lab, role="text", name="Text")
        return any(one.is_focused and one.is_showing for one in texts)

    def _showing(self, role: str) -> list[Control]:
        return [one for one in controls(self._lab, role=role) if one.is_showing]


def test_space_alone_leads_to_the_end_and_every_second_is_the_clocks(
    lab: DesktopLab, morning: PracticeMorning, tmp_path: Path
) -> None:
    with AppOnLabClock(lab, morning.home) as app:
        app.wait_until_listening("Support", "Office")
        morning.ring()
        wait_until(lambda: _calls(morning.home) == CALLS, seconds=120, what="four calls")
        app.clock.stop()
        scroll = Scroll(app, tmp_path)
        scroll.open()
        whole = MAILS + CALLS
        scroll.wait_for_place((1, whole))
        scroll.picture("1-beginning")
        founder = Founder(scroll, morning)
        founder.goes_through_all_of_it()
        assert founder.seen == list(range(1, len(founder.seen) + 1))
        assert founder.read in (MAILS, MAILS + 1), "the customer may have written back"
        assert len(founder.seen) == founder.read + CALLS
        find_control(lab, role="label", name=_END, seconds=30)
        scroll.picture("4-end")
        (sent,) = morning.sent()
        assert _ANSWER.encode() in sent.message
        week = app.week()
        assert week["read_seconds"] == pytest.approx(founder.read * _READ_SECONDS, abs=1.0)
        assert (week["reply_seconds"], week["talk_seconds"]) == (0, 0)
        assert scroll.offers(f"{ROBOTS} mails sent by machines were left out")
        assert scroll.offers(f"{_QUOTES} quotes kept")


class Founder:
    """Reads all of it by Space alone, keeps three quotes and answers once on the way."""

    def __init__(self, scroll: Scroll, morning: PracticeMorning) -> None:
        self._scroll = scroll
        self._morning = morning
        self.seen: list[int] = []
        self.read = 0

    def goes_through_all_of_it(self) -> None:
        for _ in range(_MOST_PAGES):
            at, _whole = self._scroll.place()
            self._comes_to(at)
            if _has_ended(self._morning.home):
                return
            self._scroll.move_on()

    def _comes_to(self, at: int) -> None:
        if at in self.seen:
            return
        self.seen.append(at)
        if not self._scroll.read():
            return
        self.read += 1
        if self.read in _KEPT_AT:
            self._scroll.keep_second_sentence()
            self._scroll.picture(f"2-kept-{self.read}")
        elif self.read == _ANSWERED_AT:
            self._scroll.answer()
            assert self._scroll.place()[0] == at
            self._scroll.picture("3-answered")


def _has_ended(home: Path) -> bool:
    """As it is kept over a quit."""
    file = home / "desk.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as beside:
        (until,) = beside.execute("SELECT until FROM scroll").fetchone()
    return until is not None


def _calls(home: Path) -> int:
    """Those that are over."""
    file = home / "desk.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as beside:
        rows = beside.execute("SELECT outcome, closed_at FROM call").fetchall()
    return sum(outcome == "MISSED" or closed is not None for outcome, closed in rows)
