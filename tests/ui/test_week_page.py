"""The My week page: every figure opens its spans, by mouse and by keyboard, and speaks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.reading import Edit
from supportdesk.ui.gallery.make_believe_week import MONDAY, WEEK
from supportdesk.ui.rows import (
    Action,
    ActionButton,
    EmptyView,
    Notice,
    SpanChoice,
    SpanKind,
    SpanRow,
    Tone,
)
from supportdesk.ui.theme import Theme
from supportdesk.ui.week.day_bars import DayBars, scale_top
from supportdesk.ui.week.day_column import DayColumn
from supportdesk.ui.week.week_dots import WeekDisc
from supportdesk.ui.week.week_page import WeekPage
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.drawing import Cup
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.row_list import RowList
from tests.ui.looking import focused, named, settle, words

WEDNESDAY = MONDAY + timedelta(days=2)
ON_WEDNESDAY = "Wednesday 18 November: 7.3 minutes, read 2.4, reply 0.9, talk 4.0"


@pytest.fixture
def week(theme: Theme, qtbot: QtBot) -> WeekPage:
    page = WeekPage(theme, Density.WIDE)
    qtbot.addWidget(page)
    page.resize(1024, 750)
    page.show()
    page.show_week(WEEK)
    qtbot.waitExposed(page)
    return page


@pytest.fixture
def told(week: WeekPage) -> list[object]:
    """What was chosen: days and kinds, weeks, spans."""
    choices: list[object] = []
    week.day_chosen.connect(choices.append)
    week.week_chosen.connect(choices.append)
    week.span_chosen.connect(choices.append)
    return choices


def columns(week: WeekPage) -> list[DayColumn]:
    return week.findChildren(DayColumn)


def discs(week: WeekPage) -> list[WeekDisc]:
    return week.findChildren(WeekDisc)


def click(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or QPoint(widget.width() // 2, 4))


# --- figures ---------------------------------------------------------------------------------


def test_sums_add_up(week: WeekPage) -> None:
    total = sum(day.total_minutes for day in WEEK.days)
    assert total == pytest.approx(WEEK.total_minutes)
    for figure in ("18 of 30 minutes with customers", "read 10.1 min", "reply 3.9 min"):
        assert named(week, figure).isVisible()
    assert named(week, "talk 4.0 min").isVisible()


def test_the_figure_and_the_legend_open_what_they_are_made_of(
    week: WeekPage, told: list[object]
) -> None:
    click(named(week, "18 of 30 minutes with customers"))
    click(named(week, "talk 4.0 min"))
    QTest.keyClick(named(week, "read 10.1 min"), Qt.Key.Key_Return)
    assert told == [SpanChoice(), SpanChoice(kind=SpanKind.TALK), SpanChoice(kind=SpanKind.READ)]


def test_the_days_since_the_last_talk_open_that_call(week: WeekPage, told: list[object]) -> None:
    assert not named(week, "2 days").isEnabled()
    assert WEEK.talk is not None
    week.show_week(replace(WEEK, talk=replace(WEEK.talk, item="call/1")))
    click(named(week, "2 days"))
    assert told == ["call/1"]


def test_on_a_narrow_page_a_figure_brings_its_spans_to_sight(theme: Theme, qtbot: QtBot) -> None:
    page = WeekPage(theme, Density.NARROW)
    qtbot.addWidget(page)
    page.resize(600, 400)
    page.show()
    page.show_week(WEEK)
    settle()
    title = next(label for label in page.findChildren(Label) if label.text() == "Wednesday 18 Nov")
    assert title.mapTo(page, QPoint()).y() > page.height()
    click(named(page, "talk 4.0 min"))
    qtbot.waitUntil(lambda: 0 <= title.mapTo(page, QPoint()).y() < page.height(), timeout=30_000)


# --- days ------------------------------------------------------------------------------------


def test_a_day_opens_by_click_but_not_the_future(week: WeekPage, told: list[object]) -> None:
    click(columns(week)[0])
    click(columns(week)[6])
    assert told == [SpanChoice(day=MONDAY)]


def test_arrows_and_ends_go_from_day_to_day(week: WeekPage, told: list[object]) -> None:
    columns(week)[2].setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_End):
        QTest.keyClick(focused(), key)
    days = [MONDAY + timedelta(days=at) for at in (3, 0, 4)]
    assert told == [SpanChoice(day=day) for day in days]
    assert focused() is columns(week)[4]


def test_tab_comes_to_the_chosen_day_only(week: WeekPage) -> None:
    policies = [column.focusPolicy() for column in columns(week)]
    assert policies[2] == Qt.FocusPolicy.StrongFocus
    assert set(policies[:2] + policies[3:]) == {Qt.FocusPolicy.ClickFocus}


def test_enter_goes_on_in_the_spans(week: WeekPage, told: list[object]) -> None:
    QTest.keyClick(columns(week)[0], Qt.Key.Key_Return)
    assert told == [SpanChoice(day=MONDAY)]
    QTest.keyClick(columns(week)[2], Qt.Key.Key_Return)
    spans = focused()
    assert isinstance(spans, RowList)
    assert [index.row() for index in spans.selectedIndexes()] == [0]
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert told == [SpanChoice(day=MONDAY), "mail-s1"]


def test_enter_on_a_day_without_spans_stays(week: WeekPage) -> None:
    week.show_week(replace(WEEK, spans=()))
    columns(week)[2].setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert focused() is columns(week)[2]


def test_a_segment_opens_its_kind(week: WeekPage, told: list[object]) -> None:
    column = columns(week)[2]
    middle, base = column.width() // 2, column.height() - 44
    click(column, QPoint(middle, base))
    talk = QPoint(middle, column.height() // 3)
    click(column, talk)
    assert told == [
        SpanChoice(day=WEDNESDAY, kind=SpanKind.READ),
        SpanChoice(day=WEDNESDAY, kind=SpanKind.TALK),
    ]
    QTest.mouseMove(column, talk)
    settle()
    assert "talk 4.0 min" in column.toolTip()


def test_up_and_down_go_through_the_kinds(week: WeekPage, told: list[object]) -> None:
    column = columns(week)[2]
    QTest.keyClick(column, Qt.Key.Key_Down)
    QTest.keyClick(column, Qt.Key.Key_Up)
    week.show_week(replace(WEEK, chosen_kind=SpanKind.READ))
    QTest.keyClick(column, Qt.Key.Key_Up)
    week.show_week(replace(WEEK, chosen_kind=SpanKind.TALK))
    QTest.keyClick(column, Qt.Key.Key_Up)
    kinds = (SpanKind.READ, SpanKind.REPLY)
    assert told == [SpanChoice(day=WEDNESDAY, kind=kind) for kind in kinds]


def test_one_kind_has_a_way_back_to_all(week: WeekPage, told: list[object]) -> None:
    week.show_week(replace(WEEK, chosen_kind=SpanKind.TALK))
    click(named(week, "Show all"))
    week.show_week(replace(WEEK, chosen_kind=SpanKind.TALK, chosen_day=None))
    click(named(week, "Show all"))
    assert told == [SpanChoice(day=WEDNESDAY), SpanChoice()]
    assert named(week, "talk 4.0 min").accessibleDescription() == "on show"


# --- weeks -----------------------------------------------------------------------------------


def test_weeks_open_by_click_and_arrows_from_where_the_keyboard_is(
    week: WeekPage, told: list[object]
) -> None:
    click(discs(week)[0])
    assert told == [MONDAY - timedelta(weeks=11)]
    discs(week)[11].setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        QTest.keyClick(focused(), key)
    QTest.keyClick(focused(), Qt.Key.Key_Right)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert told[1:] == [MONDAY - timedelta(weeks=back) for back in (1, 2, 11, 0, 0)]


def test_tab_comes_to_the_week_on_show(week: WeekPage) -> None:
    dots = tuple(replace(dot, is_chosen=at == 3) for at, dot in enumerate(WEEK.twelve_weeks))
    week.show_week(replace(WEEK, twelve_weeks=dots))
    at_tab = [
        at
        for at, disc in enumerate(discs(week))
        if disc.focusPolicy() is Qt.FocusPolicy.StrongFocus
    ]
    assert at_tab == [3]
    assert discs(week)[3].accessibleDescription() == "on show"


def test_the_current_week_has_no_later_one(week: WeekPage, qtbot: QtBot) -> None:
    later = named(week, "Week after")
    assert not later.isEnabled()
    week.show_week(replace(WEEK, has_later_week=True))
    with qtbot.waitSignal(week.week_step) as step:
        click(later)
    assert step.args == [1]


@pytest.mark.parametrize("family", ["Inter", "DejaVu Sans"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [560, 640, 800, 1024])
def test_the_longest_bounds_are_never_cut(
    theme: Theme, qtbot: QtBot, family: str, scale: float, width: int
) -> None:
    theme.set_base_font(family, 10.0)
    theme.set_text_scale(scale)
    page = WeekPage(theme, Density.NARROW if width * 2 < 1100 * scale else Density.WIDE)
    qtbot.addWidget(page)
    page.resize(int(width * scale), 700)
    page.show()
    bounds = "Last 7 days, Mon 28 Dec 2026 – Sun 3 Jan 2027"
    page.show_week(replace(WEEK, bounds_label=bounds))
    settle()
    label = next(one for one in page.findChildren(Label) if one.text() == bounds)
    assert label.width() >= label.sizeHint().width()
    shown = [named(page, name) for name in ("Week after", "Add time (a)", "Correct (c)")]
    shown.append(named(page, "Export all that was logged"))
    for button in shown:
        right = button.mapTo(page, QPoint(button.width(), 0)).x()
        assert right <= page.width()
        assert button.width() >= button.sizeHint().width()


# --- spans -----------------------------------------------------------------------------------


def test_a_span_opens_its_message(week: WeekPage, told: list[object]) -> None:
    spans = named(week, "Spans: Wednesday 18 Nov")
    QTest.keyClick(spans, Qt.Key.Key_Down)
    QTest.keyClick(spans, Qt.Key.Key_Return)
    assert told == ["mail-s1"]


def test_an_empty_day_says_so(week: WeekPage) -> None:
    week.show_week(replace(WEEK, spans=(), talk=None, twelve_weeks=()))
    assert "Nothing was counted on this day." in words(week)
    assert "Days since you last talked to a customer" not in words(week)


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, 4), (4.2, 6), (7.3, 8), (9, 10), (18, 20), (45, 60), (130, 240), (500, 500)],
)
def test_scale_is_nice_and_holds_the_longest_day(most: float, top: float) -> None:
    assert scale_top(most) == top


def test_the_bars_follow_the_room_they_have(week: WeekPage) -> None:
    week.resize(800, 900)
    settle()
    bars = week.findChild(DayBars)
    assert bars is not None
    last = columns(week)[6].geometry()
    assert (last.right(), last.height()) == (bars.width() - 1, bars.height())


# --- read aloud ------------------------------------------------------------------------------


def aloud(parent: QAccessibleInterface) -> Iterator[str]:
    """What a screen reader comes by, in order: name and what is said beside it."""
    for at in range(parent.childCount()):
        child = parent.child(at)
        if child is None or child.state().invisible:
            continue
        name = child.text(QAccessible.Text.Name)
        beside = child.text(QAccessible.Text.Description)
        if name:
            yield f"{name} ({beside})" if beside == "on show" else name
        yield from aloud(child)


def test_the_page_read_aloud(week: WeekPage) -> None:
    settle()
    said = list(aloud(QAccessible.queryAccessibleInterface(week)))
    for section in (
        ["My week", "Mon 16 – Sun 22 Nov", "Week before", "Week after"],
        ["18 of 30 minutes with customers", "of 30 minutes with customers", WEEK.sentence],
        ["By day", "read 10.1 min", "reply 3.9 min", "talk 4.0 min"],
        [
            "Minutes by day",
            "Monday 16 November: 4.2 minutes, read 3.0, reply 1.2",
            "Tuesday 17 November: 2.1 minutes, read 2.1",
            f"{ON_WEDNESDAY} (on show)",
            "Thursday 19 November: nothing counted",
            "Friday 20 November: 4.4 minutes, read 2.6, reply 1.8",
            "Saturday 21 November: still to come",
            "Sunday 22 November: still to come",
        ],
        ["12 weeks", "5 of 9 reached 30", "Twelve weeks"],
        [
            "Mon 28 Sep – Sun 4 Oct: a week off",
            "Mon 26 Oct – Sun 1 Nov: 8 of 30 minutes",
        ],
        ["Mon 16 – Sun 22 Nov: 18 of 30 minutes (on show)"],
        ["Wednesday 18 Nov", "7:18 counted, 2:30 not counted"],
        ["Spans: Wednesday 18 Nov"],
        [
            "16:42, Talk with Pavel Kiss, His call, answered by you after 2 rings, counted 4:00",
            "09:20, Tomasz Wrona: import of recipes, Read, 210 words, counted 1:36",
        ],
    ):
        assert section[0] in said
        begin = said.index(section[0])
        missing = [line for line in section if line not in said[begin:]]
        assert not missing, f"{missing} after {section[0]!r} in {said}"


def test_every_bar_and_disc_is_a_button_to_a_screen_reader(week: WeekPage) -> None:
    for one in (*columns(week), *discs(week)):
        told = QAccessible.queryAccessibleInterface(one)
        assert told.role() == QAccessible.Role.Button
        assert told.text(QAccessible.Text.Name)


# --- by hand ---------------------------------------------------------------------------------

CUT = SpanRow(
    key="1",
    item="mail-1",
    time_label="Wed 09:00",
    kind=SpanKind.READ,
    what="Carla",
    how="Read, cut by hand: lunch",
    counted_label="2:00",
    is_by_hand=True,
    span_id="span-1",
    edit=Edit.CUT,
    before="was 4:00",
)
ADDED = replace(CUT, key="2", item="", span_id="span-2", edit=Edit.ADDED, before="")


def test_a_span_by_hand_is_marked_and_spoken(week: WeekPage) -> None:
    week.show_week(replace(WEEK, spans=(CUT,)))
    plain = replace(CUT, is_by_hand=False)
    spans = week.findChild(RowList)
    assert spans is not None
    marked = spans.grab().toImage()
    week.show_week(replace(WEEK, spans=(plain,)))
    assert spans.grab().toImage() != marked
    assert CUT.accessible_text == (
        "Wed 09:00, Carla, Read, cut by hand: lunch, counted 2:00, was 4:00"
    )


def asked(week: WeekPage) -> list[object]:
    told: list[object] = []
    week.edit_asked.connect(lambda span: told.append(("edit", span)))
    week.delete_asked.connect(lambda span: told.append(("delete", span)))
    week.add_asked.connect(lambda day: told.append(("add", day)))
    week.undo_asked.connect(lambda: told.append("undo"))
    week.export_asked.connect(lambda: told.append("export"))
    return told


def test_a_chosen_span_is_corrected_or_deleted(week: WeekPage) -> None:
    told = asked(week)
    week.show_week(replace(WEEK, spans=(CUT, ADDED)))
    correct = named(week, "Correct (c)")
    assert not correct.isEnabled()
    assert "Choose a span of the list." in correct.toolTip()
    assert not week.correct_chosen()
    assert not week.delete_chosen()
    week.step(1)
    click(correct)
    assert week.delete_chosen()
    week.step(1)
    assert week.correct_chosen()
    assert told == [("edit", "span-1"), ("delete", "span-1"), ("edit", "span-2")]


def test_a_span_stays_chosen_when_it_becomes_another(week: WeekPage) -> None:
    told = asked(week)
    week.show_week(replace(WEEK, spans=(CUT, ADDED)))
    week.step(1)
    again = replace(CUT, span_id="span-3", counted_label="1:00")
    week.show_week(replace(WEEK, spans=(again, ADDED)))
    week.correct_chosen()
    assert told == [("edit", "span-3")]


def test_a_span_without_a_message_opens_its_form(week: WeekPage, told: list[object]) -> None:
    about_span = asked(week)
    week.show_week(replace(WEEK, spans=(ADDED,)))
    spans = named(week, "Spans: Wednesday 18 Nov")
    spans.setFocus()
    week.step(1)
    QTest.keyClick(spans, Qt.Key.Key_Return)
    assert (about_span, told) == ([("edit", "span-2")], [])


def test_time_is_added_to_the_day_on_show(week: WeekPage) -> None:
    told = asked(week)
    click(named(week, "Add time (a)"))
    week.show_week(replace(WEEK, adding_to=None))
    assert not named(week, "Add time (a)").isEnabled()
    week.add()
    click(named(week, "Export all that was logged"))
    assert told == [("add", WEDNESDAY), "export"]


def test_undo_says_what_it_takes_back(week: WeekPage) -> None:
    told = asked(week)
    week.show_week(replace(WEEK, undo="Undo the cut", undo_words="Cut to 2:00: lunch"))
    assert "Cut to 2:00: lunch (u)" in named(week, "Undo the cut").toolTip()
    assert named(week, "Undo the cut").accessibleDescription() == "Cut to 2:00: lunch"
    click(named(week, "Undo the cut"))
    undo = ActionButton(action=Action.UNDO_CORRECTION, label="Undo the cut", shortcut="u")
    notice = Notice(title="Cut to 2:00: lunch", tone=Tone.GOOD, buttons=(undo,))
    week.show_week(replace(WEEK, undo="Undo the cut", notice=notice))
    assert "Cut to 2:00: lunch" in words(week)
    buttons = [one for one in week.findChildren(Button) if one.text() == "Undo the cut"]
    shown = [one for one in buttons if one.isVisible()]
    assert len(shown) == 1
    click(shown[0])
    assert told == ["undo", "undo"]
    week.show_week(WEEK)
    assert "Cut to 2:00: lunch" not in words(week)


def test_before_anything_was_counted_there_is_a_drawing_and_an_offer(
    week: WeekPage, qtbot: QtBot
) -> None:
    offer = ActionButton(action=Action.SHOW_INBOX, label="Open the inbox")
    empty = EmptyView(head="Nothing yet.", sentence="Open a mail.", buttons=(offer,))
    week.show_week(replace(WEEK, spans=(), empty=empty))
    assert {"Nothing yet.", "Open a mail."} <= set(words(week))
    assert week.findChild(Cup) is not None
    assert "Nothing was counted on this day." not in words(week)
    with qtbot.waitSignal(week.asked) as told:
        click(named(week, "Open the inbox"))
    assert told.args[0] is Action.SHOW_INBOX


def test_on_a_narrow_page_nothing_empty_stands_before_the_offer(theme: Theme, qtbot: QtBot) -> None:
    page = WeekPage(theme, Density.NARROW)
    qtbot.addWidget(page)
    page.resize(600, 480)
    page.show()
    offer = ActionButton(action=Action.SHOW_INBOX, label="Open the inbox")
    empty = EmptyView(head="Nothing yet.", sentence="Open a mail.", buttons=(offer,))
    page.show_week(replace(WEEK, spans=(), empty=empty))
    button = named(page, "Open the inbox")
    assert button.mapTo(page, QPoint()).y() + button.height() < page.height()
    assert page.sections()[1].isAncestorOf(button)
    page.show_week(WEEK)
    settle()
    chart, spans = named(page, "Minutes by day"), named(page, "Spans: Wednesday 18 Nov")
    assert chart.mapTo(page, QPoint()).y() < spans.mapTo(page, QPoint()).y()
    assert page.sections()[-1].isAncestorOf(spans)
