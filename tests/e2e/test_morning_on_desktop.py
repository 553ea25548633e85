"""The morning scroll on a real desktop, on the practice desk: by Space alone, to its end.

The window, its keys and its words are real; only time is moved by hand, so that what is counted
can be held against the clock's rules to the second. Pictures of it lie beside the test's home.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.practice_morning import CALLS, MAILS, ROBOTS, PracticeMorning
from tests.e2e.reading_app import AppOnLabClock
from tests.lab.accessibility import Control, controls, find_control
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab, DesktopSettings, Notifier
from tests.lab.waiting import is_soon, wait_until

pytestmark = pytest.mark.desktop

_READ_SECONDS = 10.5
"""On each mail: longer than what is free, shorter than what the shortest mail may earn."""
_MOST_LOOKS = 120
_KEPT_AT = (3, 5, 7)
_QUOTES = len(_KEPT_AT)
_SETTLED_SECONDS = 1.0
_PRESSED = ("push button", "toggle button", "check box")
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

    def place(self) -> tuple[int, int]:
        """The piece in view, and of how many."""
        return _place_in(self._lines())

    def wait_for_place(self, place: tuple[int, int]) -> None:
        wait_until(lambda: self.place() == place, seconds=60, what=f"{place} of the scroll")

    def move_on(self, home: Path, kept: tuple[str, str | None]) -> None:
        """By Space: to the next one, or a page down in a long mail, of which nothing is kept."""
        before = self._lines()
        self._lab.press("space")
        if is_soon(lambda: _kept_place(home) != kept, seconds=_SETTLED_SECONDS):
            return
        wait_until(
            lambda: _kept_place(home) != kept or _has_moved(before, self._lines()),
            seconds=60,
            what="Space to move the scroll",
        )
        if _place_in(self._lines()) != _place_in(before):
            wait_until(lambda: _kept_place(home) != kept, seconds=60, what="the place to be kept")

    def read(self) -> None:
        """Stay for a while on the mail in view."""
        self._app.wait_for_pill("first 3 s are free")
        self._app.clock.go_on(_READ_SECONDS)
        self._app.wait_for_pill("counting 0:10")

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
        """Something that can be pressed begins with these words."""
        found = [one for role in _PRESSED for one in self._showing(role)]
        return any(one.name.startswith(words) for one in found)

    def _is_writing(self) -> bool:
        texts = controls(self._lab, role="text", name="Text")
        return any(one.is_focused and one.is_showing for one in texts)

    def _lines(self) -> dict[str, int]:
        """Where on the screen each line stands, from its top; those that are there once."""
        labels = self._showing("label")
        times = Counter(one.name for one in labels)
        return {one.name: one.box[1] for one in labels if times[one.name] == 1}

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
        assert founder.read in (MAILS, MAILS + 1), "the customer may have written back"
        # Of the last call it may be that only the end, in view with it, was kept.
        assert len(founder.seen) - founder.read in (CALLS - 1, CALLS)
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
        self.seen: list[str] = []
        self.read = 0

    def goes_through_all_of_it(self) -> None:
        home = self._morning.home
        wait_until(lambda: _kept_place(home)[0], seconds=60, what="the first place to be kept")
        for _ in range(_MOST_LOOKS):
            kept = key, until = _kept_place(home)
            if key and key not in self.seen:
                self._comes_to(key)
            elif until is not None:
                return
            else:
                self._scroll.move_on(home, kept)

    def _comes_to(self, key: str) -> None:
        self.seen.append(key)
        if key.startswith("call/"):
            return
        self._scroll.read()
        self.read += 1
        if self.read in _KEPT_AT:
            self._scroll.keep_second_sentence()
            self._scroll.picture(f"2-kept-{self.read}")
        elif self.read == _ANSWERED_AT:
            self._scroll.answer()
            assert _kept_place(self._morning.home) == (key, None)
            self._scroll.picture("3-answered")


def _place_in(lines: Iterable[str]) -> tuple[int, int]:
    for words in lines:
        at, of, many = words.partition(" of ")
        if of and at.isdecimal() and many.isdecimal():
            return int(at), int(many)
    return 0, 0


def _has_moved(before: dict[str, int], now: dict[str, int]) -> bool:
    """What is built meanwhile stands below; it moves nothing that was there."""
    return any(now.get(words, top) != top for words, top in before.items())


def _kept_place(home: Path) -> tuple[str, str | None]:
    """The mail or call in view, and when the end was reached, as they are kept over a quit."""
    file = home / "desk.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as beside:
        row = beside.execute("SELECT place, until FROM scroll").fetchone()
    return (str(row[0]), row[1]) if row is not None else ("", None)


def _calls(home: Path) -> int:
    """Those that are over."""
    file = home / "desk.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as beside:
        rows = beside.execute("SELECT outcome, closed_at FROM call").fetchall()
    return sum(outcome == "MISSED" or closed is not None for outcome, closed in rows)
