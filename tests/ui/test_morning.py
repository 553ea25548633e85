"""The morning scroll in the window: Space alone leads to its end, and nothing there is untrue."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.events import MessageTextFetched
from supportdesk.domain.mail import MessageSummary, MessageText
from supportdesk.domain.settings import SmtpSettings
from supportdesk.services.morning_scroll import ScrollPlace
from supportdesk.ui.compose.composer import Composer
from supportdesk.ui.live_strip import LiveStrip
from supportdesk.ui.morning.column import MorningColumn
from supportdesk.ui.morning.end_card import EndCard, EndLineButton
from supportdesk.ui.morning.morning_page import KeyHint, MorningPage
from supportdesk.ui.morning.piece import MorningPiece
from supportdesk.ui.rows import Action, ChipKind, Page
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label
from tests.fakes.happenings import (
    SUPPORT,
    a_caller,
    a_message,
    after,
    arrived,
    joined,
    settings_with,
)
from tests.ui.rig import Rig
from tests.unit.domain.test_promises import PROMISE

MINUTE = 60.0
HOUR = 3600.0


def a_text(message: MessageSummary, words: str) -> MessageText:
    return MessageText(
        account=message.account,
        message_id=message.message_id,
        text=words,
        words=len(words.split()),
    )


class Morning:
    """A window on a desk to which mail and calls have come."""

    def __init__(self, rig: Rig, qtbot: QtBot) -> None:
        self.rig = rig
        self._qtbot = qtbot
        rig.desk.listen()
        rig.window.resize(1200, 800)

    def mail(self, uid: int, at: float, words: str = "") -> MessageSummary:
        message = a_message(uid, at=after(at), who=f"Customer {uid}", preview="The first words.")
        self.rig.desk.apply(arrived(message), at=max(self.rig.desk.now, after(at)))
        text = words or f"Words of mail {uid}.\n\nAnd more of them."
        self.rig.acts.texts[message.key] = a_text(message, text)
        return message

    def open(self) -> None:
        self.rig.window.show_page(Page.MORNING)
        QApplication.processEvents()
        self._qtbot.waitUntil(lambda: self.shown is not None and bool(self.words()))
        self.settle()

    def where(self) -> Page:
        return self.rig.window.page

    @property
    def shown(self) -> MorningPage | None:
        pages = self.rig.window.findChildren(MorningPage)
        return next((one for one in pages if one.isVisible()), None)

    @property
    def page(self) -> MorningPage:
        assert self.shown is not None
        return self.shown

    @property
    def column(self) -> MorningColumn:
        return self.page.findChildren(MorningColumn)[0]

    @property
    def is_at_end(self) -> bool:
        return bool(self.ends) and not self.page.key_in_view

    @property
    def ends(self) -> list[EndCard]:
        return [one for one in self.page.findChildren(EndCard) if one.isVisible()]

    def press(self, key: Qt.Key, *, shift: bool = False) -> None:
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.rig.window.focusWidget() or self.rig.window, key, held)
        QApplication.processEvents()

    def space(self) -> None:
        self.press(Qt.Key.Key_Space)

    def settle(self) -> None:
        self.page.settle()
        QApplication.processEvents()

    def piece(self, key: str) -> MorningPiece:
        built = self.page.findChildren(MorningPiece)
        return next(one for one in built if one.isVisible() and one.view.key == key)

    def words(self) -> list[str]:
        labels = self.page.findChildren(Label)
        return [one.text() for one in labels if one.isVisibleTo(self.page) and one.text()]

    def top(self, widget: QWidget) -> int:
        return widget.mapTo(self.column.viewport(), widget.rect().topLeft()).y()


@pytest.fixture
def morning(theme: Theme, qtbot: QtBot) -> Morning:
    settings = settings_with()
    mail = replace(settings.mail[0], smtp=SmtpSettings(host="smtp.example.org"))
    rig = Rig(theme, qtbot, replace(settings, mail=(mail,)))
    rig.acts.answering.has_heads = False
    return Morning(rig, qtbot)


def test_space_alone_goes_through_all_of_it_to_the_end(morning: Morning) -> None:
    mails = [morning.mail(uid, uid * MINUTE) for uid in range(1, 6)]
    call = morning.rig.miss("1", at=10 * MINUTE)
    morning.open()
    came = [morning.page.key_in_view]
    while not morning.is_at_end and len(came) < 20:
        morning.space()
        came.append(morning.page.key_in_view)
    assert came == [*(one.key for one in mails), call, ""]
    assert "That is all of it." in morning.words()


def test_back_leads_through_the_same_and_home_and_end_to_both_ends(morning: Morning) -> None:
    mails = [morning.mail(uid, uid * MINUTE) for uid in range(1, 5)]
    morning.open()
    morning.press(Qt.Key.Key_End)
    assert morning.is_at_end
    came = []
    for _ in mails:
        morning.press(Qt.Key.Key_Space, shift=True)
        came.append(morning.page.key_in_view)
    assert came == [one.key for one in reversed(mails)]
    morning.press(Qt.Key.Key_End)
    morning.press(Qt.Key.Key_Home)
    assert morning.page.key_in_view == mails[0].key
    morning.press(Qt.Key.Key_J)
    assert morning.page.key_in_view == mails[1].key
    morning.press(Qt.Key.Key_K)
    assert morning.page.key_in_view == mails[0].key


def test_a_long_mail_is_paged_through_before_the_next_one(morning: Morning) -> None:
    long = morning.mail(1, MINUTE, "\n\n".join(f"Line {number} of it." for number in range(90)))
    short = morning.mail(2, 2 * MINUTE)
    morning.open()
    morning.space()
    assert morning.page.key_in_view == long.key
    assert morning.top(morning.piece(long.key)) < 0
    presses = 1
    while morning.page.key_in_view == long.key and presses < 20:
        morning.space()
        presses += 1
    assert morning.page.key_in_view == short.key
    assert 3 < presses < 10
    assert abs(morning.top(morning.piece(short.key))) <= 2
    morning.press(Qt.Key.Key_Space, shift=True)
    assert morning.page.key_in_view == long.key
    bottom = morning.top(morning.piece(long.key)) + morning.piece(long.key).height()
    assert abs(bottom - morning.column.viewport().height()) <= 2


def test_hundreds_of_pieces_are_built_as_they_come_near(morning: Morning, qtbot: QtBot) -> None:
    mails = [morning.mail(uid, uid * MINUTE) for uid in range(1, 200)]
    morning.open()
    qtbot.wait_until(lambda: len(morning.page.findChildren(MorningPiece)) > 8)
    for _ in range(40):
        morning.space()
    assert morning.page.key_in_view == mails[40].key
    assert len(morning.page.findChildren(MorningPiece)) < 80
    morning.press(Qt.Key.Key_End)
    assert morning.is_at_end
    assert morning.piece(mails[-1].key).isVisible()


def test_what_is_in_view_stays_while_pieces_are_built_above_it(
    morning: Morning, qtbot: QtBot
) -> None:
    mails = [morning.mail(uid, uid * MINUTE) for uid in range(1, 12)]
    store = morning.rig.acts.ritual.scroll_store
    store.place = ScrollPlace(since=after(-HOUR), place=mails[6].key)
    morning.open()
    assert morning.page.key_in_view == mails[6].key
    top = morning.top(morning.piece(mails[6].key))
    built = morning.page.findChildren
    qtbot.wait_until(lambda: any(one.view.key == mails[0].key for one in built(MorningPiece)))
    assert morning.top(morning.piece(mails[6].key)) == top
    assert morning.page.key_in_view == mails[6].key


def test_the_place_is_kept_and_the_end_begins_the_next_one(morning: Morning) -> None:
    first, second, third = (morning.mail(uid, uid * MINUTE) for uid in (1, 2, 3))
    morning.rig.desk.now = after(HOUR)
    morning.open()
    store = morning.rig.acts.ritual.scroll_store
    since = after(HOUR) - timedelta(days=1)
    assert store.place == ScrollPlace(since=since, place=first.key, earliest=since)
    morning.space()
    morning.settle()
    assert store.place is not None
    assert store.place.place == second.key
    morning.press(Qt.Key.Key_End)
    morning.settle()
    assert (store.place.until, store.place.place) == (after(HOUR), "")
    morning.rig.window.show_page(Page.INBOX)
    news = morning.mail(4, 2 * HOUR)
    morning.open()
    # The third was passed over on the way to the end, and is not read.
    assert morning.page.key_in_view == third.key
    assert {"1 of 2", "since 09:03"} <= set(morning.words())
    morning.space()
    assert morning.page.key_in_view == news.key


def test_what_is_in_view_is_read_and_what_was_not_reached_is_not(morning: Morning) -> None:
    mails = [morning.mail(uid, uid * MINUTE) for uid in range(1, 4)]
    morning.open()
    morning.space()
    morning.settle()
    assert morning.rig.desk.store.read_keys() == {mails[0].key, mails[1].key}


def test_its_minutes_are_those_of_the_mail_in_view(morning: Morning) -> None:
    first, second = morning.mail(1, MINUTE), morning.mail(2, 2 * MINUTE)
    morning.rig.miss("1", at=10 * MINUTE)
    morning.open()
    state = morning.rig.window.reader_state
    assert state().message_key == first.key
    morning.space()
    morning.settle()
    assert state().message_key == second.key
    morning.space()
    morning.settle()
    assert (state().message_key, state().why_not) == (None, "no mail in view")


def test_machines_are_left_out_said_and_can_be_opened(morning: Morning) -> None:
    morning.mail(1, MINUTE)
    robot = a_message(5, at=after(2 * MINUTE), who="Robot", is_robot=True)
    morning.rig.desk.apply(arrived(robot))
    morning.open()
    morning.press(Qt.Key.Key_End)
    words = "1 mail sent by a machine was left out"
    button = next(one for one in morning.page.findChildren(Button) if one.text() == words)
    button.click()
    QApplication.processEvents()
    opened: list[str] = []
    morning.rig.window.choices.item_chosen.connect(opened.append)
    line = next(one for one in morning.ends[0].findChildren(EndLineButton) if one.isVisible())
    line.click()
    assert opened == [robot.key]
    assert morning.where() is Page.INBOX


def test_open_promises_stand_beside_their_mail_and_are_listed_at_the_end(
    morning: Morning,
) -> None:
    mail = morning.mail(1, MINUTE)
    made = replace(PROMISE, item=mail.key, who="Customer 1", words="I'll send it")
    desk = morning.rig.desk
    desk.take(desk.desk.change_promises(lambda: desk.desk.promises.put(made), desk.now))
    morning.open()
    assert [one.kind for one in morning.piece(mail.key).view.chips] == [ChipKind.PROMISE]
    button = next(b for b in morning.ends[0].findChildren(Button) if b.text() == "1 promise open")
    button.click()
    QApplication.processEvents()
    opened: list[str] = []
    morning.rig.window.choices.item_chosen.connect(opened.append)
    line = next(one for one in morning.ends[0].findChildren(EndLineButton) if one.isVisible())
    assert "“I'll send it”" in line.accessibleName()
    line.click()
    assert opened == [mail.key]


def test_an_answer_is_written_below_and_the_place_stays(morning: Morning, qtbot: QtBot) -> None:
    mails = [morning.mail(uid, uid * MINUTE) for uid in range(1, 5)]
    morning.open()
    morning.space()
    morning.press(Qt.Key.Key_R)
    qtbot.wait_until(lambda: bool(morning.page.findChildren(Composer)))
    assert morning.where() is Page.MORNING
    (draft,) = morning.rig.acts.answering.drafts()
    assert draft.answers == mails[1].key
    composer = morning.page.findChildren(Composer)[0]
    assert composer.isAncestorOf(morning.rig.window.focusWidget())
    composer.leave()
    qtbot.wait_until(lambda: not morning.page.findChildren(Composer))
    assert morning.page.key_in_view == mails[1].key
    morning.space()
    assert morning.page.key_in_view == mails[2].key


def test_a_letter_right_after_space_is_about_what_that_has_brought(morning: Morning) -> None:
    mails = [morning.mail(uid, uid * MINUTE) for uid in range(1, 4)]
    morning.open()
    for _ in range(2):
        QTest.keyClick(morning.rig.window.focusWidget(), Qt.Key.Key_Space)
    QTest.keyClick(morning.rig.window.focusWidget(), Qt.Key.Key_X)
    assert morning.rig.desk.store.needs_no_reply_keys() == {mails[2].key}


def test_words_are_kept_by_keys_alone_and_marked_where_they_stand(morning: Morning) -> None:
    mail = morning.mail(1, MINUTE, "It works at last. Thank you for that.")
    morning.open()
    for _ in range(2):
        morning.press(Qt.Key.Key_Q)
    (quote,) = morning.rig.desk.desk.voices.of_item(mail.key)
    assert quote.words == "It works at last."
    assert [one.words for one in morning.piece(mail.key).view.kept] == [quote.words]
    morning.press(Qt.Key.Key_Space)
    assert morning.is_at_end
    morning.settle()
    figure = next(b for b in morning.ends[0].findChildren(Button) if b.text() == "1 quote kept")
    figure.click()
    assert morning.where() is Page.VOICES


def test_words_selected_in_one_mail_are_never_kept_as_those_of_another(morning: Morning) -> None:
    mails = [morning.mail(uid, uid * MINUTE, f"First of {uid}. Then {uid}.") for uid in (1, 2, 3)]
    morning.open()
    for key in (Qt.Key.Key_Q, Qt.Key.Key_Right, Qt.Key.Key_Q, Qt.Key.Key_Space):
        morning.press(key)
    assert morning.page.key_in_view == mails[1].key
    assert morning.rig.window.selected_words() == ""
    for _ in range(2):
        morning.press(Qt.Key.Key_Q)
    voices = morning.rig.desk.desk.voices
    kept = [[one.words for one in voices.of_item(mail.key)] for mail in mails]
    assert kept == [["Then 1."], ["First of 2."], []]
    assert morning.page.key_in_view == mails[1].key


def test_what_comes_meanwhile_joins_at_the_end_and_moves_nothing(morning: Morning) -> None:
    first = morning.mail(1, MINUTE)
    morning.mail(2, 2 * MINUTE)
    morning.open()
    top = morning.top(morning.piece(first.key))
    news = morning.mail(3, 3 * MINUTE)
    morning.rig.refresh()
    assert "1 of 3" in morning.words()
    assert morning.top(morning.piece(first.key)) == top
    morning.press(Qt.Key.Key_End)
    morning.press(Qt.Key.Key_Space, shift=True)
    assert morning.page.key_in_view == news.key


def test_a_text_that_is_not_here_is_asked_for_and_comes_in(morning: Morning) -> None:
    mail = a_message(1, at=after(MINUTE))
    morning.rig.desk.apply(arrived(mail))
    morning.open()
    assert mail.key in morning.rig.acts.fetched
    text = a_text(mail, "Here it is, whole.")
    event = MessageTextFetched(account=SUPPORT, message_id=mail.message_id, text=text, problem="")
    morning.rig.controller.event_seen(event)
    assert morning.piece(mail.key).view.text == "Here it is, whole."


def test_the_texts_of_the_next_ones_are_asked_for_before_they_come_in_view(
    morning: Morning,
) -> None:
    mails = [a_message(uid, at=after(uid * MINUTE)) for uid in range(1, 9)]
    morning.rig.desk.apply(arrived(*mails))
    morning.open()
    assert {one.key for one in mails[:4]} <= set(morning.rig.acts.fetched)


@pytest.mark.parametrize(
    ("uids", "calls", "sentence"),
    [
        ((), 0, "Nobody wrote or called since yesterday 10:00."),
        ((1,), 0, "1 person wrote since yesterday 10:00. Every word was before you."),
        ((1, 2), 0, "2 people wrote since yesterday 10:00. Every word was before you."),
        ((), 1, "1 person called since yesterday 10:00."),
        ((1,), 1, "2 people wrote or called since yesterday 10:00. Every word was before you."),
    ],
)
def test_the_sentence_at_the_end_is_true(
    morning: Morning, uids: tuple[int, ...], calls: int, sentence: str
) -> None:
    for uid in uids:
        morning.mail(uid, uid * MINUTE)
    for number in range(calls):
        morning.rig.miss(str(number), at=10 * MINUTE)
    morning.rig.desk.now = after(HOUR)
    morning.open()
    for _ in (*uids, *range(calls)):
        morning.space()
        morning.settle()
    assert sentence in morning.words()


def test_keys_are_named_only_where_there_is_something_to_read(morning: Morning) -> None:
    morning.open()
    hints = morning.page.findChildren(KeyHint)
    assert not any(one.isVisible() for one in hints)
    morning.mail(1, MINUTE)
    morning.rig.refresh()
    assert all(one.isVisible() for one in hints)


def test_what_was_passed_over_is_said(morning: Morning) -> None:
    words = "\n\n".join(f"Line {number} of it." for number in range(60))
    for uid in range(1, 6):
        morning.mail(uid, uid * MINUTE, words)
    morning.open()
    morning.press(Qt.Key.Key_End)
    morning.settle()
    assert any(one.endswith(" mails you passed over.") for one in morning.words())


def test_escape_and_the_button_lead_back_and_m_leads_here(morning: Morning) -> None:
    mail, _other = morning.mail(1, MINUTE), morning.mail(2, 2 * MINUTE)
    morning.open()
    morning.press(Qt.Key.Key_Escape)
    assert morning.where() is Page.INBOX
    QTest.keyClicks(morning.rig.window.focusWidget(), "M")
    assert morning.where() is Page.MORNING
    QApplication.processEvents()
    morning.press(Qt.Key.Key_O)
    assert morning.where() is Page.INBOX
    assert morning.rig.window.reader_state().message_key == mail.key


def test_a_missed_call_of_it_can_be_called_back(morning: Morning) -> None:
    call = morning.rig.miss("1", at=MINUTE)
    morning.open()
    assert morning.page.key_in_view == call
    asked: list[tuple[Action, str]] = []
    morning.rig.window.choices.asked.connect(lambda action, key: asked.append((action, key)))
    morning.press(Qt.Key.Key_B)
    assert asked == [(Action.CALL_BACK, call)]
    assert morning.where() is Page.CALLS
    morning.open()
    morning.press(Qt.Key.Key_End)
    buttons = morning.ends[0].findChildren(Button)
    back = next(one for one in buttons if one.text() == "Call Pavel Kiss back")
    back.click()
    assert asked[-1] == (Action.CALL_BACK, call)


def test_a_larger_text_keeps_the_place(morning: Morning, theme: Theme, qtbot: QtBot) -> None:
    mails = [morning.mail(uid, uid * MINUTE) for uid in range(1, 6)]
    morning.open()
    morning.space()
    morning.space()
    morning.settle()
    before = morning.page
    theme.set_text_scale(2.0)
    qtbot.wait_until(lambda: morning.rig.window.findChildren(MorningPage) != [before])
    qtbot.wait_until(lambda: morning.shown is not None)
    assert morning.page.key_in_view == mails[2].key
    # Also where the end can be seen below the last one.
    morning.press(Qt.Key.Key_End)
    morning.press(Qt.Key.Key_Space, shift=True)
    morning.settle()
    morning.rig.refresh()
    before = morning.page
    theme.set_text_scale(1.0)
    qtbot.wait_until(lambda: morning.rig.window.findChildren(MorningPage) != [before])
    qtbot.wait_until(lambda: morning.shown is not None)
    assert morning.page.key_in_view == mails[4].key


def test_there_is_no_strip_unless_somebody_is_the_founders(morning: Morning) -> None:
    morning.mail(1, MINUTE)
    morning.open()
    strip = morning.rig.window.findChildren(LiveStrip)[0]
    assert not strip.isVisible()
    morning.rig.desk.apply(joined(a_caller("9", at=after(2 * MINUTE))), at=after(4 * MINUTE))
    morning.rig.refresh()
    assert strip.isVisible()


def test_a_place_that_cannot_be_kept_is_said_at_the_end(morning: Morning) -> None:
    morning.mail(1, MINUTE)
    morning.rig.acts.ritual.scroll_store.is_full = True
    morning.open()
    morning.press(Qt.Key.Key_End)
    morning.settle()
    assert "Your place in the scroll is not kept" in morning.words()
