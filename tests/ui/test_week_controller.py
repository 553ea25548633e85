"""The way from the log to the page: at once what is in memory, the rest in idle moments."""

from datetime import timedelta
from pathlib import PurePath

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import MessageText
from supportdesk.domain.reading import Edit, Span, SpanKind
from supportdesk.domain.settings import ReadingSettings, WeekPeriod
from supportdesk.domain.week import MONDAY, SUNDAY, WeekId
from supportdesk.services.reading_log import ReadingRules
from supportdesk.ui.rows import Page, SpanChoice, Tone, WeekView
from supportdesk.ui.rows.span_form import SpanField
from supportdesk.ui.theme import Theme
from supportdesk.ui.week.span_dialog import SpanDialog
from tests.fakes.happenings import SUPPORT, T0, a_message, arrived
from tests.ui.looking import named, words
from tests.ui.rig import Rig

PATIENCE_MS = 30_000


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    return Rig(theme, qtbot)


def span(days_ago: float, kind: SpanKind = SpanKind.READ, item: str = "mail/1") -> Span:
    at = T0 - timedelta(days=days_ago)
    return Span(
        span_id=f"{days_ago}/{kind.value}",
        kind=kind,
        item=item,
        label="Pavel Kiss",
        started_at=at,
        utc_offset=timedelta(),
        counted_seconds=240,
    )


def view(rig: Rig) -> WeekView:
    shown = rig.window._shown.week
    assert shown is not None
    return shown


def wait_for(qtbot: QtBot, rig: Rig, sentence: str) -> None:
    def has_come() -> bool:
        talk = view(rig).talk
        return talk is not None and talk.sentence.startswith(sentence)

    qtbot.waitUntil(has_come, timeout=PATIENCE_MS)


def test_twelve_weeks_come_after_the_first_paint(rig: Rig, qtbot: QtBot) -> None:
    rig.log.record([span(0), span(40)])
    rig.window.show_page(Page.WEEK)
    first = view(rig)
    assert first.total_label == "4"
    assert first.twelve_weeks_sentence == ""
    qtbot.waitUntil(lambda: bool(view(rig).twelve_weeks_sentence), timeout=PATIENCE_MS)
    labels = [dot.label for dot in view(rig).twelve_weeks]
    assert labels[-7:] == ["–", "4", "0", "0", "0", "0", "4"]


def test_a_talk_of_last_year_is_found(rig: Rig, qtbot: QtBot) -> None:
    rig.log.record([span(400, SpanKind.TALK, "call/1"), span(0)])
    rig.window.show_page(Page.WEEK)
    assert view(rig).talk is not None
    wait_for(qtbot, rig, "Pavel Kiss, ")
    talk = view(rig).talk
    assert talk is not None
    assert (talk.days, talk.item) == ("400", "call/1")


def test_that_there_is_no_talk_is_said_in_the_end(rig: Rig, qtbot: QtBot) -> None:
    rig.window.show_page(Page.WEEK)
    wait_for(qtbot, rig, "The log knows of no talk yet.")


def test_words_of_a_message_are_counted_for_its_row(rig: Rig, qtbot: QtBot) -> None:
    message = a_message(1)
    rig.desk.apply(arrived(message))
    rig.acts.text = MessageText(
        account=SUPPORT, message_id=message.message_id, text="Here.", words=140
    )
    rig.log.record([span(0, item=message.key)])
    rig.window.show_page(Page.WEEK)
    qtbot.waitUntil(lambda: view(rig).spans[0].how == "Read, 140 words", timeout=PATIENCE_MS)


def test_what_is_chosen_is_listed_until_another_week_is(rig: Rig) -> None:
    rig.log.record([span(0), span(0, SpanKind.TALK), span(7)])
    rig.window.show_page(Page.WEEK)
    choices = rig.window.choices
    choices.day_chosen.emit(SpanChoice())
    assert (view(rig).chosen_title, len(view(rig).spans)) == ("The whole week", 2)
    choices.week_step.emit(-1)
    assert view(rig).chosen_day is not None
    assert view(rig).has_later_week
    assert [dot.is_chosen for dot in view(rig).twelve_weeks][-3:] == [False, True, False]
    choices.week_chosen.emit(view(rig).twelve_weeks[-1].start)
    assert not view(rig).has_later_week
    assert view(rig).twelve_weeks[-1].is_chosen


def test_two_steps_back_are_two_weeks(rig: Rig) -> None:
    rig.window.show_page(Page.WEEK)
    start = view(rig).twelve_weeks[-1].start
    for _ in range(2):
        rig.window.choices.week_step.emit(-1)
    assert view(rig).days[0].day == start - timedelta(weeks=2)


# --- the last seven days -----------------------------------------------------------------------


def use(rig: Rig, reading: ReadingSettings, first_weekday: int = MONDAY) -> None:
    """As after a change of the settings, here or in the file."""
    rig.log.use(ReadingRules(reading=reading, first_weekday=first_weekday))
    rig.controller.refresh_all()


def strip_words(rig: Rig) -> str:
    shown = rig.window._shown.strip
    assert shown is not None
    assert shown.progress is not None
    return shown.progress.label


def test_another_period_holds_at_once_everywhere(rig: Rig) -> None:
    rig.log.record([span(6.5)])
    rig.window.show_page(Page.WEEK)
    use(rig, ReadingSettings(period=WeekPeriod.LAST_7_DAYS))
    today = T0.date()
    assert view(rig).bounds_label.startswith("Last 7 days, ")
    assert view(rig).days[-1].day == today
    assert [view(rig).twelve_weeks[at].start for at in (-1, -2)] == [
        today - timedelta(days=6),
        today - timedelta(days=13),
    ]
    assert strip_words(rig) == "0 of 30 min in 7 days"
    rig.log.record([span(6)])
    rig.controller.refresh_all()
    assert view(rig).total_label == "4"
    assert strip_words(rig) == "4 of 30 min in 7 days"
    use(rig, ReadingSettings(goal_minutes=10))
    assert not view(rig).bounds_label.startswith("Last")
    assert strip_words(rig).endswith("of 10 min this week")


@pytest.mark.parametrize(("first", "weekday"), [(MONDAY, "Mon"), (SUNDAY, "Sun")])
def test_another_first_day_holds_at_once(rig: Rig, first: int, weekday: str) -> None:
    rig.window.show_page(Page.WEEK)
    use(rig, ReadingSettings(), first)
    assert view(rig).days[0].weekday == weekday
    assert view(rig).bounds_label.startswith(f"{weekday} ")


def test_a_new_holiday_makes_its_week_hollow_at_once(rig: Rig) -> None:
    rig.window.show_page(Page.WEEK)
    assert not view(rig).twelve_weeks[-1].is_off
    use(rig, ReadingSettings(holidays=(T0.date(),)))
    assert view(rig).twelve_weeks[-1].is_off
    assert view(rig).sentence == "A week off: it falls short of nothing."


def test_midnight_makes_another_day_of_today(rig: Rig) -> None:
    use(rig, ReadingSettings(period=WeekPeriod.LAST_7_DAYS))
    rig.log.record([span(6)])
    rig.window.show_page(Page.WEEK)
    assert view(rig).total_label == "4"
    first = view(rig)
    rig.window.time_passed.emit()
    assert view(rig) is first
    rig.desk.now += timedelta(days=1)
    rig.window.time_passed.emit()
    assert view(rig).days[-1].day == T0.date() + timedelta(days=1)
    assert view(rig).chosen_day == T0.date() + timedelta(days=1)
    assert view(rig).total_label == "0"
    assert strip_words(rig) == "0 of 30 min in 7 days"


def test_a_chosen_stretch_of_days_stays_one_of_the_twelve(rig: Rig) -> None:
    use(rig, ReadingSettings(period=WeekPeriod.LAST_7_DAYS))
    rig.window.show_page(Page.WEEK)
    rig.window.choices.week_step.emit(-1)
    assert view(rig).bounds_label[:4] != "Last"
    for _ in range(3):
        rig.desk.now += timedelta(days=1)
        rig.window.time_passed.emit()
        assert [dot.is_chosen for dot in view(rig).twelve_weeks][-3:] == [False, True, False]
    use(rig, ReadingSettings())
    assert sum(dot.is_chosen for dot in view(rig).twelve_weeks) == 1
    assert view(rig).has_later_week


# --- corrections by hand ---------------------------------------------------------------------


def form(rig: Rig) -> SpanDialog:
    dialogs = [one for one in rig.window.findChildren(SpanDialog) if one.isVisible()]
    assert len(dialogs) == 1
    return dialogs[0]


def fill(dialog: SpanDialog, **texts: str) -> None:
    for name, text in texts.items():
        entry = named(dialog, SpanField[name.upper()].value)
        assert isinstance(entry, QLineEdit)
        entry.setText(text)


def press(dialog: SpanDialog, name: str) -> None:
    QTest.mouseClick(named(dialog, name), Qt.MouseButton.LeftButton)


def said(rig: Rig) -> str:
    notice = view(rig).notice
    return notice.title if notice else ""


def on_week(rig: Rig, *spans: Span) -> None:
    rig.log.record(spans)
    rig.window.show_page(Page.WEEK)


@pytest.fixture
def a_talk(rig: Rig) -> Rig:
    """Of 4:00 an hour ago."""
    on_week(rig, span(1 / 24, SpanKind.TALK, "call/1"))
    return rig


def test_a_span_is_cut_and_the_cut_taken_back(a_talk: Rig) -> None:
    rig = a_talk
    [row] = view(rig).spans
    rig.window.choices.span_edit_asked.emit(row.span_id)
    fill(form(rig), length="2:30", reason="on hold")
    press(form(rig), "Save")
    [cut] = view(rig).spans
    assert (cut.counted_label, cut.before, cut.edit) == ("2:30", "was 4:00", Edit.CUT)
    assert cut.how == "Talk on the phone, cut by hand: on hold"
    assert cut.key == row.key
    assert said(rig) == "Cut to 2:30: on hold"
    assert (view(rig).undo, view(rig).undo_words) == ("Undo the cut", "Cut to 2:30: on hold")
    rig.window.choices.log_undo_asked.emit()
    assert view(rig).spans == (row,)
    assert said(rig) == "Taken back: cut to 2:30: on hold"
    assert view(rig).undo == ""
    rig.window.choices.log_undo_asked.emit()
    assert said(rig) == "There is nothing to undo"


def test_the_strip_follows_a_correction(a_talk: Rig) -> None:
    rig = a_talk
    rig.window.choices.span_delete_asked.emit(view(rig).spans[0].span_id)
    fill(form(rig), reason="not mine")
    press(form(rig), "Delete")
    [row] = view(rig).spans
    assert (row.counted_label, row.edit, row.before) == ("0:00", Edit.DELETED, "was 4:00")
    assert rig.controller.week.so_far().minutes == 0
    strip = rig.window._shown.strip
    assert strip is not None
    assert strip.progress is not None
    assert strip.progress.label == "0 of 30 min this week"


def test_another_start_and_another_length_are_taken_back_together(a_talk: Rig) -> None:
    rig = a_talk
    before = view(rig)
    rig.window.choices.span_edit_asked.emit(before.spans[0].span_id)
    earlier = f"{T0 - timedelta(hours=3):%H:%M}"
    fill(form(rig), start=earlier, length="1:30:00", reason="at their bakery")
    press(form(rig), "Save")
    moved, left = sorted(view(rig).spans, key=lambda row: row.time_label)
    assert (moved.time_label, moved.counted_label) == (earlier, "1:30:00")
    assert (left.counted_label, left.how) == (
        "0:00",
        "Talk on the phone, moved away by hand: at their bakery",
    )
    rig.window.choices.log_undo_asked.emit()
    assert view(rig).spans == before.spans
    assert view(rig).undo == ""


def test_what_cannot_be_taken_whole_is_not_taken_at_all(a_talk: Rig) -> None:
    rig = a_talk
    before = view(rig).spans
    rig.window.choices.span_edit_asked.emit(before[0].span_id)
    earlier = f"{T0 - timedelta(hours=3):%H:%M}"
    fill(form(rig), start=earlier, length="9:00:00", reason="at their bakery")
    press(form(rig), "Save")
    assert "9:00:00" in form(rig).entry.length
    assert any("is longer than it can have been" in line for line in words(form(rig)))
    rig.refresh()
    assert view(rig).spans == before
    assert view(rig).undo == ""


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"reason": "lunch"}, "Nothing here is another yet."),
        ({"length": "3:00"}, "A few words, so that the log explains itself."),
        ({"length": "soon", "reason": "x"}, "“soon” is not a length."),
        ({"start": "25:00", "reason": "x"}, "“25:00” is not a time of day."),
        ({"day": "32 Nov", "reason": "x"}, "“32 Nov” is not a day."),
        ({"day": "1 Jan 2040", "reason": "x"}, "“1 Jan 2040” is still to come: today is"),
        ({"length": "30:00:00", "reason": "x"}, "That is not a length of time"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(
    a_talk: Rig, texts: dict[str, str], sentence: str
) -> None:
    rig = a_talk
    rig.window.choices.span_edit_asked.emit(view(rig).spans[0].span_id)
    fill(form(rig), **texts)
    entered = form(rig).entry
    press(form(rig), "Save")
    assert any(line.startswith(sentence) for line in words(form(rig))), words(form(rig))
    assert form(rig).entry == entered
    assert view(rig).undo == ""


def test_time_that_no_clock_saw_is_added(rig: Rig, qtbot: QtBot) -> None:
    on_week(rig)
    qtbot.waitUntil(lambda: view(rig).empty is not None, timeout=PATIENCE_MS)
    rig.window.choices.span_add_asked.emit(view(rig).adding_to)
    fill(form(rig), who="", start="00:00", length="0:30", reason="she came by")
    press(form(rig), "Add")
    assert "Say with whom it was, or about what." in words(form(rig))
    fill(form(rig), who="Maison Aubry", start="09:61")
    press(form(rig), "Add")
    fill(form(rig), start="00:00")
    press(form(rig), "Add")
    [row] = view(rig).spans
    assert row.what == "Talk with Maison Aubry"
    assert (row.item, row.edit, row.before) == ("", Edit.ADDED, "")
    assert said(rig).startswith("Added 0:30")
    rig.window.choices.span_add_asked.emit(view(rig).adding_to)
    fill(form(rig), who="Maison Aubry", start="23:59", length="1", reason="tonight")
    press(form(rig), "Add")
    assert any("in the future" in line for line in words(form(rig)))
    rig.window.choices.log_undo_asked.emit()
    assert view(rig).spans == ()


def test_a_notice_of_the_log_goes_by_itself(a_talk: Rig, qtbot: QtBot) -> None:
    rig = a_talk
    rig.window.choices.log_undo_asked.emit()
    assert said(rig) == "There is nothing to undo"
    rig.controller.week.log_acts._gone.start(0)
    qtbot.waitUntil(lambda: said(rig) == "", timeout=PATIENCE_MS)


def export_into(rig: Rig, folder: str) -> None:
    rig.window.choices.log_export_asked.emit()
    [dialog] = [one for one in rig.window.findChildren(QFileDialog) if one.isVisible()]
    dialog.fileSelected.emit(folder)
    dialog.reject()


def test_the_log_is_exported_and_its_folder_opened(a_talk: Rig) -> None:
    rig = a_talk
    export_into(rig, "/home/anna/log")
    notice = view(rig).notice
    assert notice is not None
    assert (notice.title, notice.text) == ("The log is exported", "2 rows of the log")
    [show] = notice.buttons
    rig.ask(show.action, show.target)
    assert rig.acts.files.asked == [f"show {PurePath('/home/anna/log/reading-log.csv')}"]


def test_one_export_at_a_time_and_why_it_did_not_go(a_talk: Rig) -> None:
    rig = a_talk
    rig.acts.is_slow = True
    rig.acts.problem = Problem(title="The folder cannot be written", advice="Choose another.")
    export_into(rig, "/home/anna/log")
    assert said(rig) == "The log is being exported"
    rig.window.choices.log_export_asked.emit()
    assert [one for one in rig.window.findChildren(QFileDialog) if one.isVisible()] == []
    rig.acts.answers.pop()()
    notice = view(rig).notice
    assert notice is not None
    assert (notice.title, notice.tone) == ("The folder cannot be written", Tone.BRICK)


def test_keys_of_the_page(a_talk: Rig) -> None:
    rig = a_talk
    window = rig.window
    QTest.keyClick(window, Qt.Key.Key_C)
    assert [one for one in window.findChildren(SpanDialog) if one.isVisible()] == []
    QTest.keyClick(window, Qt.Key.Key_J)
    QTest.keyClick(window, Qt.Key.Key_C)
    assert "Correct the log" in words(form(rig))
    form(rig).reject()
    QTest.keyClick(window, Qt.Key.Key_Delete)
    assert "Delete from the log" in words(form(rig))
    form(rig).reject()
    QTest.keyClick(window, Qt.Key.Key_A)
    assert "Add time" in words(form(rig))
    form(rig).reject()
    QTest.keyClick(window, Qt.Key.Key_U)
    assert said(rig) == "There is nothing to undo"
    QTest.keyClick(window, Qt.Key.Key_R)
    QTest.keyClick(window, Qt.Key.Key_Escape)


def test_the_share_of_the_phones_stays_with_the_calendar(rig: Rig) -> None:
    """It says "this week", and the period is one of the reading log."""
    use(rig, ReadingSettings(period=WeekPeriod.LAST_7_DAYS), SUNDAY)
    assert rig.controller._calls._week_at(T0) == WeekId.containing(T0.date(), SUNDAY)
