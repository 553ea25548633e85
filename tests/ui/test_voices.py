"""Words are kept from a mail, from a call and from an answer; the Voices page shows all of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from supportdesk.adapters.mail.html_washer import wash_html
from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import MessageId, MessageSummary, MessageText
from supportdesk.domain.voices import Felt, Quote
from supportdesk.services.forgetting import Forgotten
from supportdesk.services.masking import LOOK_IT_OVER
from supportdesk.ui.inbox.message_prose import MessageProse
from supportdesk.ui.rows import Action, Page
from supportdesk.ui.rows.note import NoteKind, NoteView
from supportdesk.ui.rows.voices import FixedCards, QuoteCard, VoicesFilter
from supportdesk.ui.theme import Theme
from supportdesk.ui.voices.card_wall import CardWall
from supportdesk.ui.voices.felt_bar import FeltBar
from supportdesk.ui.voices.quote_card import QuoteCardButton
from supportdesk.ui.voices.voices_page import VoicesPage
from tests.fakes.happenings import SUPPORT, a_message, arrived, settings_with
from tests.ui.looking import settle, words
from tests.ui.rig import Rig

_TEXT = "Hello.\n\nI had my coffee sitting down. The new sheet did that!\n\nRuth"
_COFFEE = "I had my coffee sitting down."


def a_text(words: str) -> MessageText:
    return MessageText(account=SUPPORT, message_id=MessageId("<1@out.example>"), text=words)


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot, settings_with())
    made.acts.text = a_text(_TEXT)
    return made


def a_mail(rig: Rig, uid: int = 1, who: str = "Ruth") -> MessageSummary:
    message = a_message(uid, who=who)
    rig.desk.apply(arrived(message))
    rig.refresh()
    assert rig.controller.open_item(message.key)
    settle()
    return message


def the_text(rig: Rig) -> MessageProse:
    inbox = rig.window._shell.inbox
    assert inbox is not None
    return next(one for one in inbox.findChildren(MessageProse) if one.isVisible())


def select(prose: MessageProse, words: str) -> None:
    at = prose.toPlainText().index(words)
    cursor = QTextCursor(prose.document())
    cursor.setPosition(at)
    cursor.setPosition(at + len(words), QTextCursor.MoveMode.KeepAnchor)
    prose.setTextCursor(cursor)


def press(rig: Rig, key: str | Qt.Key) -> None:
    target = rig.window.focusWidget() or rig.window
    if isinstance(key, str):
        QTest.keyClicks(target, key)
    else:
        QTest.keyClick(target, key)
    settle()


def quotes(rig: Rig) -> tuple[Quote, ...]:
    return rig.desk.desk.voices.search()


def bar(rig: Rig) -> FeltBar | None:
    found = [one for one in rig.window.findChildren(FeltBar) if one.isVisible()]
    return found[-1] if found else None


def click(rig: Rig, name: str) -> None:
    found = [one for one in rig.window.findChildren(QPushButton) if one.isVisible()]
    next(one for one in found if one.accessibleName() == name).click()
    settle()


def the_line(rig: Rig) -> QLineEdit:
    settle()
    return rig.window._shell.note._field


def type_line(rig: Rig, words: str) -> None:
    QTest.keyClicks(the_line(rig), words)
    QTest.keyClick(the_line(rig), Qt.Key.Key_Return)
    settle()


def asked_for(rig: Rig) -> NoteKind | None:
    note = rig.window._shown.note
    return note.kind if note is not None else None


def a_talk(rig: Rig) -> Call:
    """The founder has talked to somebody for six minutes."""
    key = rig.miss()
    call = rig.desk.desk.calls.call(key)
    assert call is not None
    return call


def keep(rig: Rig, words: str, *, who: str = "Ruth", item: str = "mail/Support/1") -> Quote:
    return rig.desk.desk.voices.keep(
        words,
        item=item,
        who=who,
        contact=f"{who.casefold()}@example.com",
        said_at=rig.desk.now,
        now=rig.desk.now,
    )


def the_page(rig: Rig) -> VoicesPage:
    rig.window.show_page(Page.VOICES)
    settle()
    page = rig.window._shell.voices
    assert page is not None
    return page


def cards(rig: Rig) -> list[str]:
    source = rig.window._shown.voices.cards
    return [source.card(at).words for at in range(source.count)]


def said(rig: Rig) -> str:
    notice = rig.window._shown.voices.notice
    return notice.title if notice is not None else ""


# --- from a mail -------------------------------------------------------------------------


def test_q_keeps_the_selected_words_as_they_are(rig: Rig) -> None:
    message = a_mail(rig)
    select(the_text(rig), _COFFEE)
    press(rig, "q")
    (quote,) = quotes(rig)
    assert (quote.words, quote.item, quote.who) == (_COFFEE, message.key, "Ruth")
    assert quote.contact == message.sender.email
    assert quote.said_at == message.sent_at
    assert bar(rig) is not None
    assert the_text(rig).selected_words == "", "it would hide the tint"


def test_a_felt_word_is_one_click_and_one_more_takes_it_back(rig: Rig) -> None:
    a_mail(rig)
    select(the_text(rig), _COFFEE)
    press(rig, "q")
    click(rig, "felt delighted")
    assert quotes(rig)[0].felt is Felt.DELIGHTED
    click(rig, "felt delighted")
    assert quotes(rig)[0].felt is None
    press(rig, "u")
    assert quotes(rig)[0].felt is Felt.DELIGHTED


def test_u_takes_the_words_out_again(rig: Rig) -> None:
    a_mail(rig)
    select(the_text(rig), _COFFEE)
    press(rig, "q")
    press(rig, "u")
    assert quotes(rig) == ()
    assert bar(rig) is None
    assert the_text(rig).extraSelections() == []


def test_the_bar_goes_with_another_message_and_the_tint_stays(rig: Rig) -> None:
    first = a_mail(rig)
    select(the_text(rig), _COFFEE)
    press(rig, "q")
    a_mail(rig, 2, "Pavel")
    assert bar(rig) is None
    assert rig.controller.open_item(first.key)
    settle()
    assert bar(rig) is None
    assert len(the_text(rig).extraSelections()) == 1


def test_without_a_selection_q_offers_sentences_to_the_keyboard(rig: Rig) -> None:
    a_mail(rig)
    press(rig, "q")
    assert quotes(rig) == ()
    assert the_text(rig).selected_words == _COFFEE, "the greeting before it is nothing to keep"
    press(rig, Qt.Key.Key_Left)
    assert the_text(rig).selected_words == "Hello."
    press(rig, Qt.Key.Key_Right)
    QTest.keyClick(the_text(rig), Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    press(rig, "q")
    assert quotes(rig)[0].words == f"{_COFFEE} The new sheet did that!"


def test_hidden_text_of_html_is_not_in_what_is_kept(rig: Rig) -> None:
    html = '<p>Seen words <span style="display:none">hidden</span>end.</p>'
    rig.acts.text = replace(a_text(""), html=wash_html(html).html)
    a_mail(rig)
    the_text(rig).selectAll()
    press(rig, "q")
    assert "hidden" not in quotes(rig)[0].words


def test_ten_thousand_letters_from_right_to_left_are_kept_whole(rig: Rig, qtbot: QtBot) -> None:
    words = "זה לא עובד מאתמול " * 600
    rig.acts.text = a_text(words)
    a_mail(rig)
    qtbot.waitUntil(lambda: the_text(rig).is_finished)
    the_text(rig).selectAll()
    press(rig, "q")
    assert quotes(rig)[0].words.split() == words.split()


def test_what_did_we_learn_is_one_line(rig: Rig) -> None:
    message = a_mail(rig)
    press(rig, "L")
    type_line(rig, "Coffee matters.")
    (lesson,) = rig.desk.desk.voices.lessons.between()
    assert (lesson.words, lesson.item, lesson.who) == ("Coffee matters.", message.key, "Ruth")
    press(rig, "u")
    assert rig.desk.desk.voices.lessons.between() == ()


# --- from a call -------------------------------------------------------------------------


def test_words_of_a_call_are_typed_and_felt_below_the_page(rig: Rig) -> None:
    call = a_talk(rig)
    rig.controller.open_item(call.key)
    settle()
    press(rig, "q")
    assert rig.window._shown.note is not None
    assert rig.window._shown.note.question == "What Pavel Kiss said"
    type_line(rig, "Nobody picks up on Saturdays.")
    (quote,) = quotes(rig)
    assert (quote.item, quote.who) == (call.key, "Pavel Kiss")
    assert call.number.endswith(quote.contact)
    click(rig, "felt let down")
    assert quotes(rig)[0].felt is Felt.LET_DOWN
    click(rig, "Close")
    assert bar(rig) is None


def test_typed_words_can_be_taken_back_at_once(rig: Rig) -> None:
    call = a_talk(rig)
    rig.ask(Action.KEEP_QUOTE, call.key)
    type_line(rig, "Nobody picks up on Saturdays.")
    click(rig, "Do not keep these words (u)")
    assert quotes(rig) == ()
    assert bar(rig) is None


def test_a_lesson_of_a_call_can_be_taken_back_on_its_page(rig: Rig) -> None:
    call = a_talk(rig)
    rig.controller.open_item(call.key)
    settle()
    press(rig, "L")
    type_line(rig, "Saturday is their main day.")
    assert rig.desk.desk.voices.lessons.of([call.key])
    press(rig, "u")
    assert rig.desk.desk.voices.lessons.of([call.key]) == ()


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        (NoteKind.QUOTE, "What they said"),
        (NoteKind.BESIDE_QUOTE, "Your note beside these words"),
        (NoteKind.LESSON, "What did we learn?"),
    ],
)
def test_the_line_asks_also_where_nobody_is_known(kind: NoteKind, question: str) -> None:
    view = NoteView(call="", label="", kind=kind)
    assert view.question == question
    assert "Enter" in view.hint


# --- the page ----------------------------------------------------------------------------


def test_an_empty_page_says_how_words_come_there(rig: Rig) -> None:
    the_page(rig)
    view = rig.window._shown.voices
    assert view.empty is not None
    assert "press q" in view.empty.sentence


def test_the_page_is_filtered_by_felt_word_words_and_week(rig: Rig) -> None:
    first = keep(rig, "The button looks as if nothing happened.", who="Ingrid")
    rig.desk.desk.voices.set_felt(first.key, Felt.FRUSTRATED)
    keep(rig, _COFFEE)
    the_page(rig)
    assert set(cards(rig)) == {first.words, _COFFEE}
    click(rig, "Felt frustrated: 1")
    assert cards(rig) == [first.words]
    click(rig, "All kept words: 2")
    press(rig, "/")
    QTest.keyClicks(rig.window.focusWidget(), "coffee")
    settle()
    assert cards(rig) == [_COFFEE]
    press(rig, Qt.Key.Key_Escape)
    assert len(cards(rig)) == 2
    week = rig.window._shown.voices.weeks[1].week
    rig.window.choices.voices_wanted.emit(VoicesFilter(week=week))
    assert len(cards(rig)) == 2
    rig.desk.now += timedelta(days=14)
    rig.window.choices.voices_wanted.emit(VoicesFilter(week=_next_weeks(rig)))
    assert cards(rig) == []
    assert rig.window._shown.voices.nothing == "No kept words of this week."


def _next_weeks(rig: Rig) -> str:
    rig.refresh()
    return rig.window._shown.voices.weeks[1].week


def test_all_words_of_one_person_and_back(rig: Rig) -> None:
    keep(rig, "One.", who="Ingrid")
    keep(rig, "Two.")
    page = the_page(rig)
    page.step(1)
    settle()
    press(rig, "p")
    assert len(cards(rig)) == 1
    person = rig.window._shown.voices.person
    click(rig, f"Only {person}: show everybody's words again")
    assert len(cards(rig)) == 2


def test_the_chosen_words_are_felt_by_number_noted_and_taken_out(rig: Rig) -> None:
    kept = keep(rig, _COFFEE)
    the_page(rig)
    press(rig, "j")
    press(rig, "4")
    assert quotes(rig)[0].felt is Felt.FRUSTRATED
    press(rig, "e")
    type_line(rig, "Ask her again in May")
    assert quotes(rig)[0].note == "Ask her again in May"
    press(rig, "u")
    assert quotes(rig)[0].note == ""
    press(rig, Qt.Key.Key_Delete)
    assert quotes(rig) == ()
    press(rig, "u")
    assert quotes(rig)[0].words == kept.words
    assert said(rig) == "Taken back"


def test_a_note_is_removed_and_esc_leaves_it(rig: Rig) -> None:
    kept = keep(rig, _COFFEE)
    rig.desk.desk.voices.edit_note(kept.key, "Mine")
    the_page(rig)
    rig.window.choices.kept_chosen.emit(kept.key)
    press(rig, "e")
    QTest.keyClick(the_line(rig), Qt.Key.Key_Escape)
    settle()
    assert quotes(rig)[0].note == "Mine"
    rig.ask(Action.REMOVE_QUOTE_NOTE, kept.key)
    assert quotes(rig)[0].note == ""


def test_words_are_copied_with_the_name_or_without_it(rig: Rig) -> None:
    keep(rig, _COFFEE, who="Ingrid Solheim")
    the_page(rig)
    press(rig, "j")
    press(rig, "c")
    assert "Ingrid Solheim" in rig.acts.copied[-1]
    press(rig, "C")
    assert _COFFEE in rig.acts.copied[-1]
    assert "Solheim" not in rig.acts.copied[-1]
    assert LOOK_IT_OVER in words(rig.window)
    kept = quotes(rig)[0]
    rig.ask(Action.COPY_MARKDOWN, kept.key)
    assert rig.acts.copied[-1].startswith("> ")
    rig.ask(Action.COPY_MARKDOWN_MASKED, kept.key)
    assert "Solheim" not in rig.acts.copied[-1]


def test_the_notice_names_whom_the_copy_names(rig: Rig) -> None:
    rig.desk.desk.people.join_number("ruth@example.com", "+420 5", "Ruth Bell")
    kept = keep(rig, _COFFEE, who="ruth@example.com")
    the_page(rig)
    rig.desk.desk.voices.put(replace(kept, contact="ruth@example.com"))
    rig.ask(Action.COPY_QUOTE, kept.key)
    assert "Ruth Bell" in rig.acts.copied[-1]
    assert "Copied as words of Ruth Bell" in words(rig.window)


def test_one_click_leads_back_to_the_mail(rig: Rig) -> None:
    message = a_mail(rig)
    keep(rig, _COFFEE, item=message.key)
    (card,) = the_page(rig).findChildren(QuoteCardButton)
    mark = card.opening.center().toPoint()
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=mark)
    settle()
    assert rig.window.page is Page.INBOX
    assert rig.window._shown.message is not None
    assert rig.window._shown.message.key == message.key


def test_in_a_long_mail_the_words_are_brought_into_sight(rig: Rig, qtbot: QtBot) -> None:
    rig.acts.text = a_text("A line of many.\n\n" * 80 + _COFFEE)
    message = a_mail(rig)
    kept = keep(rig, _COFFEE, item=message.key)
    a_mail(rig, 2, "Pavel")
    the_page(rig)
    rig.ask(Action.OPEN_SOURCE, kept.key)
    inbox = rig.window._shell.inbox
    assert inbox is not None
    pages = [one for one in inbox.findChildren(QScrollArea) if one.accessibleName() == "Message"]
    qtbot.waitUntil(lambda: pages[0].verticalScrollBar().value() > 500)


def test_a_lesson_is_chosen_edited_and_taken_out(rig: Rig) -> None:
    lessons = rig.desk.desk.voices.lessons
    lesson = lessons.learn("Bakers press twice.", who="Ingrid", now=rig.desk.now)
    the_page(rig)
    click(rig, "Learned: Bakers press twice. Ingrid")
    press(rig, "e")
    the_line(rig).clear()
    type_line(rig, "Bakers press a grey button twice.")
    assert lessons.between()[0].words == "Bakers press a grey button twice."
    press(rig, "u")
    rig.ask(Action.REMOVE_KEPT, lesson.key)
    assert lessons.between() == ()
    press(rig, "u")
    assert lessons.between()[0].words == "Bakers press twice."


def test_words_of_nobody_known_can_be_typed_on_the_page(rig: Rig) -> None:
    the_page(rig)
    press(rig, "q")
    type_line(rig, "You answer like people.")
    (quote,) = quotes(rig)
    assert (quote.item, quote.who) == ("", "")
    source = rig.window._shown.voices.cards
    assert source.card(0).who == "Somebody"
    assert source.card(0).open_words == ""


def test_with_nothing_done_there_is_nothing_to_undo(rig: Rig) -> None:
    the_page(rig)
    press(rig, "u")
    assert said(rig) == "There is nothing to undo"


# --- many --------------------------------------------------------------------------------


def _many(count: int) -> FixedCards:
    return FixedCards(
        tuple(
            QuoteCard(
                key=str(number),
                words="As it was said. " * (1 + number % 7),
                who="Ruth",
                about="mail, Fri 20 Nov",
                icon="mail",
            )
            for number in range(count)
        )
    )


def test_of_ten_thousand_only_those_in_sight_are_made(theme: Theme, qtbot: QtBot) -> None:
    wall = CardWall(theme)
    qtbot.addWidget(wall)
    wall.resize(900, 100)
    wall.show_cards(_many(10_000), "")
    wall.show_part(0, 700)
    assert len(wall.findChildren(QuoteCardButton)) < 60
    qtbot.waitUntil(lambda: wall.is_finished)
    settle()
    wall.show_part(wall.height() - 700, wall.height())
    made = [one for one in wall.findChildren(QuoteCardButton) if not one.isHidden()]
    assert 0 < len(made) < 60
    assert "9999" in {one.card.key for one in made}


def test_no_card_lies_on_another(theme: Theme, qtbot: QtBot) -> None:
    wall = CardWall(theme)
    qtbot.addWidget(wall)
    wall.resize(900, 100)
    wall.show_cards(_many(30), "")
    wall.show_part(0, 2000)
    made = wall.findChildren(QuoteCardButton)
    for one in made:
        for other in made:
            assert one is other or not one.geometry().intersects(other.geometry())


def test_a_cut_quote_is_whole_once_it_is_chosen(theme: Theme, qtbot: QtBot) -> None:
    long = QuoteCard(
        key="long", words="word " * 2_000, who="Ruth", about="mail", icon="mail", note="n"
    )
    wall = CardWall(theme)
    qtbot.addWidget(wall)
    wall.resize(600, 100)
    wall.show_cards(FixedCards((long,)), "")
    wall.show_part(0, 500)
    before = wall.height()
    wall.step(1)
    assert wall.height() > before * 3


def test_an_answered_call_is_offered_to_note(rig: Rig) -> None:
    call = a_talk(rig)
    assert call.outcome is Outcome.MISSED
    the_page(rig)
    offered = [one.action for one in rig.window._shown.voices.buttons]
    assert offered == [Action.EXPORT_QUOTES, Action.KEEP_QUOTE]


def test_the_last_kept_words_stand_on_the_person_card(rig: Rig) -> None:
    first = a_mail(rig, 1, "Ruth")
    select(the_text(rig), _COFFEE)
    press(rig, "q")
    second = a_message(7, who="Ruth", subject="Another thing")
    rig.desk.apply(arrived(second))
    rig.refresh()
    assert rig.controller.open_item(second.key)
    settle()
    assert rig.window._shown.message is not None
    assert rig.window._shown.message.person is not None
    lines = rig.window._shown.message.person.lines
    quoted = next(line for line in lines if line.label == "Quote")
    assert _COFFEE in quoted.text
    assert quoted.key == first.key


def test_words_that_an_answer_quotes_can_be_kept(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot, settings_with())
    rig.acts.text = a_text(_TEXT)
    message = a_mail(rig)
    quoted = MessageProse(theme)
    quoted.setParent(rig.window)
    quoted.show_text(_TEXT)
    quoted.show()
    select(quoted, "The new sheet did that!")
    quoted.setFocus()
    settle()
    rig.ask(Action.KEEP_QUOTE, message.key)
    assert quotes(rig)[0].words == "The new sheet did that!"


def test_the_line_after_a_call_offers_their_words_and_what_was_learned(rig: Rig) -> None:
    call = a_talk(rig)
    rig.ask(Action.NOTE_CALL, call.key)
    click(rig, "Their words")
    assert asked_for(rig) is NoteKind.QUOTE
    type_line(rig, "Nobody picks up on Saturdays.")
    assert asked_for(rig) is NoteKind.CALL, "the note that was asked for comes after it"
    click(rig, "Learned")
    type_line(rig, "Saturday is their main day.")
    assert quotes(rig)[0].item == call.key
    assert rig.desk.desk.voices.lessons.of([call.key])[0].words == "Saturday is their main day."


# --- nothing typed is lost, nothing taken out comes back ------------------------------------


def test_typed_words_are_kept_when_another_line_opens_and_at_the_end(rig: Rig) -> None:
    call = a_talk(rig)
    rig.ask(Action.KEEP_QUOTE, call.key)
    QTest.keyClicks(the_line(rig), "Nobody picks up on Saturdays.")
    rig.ask(Action.LEARNED, call.key)
    assert [one.words for one in quotes(rig)] == ["Nobody picks up on Saturdays."]
    QTest.keyClicks(the_line(rig), "Saturday matters.")
    rig.controller.stop()
    rig.controller.stop()
    lessons = rig.desk.desk.voices.lessons.between()
    assert [one.words for one in lessons] == ["Saturday matters."]


def test_a_note_beside_a_quote_is_kept_when_another_line_opens(rig: Rig) -> None:
    kept = keep(rig, _COFFEE)
    the_page(rig)
    rig.ask(Action.EDIT_KEPT, kept.key)
    QTest.keyClicks(the_line(rig), "Ask her in May")
    rig.ask(Action.KEEP_QUOTE, "")
    assert quotes(rig)[0].note == "Ask her in May"
    assert asked_for(rig) is NoteKind.QUOTE


def test_the_same_line_asked_for_again_goes_on_with_the_words(rig: Rig) -> None:
    kept = keep(rig, _COFFEE)
    the_page(rig)
    rig.ask(Action.EDIT_KEPT, kept.key)
    QTest.keyClicks(the_line(rig), "Ask her")
    rig.ask(Action.EDIT_KEPT, kept.key)
    assert the_line(rig).text() == "Ask her"
    QTest.keyClick(the_line(rig), Qt.Key.Key_End)
    type_line(rig, " in May")
    assert quotes(rig)[0].note == "Ask her in May"


def test_words_that_the_disk_does_not_take_stay_in_the_line(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_page(rig)
    rig.ask(Action.KEEP_QUOTE, "")
    QTest.keyClicks(the_line(rig), "You answer like people.")
    monkeypatch.setattr(rig.desk.desk.voices, "put", _full)
    rig.ask(Action.LEARNED, "")
    assert asked_for(rig) is NoteKind.QUOTE
    assert the_line(rig).text() == "You answer like people."
    assert "The disk is full" in said(rig)


def test_what_is_typed_of_somebody_who_is_forgotten_is_not_kept(rig: Rig) -> None:
    message = a_mail(rig)
    press(rig, "L")
    QTest.keyClicks(the_line(rig), "She drinks coffee.")
    rig.controller.person_forgotten(Forgotten(emails=(message.sender.email.casefold(),)))
    rig.controller.stop()
    assert rig.desk.desk.voices.lessons.between() == ()


def test_half_a_label_is_not_kept(rig: Rig) -> None:
    message = a_mail(rig)
    rig.ask(Action.ADD_TAG, message.key)
    assert asked_for(rig) is NoteKind.TAG
    QTest.keyClicks(the_line(rig), "urg")
    rig.controller.stop()
    assert rig.desk.desk.side.tags.known() == ()


def test_undo_does_not_bring_back_words_whose_keeping_was_undone(rig: Rig) -> None:
    the_page(rig)
    press(rig, "q")
    type_line(rig, "You answer like people.")
    click(rig, "felt delighted")
    click(rig, "Do not keep these words (u)")
    assert quotes(rig) == ()
    rig.ask(Action.UNDO_VOICES, "")
    assert quotes(rig) == ()
    assert said(rig) == "There is nothing to undo"


def test_undo_beside_the_message_does_not_bring_them_back(rig: Rig) -> None:
    a_mail(rig)
    select(the_text(rig), _COFFEE)
    press(rig, "q")
    click(rig, "felt delighted")
    rig.window.choices.quote_undo_asked.emit(quotes(rig)[0].key)
    assert quotes(rig) == ()
    press(rig, "u")
    assert quotes(rig) == ()


def test_undo_does_not_bring_back_words_of_somebody_who_was_forgotten(rig: Rig) -> None:
    a_mail(rig)
    kept = keep(rig, _COFFEE)
    the_page(rig)
    rig.ask(Action.REMOVE_KEPT, kept.key)
    rig.controller.person_forgotten(Forgotten(emails=(kept.contact,)))
    rig.ask(Action.UNDO_VOICES, "")
    assert quotes(rig) == ()


@pytest.mark.parametrize("is_beside_a_message", [True, False])
def test_it_is_said_that_words_are_still_kept(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, is_beside_a_message: bool
) -> None:
    if is_beside_a_message:
        a_mail(rig)
        select(the_text(rig), _COFFEE)
        press(rig, "q")
    else:
        the_page(rig)
        press(rig, "q")
        type_line(rig, _COFFEE)
    monkeypatch.setattr(rig.desk.desk.voices, "remove", _full)
    rig.window.choices.quote_undo_asked.emit(quotes(rig)[0].key)
    settle()
    assert len(quotes(rig)) == 1
    if is_beside_a_message:
        view = rig.window._shown.message
        assert view is not None
        assert [one.title for one in view.notices] == ["Still kept: The disk is full"]
    else:
        assert said(rig) == "Still kept: The disk is full"


def _full(*_args: object) -> None:
    raise StoreError("The disk is full", "Make room on it.")
