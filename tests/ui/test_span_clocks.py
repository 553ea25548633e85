"""By whose clock the form about a span is read: by that of the place where the span was."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from supportdesk.domain.reading import Span, SpanKind
from supportdesk.domain.span_chains import effective
from supportdesk.services.log_corrections import LogAct, LogCorrections
from supportdesk.ui.controllers.span_editor import SpanEditor
from supportdesk.ui.presenter.span_entry import day_words
from supportdesk.ui.rows.span_form import SpanField
from supportdesk.ui.theme import Theme
from supportdesk.ui.week.span_dialog import SpanDialog
from tests.ui.looking import named, words
from tests.ui.rig import Rig

PRAGUE = ZoneInfo("Europe/Prague")
ANGELES = ZoneInfo("America/Los_Angeles")
ZONES = [
    *(PRAGUE, ANGELES, ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")),
    *(ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/Santiago"), ZoneInfo("UTC")),
]
MINUTE = timedelta(minutes=1)
LATER = datetime(2026, 12, 20, 12, 0, tzinfo=UTC)


class Place:
    """A window and its forms; the zone and the time can be set."""

    def __init__(self, theme: Theme, qtbot: QtBot) -> None:
        self.zone = PRAGUE
        self.rig = Rig(theme, qtbot, to_local=self.to_local)
        self.corrections = LogCorrections(self.rig.log, self.rig.desk.store, self.to_local)
        self.editor = SpanEditor(
            self.rig.window, self.corrections, self.rig.acts, theme=theme, to_local=self.to_local
        )
        self.acts: tuple[LogAct, ...] = ()
        self.be(PRAGUE, LATER)

    def to_local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def be(self, zone: ZoneInfo, now: datetime) -> None:
        self.zone = zone
        self.rig.desk.now = now

    def correct(self, span: Span) -> SpanDialog:
        self.rig.log.record([span])
        self.acts = ()
        self.editor.correct(span, self.done)
        return self.form

    def add(self, **texts: str) -> str:
        """What is said; the form is gone afterwards."""
        self.acts = ()
        self.editor.add(date(2026, 11, 18), self.done)
        form = self.form
        fill(form, **{"who": "Maison Aubry", "length": "5", "reason": "a visit"} | texts)
        press(form, "Add")
        said = self.acts[0].words if self.acts else " ".join(words(form))
        form.reject()
        return said

    def done(self, acts: tuple[LogAct, ...]) -> None:
        self.acts = acts

    @property
    def form(self) -> SpanDialog:
        return next(one for one in self.rig.window.findChildren(SpanDialog) if one.isVisible())

    @property
    def where(self) -> tuple[datetime, timedelta]:
        """Where the last act put its span."""
        moved = self.acts[-1].spans[-1]
        return moved.started_at, moved.utc_offset


@pytest.fixture
def place(theme: Theme, qtbot: QtBot) -> Iterator[Place]:
    made = Place(theme, qtbot)
    yield made
    for form in made.rig.window.findChildren(SpanDialog):
        form.reject()


def fill(form: SpanDialog, **texts: str) -> None:
    for name, text in texts.items():
        entry = named(form, SpanField[name.upper()].value)
        assert isinstance(entry, QLineEdit)
        entry.setText(text)


def press(form: SpanDialog, name: str) -> None:
    QTest.mouseClick(named(form, name), Qt.MouseButton.LeftButton)


def span(at: datetime, offset: timedelta) -> Span:
    return Span(
        span_id=str(uuid4()),
        kind=SpanKind.TALK,
        item="call/1",
        label="Pavel Kiss",
        started_at=at,
        utc_offset=offset,
        counted_seconds=240.0,
    )


def local(zone: ZoneInfo, *numbers: int, fold: int = 0) -> Span:
    year, month, day, hour, minute = numbers
    at = datetime(year, month, day, hour, minute, tzinfo=zone, fold=fold)
    return span(at.astimezone(UTC), at.utcoffset() or timedelta())


def test_after_a_flight_the_clock_of_the_span_holds_and_is_named(place: Place) -> None:
    place.be(PRAGUE, datetime(2026, 11, 18, 19, 0, tzinfo=UTC))
    form = place.correct(local(ANGELES, 2026, 11, 17, 9, 0))
    about = "Talk with Pavel Kiss, Tue 17 Nov 09:00 by the clock there, UTC−8, 4:00 counted"
    assert about in words(form)
    fill(form, start="09:10", reason="late")
    press(form, "Save")
    assert place.where == (datetime(2026, 11, 17, 17, 10, tzinfo=UTC), timedelta(hours=-8))
    assert place.acts[0].words == "Moved to Tue 17 Nov 09:10: late"


def test_what_is_later_there_than_here_is_not_the_future(place: Place) -> None:
    place.be(ANGELES, datetime(2026, 11, 18, 8, 30, tzinfo=UTC))
    form = place.correct(local(PRAGUE, 2026, 11, 18, 8, 50))
    fill(form, start="09:31", reason="x")
    press(form, "Save")
    refused = (
        "That begins in the future. It is Wed 18 Nov 09:30 by the clock there, UTC+1 now:"
        " enter a start before that."
    )
    assert refused in words(form)
    fill(form, start="08:45")
    press(form, "Save")
    assert place.where[0] == datetime(2026, 11, 18, 7, 45, tzinfo=UTC)


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
def test_in_a_doubled_hour_it_stays_in_its_own(place: Place, fold: int, hour: int) -> None:
    form = place.correct(local(PRAGUE, 2026, 10, 25, 2, 30, fold=fold))
    assert not any("by the clock there" in line for line in words(form))
    fill(form, start="02:31", reason="x")
    press(form, "Save")
    assert place.where[0] == datetime(2026, 10, 25, hour, 31, tzinfo=UTC)


def test_what_fails_halfway_is_taken_back_whole(
    place: Place, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> LogAct:
        raise OverflowError

    one = local(PRAGUE, 2026, 11, 18, 9, 0)
    form = place.correct(one)
    monkeypatch.setattr(place.corrections, "set_length", fail)
    fill(form, start="08:50", length="9:00", reason="x")
    with qtbot.captureExceptions() as raised:
        press(form, "Save")
    assert [kind for kind, *_ in raised] == [OverflowError]
    assert place.corrections.undoable(LATER) is None
    [left] = effective(place.rig.desk.store.spans.values())
    assert (left.started_at, left.counted_seconds) == (one.started_at, one.counted_seconds)


@given(
    at=st.timedeltas(timedelta(days=10), timedelta(days=9_840)).map(lambda ago: LATER - ago),
    there=st.sampled_from(ZONES) | st.integers(-14 * 60, 14 * 60),
    here=st.sampled_from(ZONES),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_one_minute_later_is_one_minute_later(
    place: Place, at: datetime, there: ZoneInfo | int, here: ZoneInfo
) -> None:
    place.be(here, LATER)
    offset = there * MINUTE if isinstance(there, int) else at.astimezone(there).utcoffset()
    assert offset is not None
    form = place.correct(span(at, offset))
    wall = at + offset + MINUTE
    fill(form, day=day_words(wall.date(), LATER.date()), start=f"{wall:%H:%M}", reason="x")
    press(form, "Save")
    assert place.where == (at + MINUTE, offset), words(form)


# --- time that is added ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("1 Jan 0001", "“1 Jan 0001” is before 2000. Write a day of that year or later."),
        ("0001-01-01", "“0001-01-01” is before 2000."),
        ("1999-12-31", "“1999-12-31” is before 2000."),
        ("9999-12-31", "“9999-12-31” is still to come: today is Sun 20 Dec."),
        ("21 Dec", "“21 Dec” is still to come"),
    ],
)
def test_a_day_that_cannot_be_is_refused_beside_its_field(place: Place, day: str, why: str) -> None:
    assert why in place.add(day=day, start="10:00")
    assert place.rig.desk.store.spans == {}


def test_the_first_hours_of_2000_are_in_1999_by_the_clock_of_the_world(place: Place) -> None:
    said = place.add(day="2000-01-01", start="00:30")
    assert "That cannot be: it began in the year 1999. Enter a day of 2000 or later." in said
    assert place.rig.desk.store.spans == {}


def test_added_time_is_by_the_clock_here_and_its_day_is_named(place: Place) -> None:
    assert place.add(day="18 Nov", start="10:00") == "Added 5:00 on Wed 18 Nov: a visit"
    assert place.where == (datetime(2026, 11, 18, 9, 0, tzinfo=UTC), timedelta(hours=1))
    assert place.add(day="today", start="10:00") == "Added 5:00: a visit"
    assert "in the future" in place.add(day="today", start="23:00")
    assert "longer than it can have been" in place.add(day="today", start="12:59")


def test_in_a_doubled_hour_the_first_is_meant_and_a_skipped_one_is_named(place: Place) -> None:
    place.add(day="25 Oct 2026", start="02:30")
    assert place.where[0] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    said = place.add(day="29 Mar 2026", start="02:30")
    assert "There was no 02:30 on 29 Mar: the clocks were put forward over it." in said
    assert place.acts == ()
