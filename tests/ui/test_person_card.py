"""The card above a message: who it is, what may be theirs, and what is joined or split by hand."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.mail import MessageText
from supportdesk.ui.inbox.number_dialog import NumberChoice, NumberDialog
from supportdesk.ui.inbox.person_card import FactButton, PersonCard
from supportdesk.ui.inbox.person_dialog import PersonDialog
from supportdesk.ui.presenter.words import local_time
from supportdesk.ui.rows import (
    Action,
    ConversationRow,
    Page,
    PersonFact,
    PersonLine,
    PersonOffer,
    PersonView,
)
from supportdesk.ui.rows.common import ActionButton, ButtonRank
from supportdesk.ui.rows.people import NoteForm, PersonForm
from supportdesk.ui.theme import Theme
from supportdesk.ui.theme.tokens import TypeRole
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label
from tests.fakes.happenings import (
    SUPPORT,
    T0,
    a_member,
    a_message,
    after,
    arrived,
    settings_with,
)
from tests.fakes.happenings import missed as a_missed_call
from tests.ui.looking import focused, named, settle
from tests.ui.rig import Rig

MAIL = a_message(1, who="Jana Nova", at=after(60), subject="The oven")
NUMBER = "+420 777 123 456"


missed = partial(a_missed_call, "1", number=NUMBER)


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.desk.listen(a_member("Anna"))
    return made


def read(rig: Rig, *, signature: str = "") -> PersonView:
    rig.acts.text = MessageText(
        account=SUPPORT, message_id=MAIL.message_id, text="Hello.", quoted=signature
    )
    rig.desk.apply(arrived(MAIL))
    rig.refresh()
    rig.controller.open_item(MAIL.key)
    return person(rig)


def person(rig: Rig) -> PersonView:
    message = rig.window._shown.message
    assert message is not None
    assert message.person is not None
    return message.person


def notices(rig: Rig) -> list[str]:
    message = rig.window._shown.message
    assert message is not None
    return [notice.title for notice in message.notices]


def dialog_of(rig: Rig) -> NumberDialog:
    [dialog] = rig.window.findChildren(NumberDialog)
    return dialog


def ask_for_numbers(rig: Rig) -> NumberDialog:
    message = rig.window._shown.message
    assert message is not None
    assert Action.JOIN_NUMBER in [entry.action for entry in message.more]
    rig.ask(Action.JOIN_NUMBER, message.conversation_key)
    return dialog_of(rig)


def button(dialog: NumberDialog, hint: str) -> Button:
    [found] = [one for one in dialog.findChildren(Button) if one.accessibleName() == hint]
    return found


def test_a_stranger_has_an_address_and_nothing_is_offered(rig: Rig) -> None:
    view = read(rig)
    assert (view.name, view.house) == ("Jana Nova", "jana.nova@out.example")
    assert (view.lines, view.call_back, view.offers) == ((), None, ())


def test_a_number_of_the_signature_that_called_is_one_click_away(rig: Rig) -> None:
    rig.desk.apply(missed())
    view = read(rig, signature="-- \nJana\nTel. +420 777 123 456")
    [offer] = view.offers
    assert offer.text == (
        f"{NUMBER} called, {local_time(T0)}: the number stands in their signature"
    )
    rig.ask(offer.button.action, offer.button.target)
    view = person(rig)
    assert view.house == "jana.nova@out.example · 420777123456"
    assert view.offers == ()
    assert [(line.fact, line.text) for line in view.lines] == [
        (PersonFact.CALL, f"{local_time(T0)}: missed call")
    ]
    assert notices(rig) == [f"{NUMBER} is Jana Nova now"]
    rig.ask(Action.UNDO)
    assert person(rig).offers == (offer,)
    assert notices(rig) == ["Taken back"]
    assert rig.desk.store.people() == []


def test_a_caller_of_the_same_name_is_offered(rig: Rig) -> None:
    rig.desk.apply(missed(name="jana nova"))
    [offer] = read(rig).offers
    assert offer.text.endswith("under the same name")


def test_a_number_is_typed(rig: Rig) -> None:
    read(rig)
    dialog = ask_for_numbers(rig)
    [field] = dialog.findChildren(QLineEdit)
    assert field.accessibleName() == "Number of Jana Nova"
    QTest.keyClicks(field, "12")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClicks(field, "3 456")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert person(rig).house.endswith("· 123456")


def test_a_caller_of_late_is_chosen_and_split_off_again(rig: Rig) -> None:
    rig.desk.apply(missed(name="Bakery"))
    read(rig)
    QTest.mouseClick(button(ask_for_numbers(rig), f"Join: {NUMBER}"), Qt.MouseButton.LeftButton)
    assert rig.desk.desk.people.of_number(NUMBER) is not None
    rig.ask(Action.JOIN_NUMBER)
    dialogs = [one for one in rig.window.findChildren(NumberDialog) if one.isVisible()]
    QTest.mouseClick(button(dialogs[0], "Not theirs: 420777123456"), Qt.MouseButton.LeftButton)
    assert rig.desk.desk.people.of_number(NUMBER) is None
    assert notices(rig) == ["420777123456 is nobody's now"]
    rig.ask(Action.UNDO)
    assert rig.desk.desk.people.of_number(NUMBER) is not None


def test_the_same_number_again_says_nothing(rig: Rig) -> None:
    read(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    rig.ask(Action.UNDO)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    before = notices(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    assert notices(rig) == before


def test_a_person_is_called_back_by_their_newest_call(rig: Rig) -> None:
    rig.desk.apply(missed())
    rig.desk.apply(a_missed_call("2", number=NUMBER, at=9))
    read(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    back = person(rig).call_back
    assert back is not None
    assert back.target == "call/Office/2"
    rig.ask(back.action, back.target)
    assert rig.acts.dialled == [f"call back {NUMBER}"]


def test_a_person_who_never_called_can_be_called(rig: Rig) -> None:
    read(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    back = person(rig).call_back
    assert back is not None
    rig.ask(back.action, back.target)
    assert rig.acts.dialled == ["call back 420777123456"]
    assert rig.window.page is Page.CALLS


def test_without_a_phone_nothing_of_calls_is_offered(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot, settings_with(phone=()))
    rig.desk.listen()
    read(rig)
    message = rig.window._shown.message
    assert message is not None
    assert Action.JOIN_NUMBER not in [entry.action for entry in message.more]
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    back = person(rig).call_back
    assert back is not None
    rig.acts.can_ring = False
    rig.ask(back.action, back.target)
    assert rig.acts.links == ["tel:420777123456"]


def test_a_machine_is_no_person(rig: Rig) -> None:
    rig.desk.apply(missed(name="Shop Mail"))
    robot = a_message(2, who="Shop Mail", is_robot=True)
    rig.desk.apply(arrived(robot))
    rig.controller.open_item(robot.key)
    view = person(rig)
    assert (view.name, view.offers, view.call_back) == ("Shop Mail", (), None)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    assert rig.desk.store.people() == []


def test_our_own_signature_is_nobodys(rig: Rig) -> None:
    rig.desk.apply(missed())
    colleague = a_message(3, who="Jan", at=after(90), references=[MAIL.message_id])
    rig.desk.apply(arrived(MAIL, colleague))
    rig.acts.text = MessageText(
        account=SUPPORT, message_id=MAIL.message_id, text=f"Hello\n{NUMBER}"
    )
    rig.controller.open_item(MAIL.key)
    assert person(rig).name == "Jan"
    assert person(rig).offers == ()


def test_the_card_shows_what_it_is_given(theme: Theme, qtbot: QtBot) -> None:
    lines = tuple(
        PersonLine(fact=PersonFact.NOTE, label="Note", text=f"{number}", key=f"k{number}")
        for number in range(7)
    )
    offer = PersonOffer(
        text="+420 called",
        button=ActionButton(
            action=Action.JOIN_NUMBER, label="Same person", target="+420", hint="It is theirs"
        ),
    )
    card = PersonCard(theme, PersonView(name="Jana", lines=lines, offers=(offer,)))
    qtbot.addWidget(card)
    assert len(card.findChildren(FactButton)) == 5
    asked: list[tuple[Action, str]] = []
    card.asked.connect(lambda action, target: asked.append((action, target)))
    [same] = card.findChildren(Button)
    assert same.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(same, Qt.Key.Key_Space)
    assert asked == [(Action.JOIN_NUMBER, "+420")]


# --- about a person ----------------------------------------------------------------------------


def about(rig: Rig) -> PersonDialog:
    """Asked for by the key, as it is offered in the menu."""
    settle()
    QTest.keyClicks(rig.window.focusWidget() or rig.window, "p")
    return next(one for one in rig.window.findChildren(PersonDialog) if one.isVisible())


def note(rig: Rig, words: str, *, at: float, key: str) -> None:
    call = rig.desk.desk.calls.call("call/Office/1")
    assert call is not None
    rig.desk.desk.notes.write(key, call, words, after(at))


def fields(dialog: QWidget) -> dict[str, QLineEdit]:
    return {one.accessibleName(): one for one in dialog.findChildren(QLineEdit)}


def click(dialog: QWidget, name: str) -> None:
    QTest.mouseClick(named(dialog, name), Qt.MouseButton.LeftButton)


def test_a_customer_is_renamed_and_every_list_follows(rig: Rig) -> None:
    rig.desk.apply(missed(name="Bakery"))
    read(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    dialog = about(rig)
    field = fields(dialog)["Name"]
    assert (field.text(), field.selectedText()) == ("Jana Nova", "Jana Nova")
    QTest.keyClicks(field, "Jana of the bakery")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert person(rig).name == "Jana of the bakery"
    assert notices(rig) == ["Jana Nova is called Jana of the bakery now"]
    rig.refresh()
    [row] = rig.window._shown.inbox.rows.rows(1, 2)
    assert isinstance(row, ConversationRow)
    assert row.who == "Jana of the bakery"
    assert rig.desk.desk.calls.missed()[0].label == "Jana of the bakery"
    assert {one.label for one in rig.desk.desk.state(rig.desk.now).oldest_waits} == {row.who}
    rig.ask(Action.UNDO)
    assert person(rig).name == "Jana Nova"


def test_a_stranger_is_given_a_name(rig: Rig) -> None:
    assert read(rig).edit is not None
    dialog = about(rig)
    assert "Not theirs: jana.nova@out.example" not in names_of(dialog)
    QTest.keyClicks(fields(dialog)["Name"], "Jana")
    click(dialog, "Save")
    assert person(rig).name == "Jana"
    rig.ask(Action.UNDO)
    assert rig.desk.store.people() == []


def names_of(dialog: QWidget) -> set[str]:
    return {one.accessibleName() for one in dialog.findChildren(Button)}


def test_what_is_not_theirs_is_taken_off_together_and_comes_back_together(rig: Rig) -> None:
    rig.desk.apply(missed())
    read(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    rig.ask(Action.JOIN_NUMBER, "+420 111")
    before = rig.desk.store.people()
    dialog = about(rig)
    click(dialog, "Not theirs: 420111")
    click(dialog, "Not theirs: 420777123456")
    click(dialog, "Keep: 420111")
    click(dialog, "Not theirs: jana.nova@out.example")
    fields(dialog)["Name"].selectAll()
    QTest.keyClicks(fields(dialog)["Name"], "Bakery")
    click(dialog, "Save")
    [kept] = rig.desk.store.people()
    assert (kept.name, kept.emails, kept.numbers) == ("Bakery", (), ("420111",))
    assert notices(rig) == ["Bakery: 3 changes kept"]
    rig.ask(Action.UNDO)
    assert rig.desk.store.people() == before


def test_one_number_taken_off_is_named(rig: Rig) -> None:
    read(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    dialog = about(rig)
    click(dialog, "Not theirs: 420777123456")
    click(dialog, "Save")
    assert notices(rig) == ["420777123456 is nobody's now"]


def test_notes_are_kept_as_typed_deleted_and_taken_back(rig: Rig) -> None:
    rig.desk.apply(missed())
    read(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    note(rig, "Wants  bread ", at=30, key="n1")
    note(rig, "Calls on Friday", at=100, key="n2")
    dialog = about(rig)
    older, newer = (f"Note, {local_time(after(at))}" for at in (30, 100))
    assert [one.text() for one in dialog.findChildren(QLineEdit)][1:] == [
        "Calls on Friday",
        "Wants  bread ",
    ]
    QTest.keyClick(fields(dialog)[older], Qt.Key.Key_End)
    QTest.keyClicks(fields(dialog)[older], " twice ")
    click(dialog, f"Delete: the note, {local_time(after(100))}")
    assert not fields(dialog)[newer].isEnabled()
    click(dialog, "Save")
    notes = rig.desk.desk.notes
    assert [one.words for one in notes.of_numbers([NUMBER])] == ["Wants  bread  twice "]
    assert notices(rig) == ["Jana Nova: 2 changes kept"]
    rig.ask(Action.UNDO)
    assert [one.words for one in notes.of_numbers([NUMBER])] == ["Wants  bread ", "Calls on Friday"]


def test_all_notes_of_years_come_back_by_one_undo(rig: Rig) -> None:
    rig.desk.apply(missed())
    read(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    for number in range(60):
        note(rig, f"Bread {number}", at=number, key=f"n{number}")
    before = rig.desk.desk.notes.of_numbers([NUMBER])
    dialog = about(rig)
    for one in dialog.findChildren(Button):
        if one.text() == "Delete":
            one.click()
    click(dialog, "Save")
    assert rig.desk.desk.notes.of_numbers([NUMBER]) == ()
    assert notices(rig) == ["Jana Nova: 60 changes kept"]
    rig.ask(Action.UNDO)
    assert rig.desk.desk.notes.of_numbers([NUMBER]) == before
    assert len(rig.desk.store.call_notes()) == 60


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("edit", "The note about Jana Nova has your new words"),
        ("delete", "A note about Jana Nova was deleted"),
    ],
)
def test_what_was_done_with_a_note_is_said(rig: Rig, act: str, said: str) -> None:
    rig.desk.apply(missed())
    read(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    note(rig, "Bread", at=30, key="n1")
    dialog = about(rig)
    if act == "edit":
        QTest.keyClicks(fields(dialog)[f"Note, {local_time(after(30))}"], "White ")
    else:
        click(dialog, f"Delete: the note, {local_time(after(30))}")
    click(dialog, "Save")
    assert notices(rig) == [said]


def test_nothing_is_lost_by_emptying_a_field(rig: Rig) -> None:
    rig.desk.apply(missed())
    read(rig)
    rig.ask(Action.JOIN_NUMBER, NUMBER)
    note(rig, "Bread", at=30, key="n1")
    before = notices(rig)
    dialog = about(rig)
    name, words = fields(dialog)["Name"], fields(dialog)[f"Note, {local_time(after(30))}"]
    QTest.keyClick(name, Qt.Key.Key_Delete)
    click(dialog, "Save")
    assert "A person needs a name." in [one.text() for one in dialog.findChildren(Label)]
    QTest.keyClicks(name, "Jana Nova")
    words.selectAll()
    QTest.keyClick(words, Qt.Key.Key_Delete)
    click(dialog, "Save")
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    QTest.keyClick(about(rig), Qt.Key.Key_Return)
    assert notices(rig) == before
    assert rig.desk.desk.notes.of_numbers([NUMBER])[0].words == "Bread"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_many_notes_scroll_and_the_buttons_stay_in_sight(
    theme: Theme, qtbot: QtBot, scale: float
) -> None:
    theme.set_text_scale(scale)
    notes = tuple(NoteForm(key=f"{at}", when=f"{at} Nov", words="Bread") for at in range(1, 30))
    form = PersonForm(name="J" * 300, numbers=("+420 1",), is_joined=True, notes=notes)
    dialog = PersonDialog(theme, form, None)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert dialog.height() <= dialog.screen().availableGeometry().height()
    assert dialog.rect().contains(named(dialog, "Save").geometry())
    last = fields(dialog)["Note, 29 Nov"]
    last.setFocus()
    QTest.keyClick(last, Qt.Key.Key_Backtab)
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is last
    assert not last.visibleRegion().isEmpty()


def test_a_machine_is_nobody_to_be_named(rig: Rig) -> None:
    robot = a_message(2, who="Shop Mail", is_robot=True)
    rig.desk.apply(arrived(robot))
    rig.controller.open_item(robot.key)
    assert person(rig).edit is None
    rig.ask(Action.EDIT_PERSON)
    assert rig.window.findChildren(PersonDialog) == []


@pytest.mark.parametrize(("scale", "width"), [(1.0, 420), (2.0, 600)])
def test_nothing_of_the_card_lies_outside_of_it(
    theme: Theme, qtbot: QtBot, scale: float, width: int
) -> None:
    """As wide as the reading pane of a small window leaves it."""
    theme.set_text_scale(scale)
    back = ActionButton(action=Action.CALL_BACK, label="Call back", icon="phone-out", shortcut="b")
    edit = ActionButton(action=Action.EDIT_PERSON, label="", icon="note", hint="Who this is (p)")
    house = "jana.nova.of.the.long.name@bakery.example · +420777123456"
    card = PersonCard(theme, PersonView(name="Jana", house=house, call_back=back, edit=edit))
    qtbot.addWidget(card)
    assert card.minimumSizeHint().width() <= width
    card.resize(width, card.sizeHint().height())
    card.show()
    for name in ("Call back", "Who this is (p)"):
        assert card.rect().contains(named(card, name).geometry())


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_dialog_names_each_choice(theme: Theme, qtbot: QtBot, scale: float) -> None:
    theme.set_text_scale(scale)
    dialog = NumberDialog(theme, "Jana", ["+420 1"], [NumberChoice("+420 2", "Bakery")], None)
    qtbot.addWidget(dialog)
    names = {one.accessibleName() for one in dialog.findChildren(Button)}
    assert {"Not theirs: +420 1", "Join: +420 2"} <= names
    asked: list[str] = []
    dialog.join_asked.connect(asked.append)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert asked == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_when_a_promise_is_due_is_never_cut(theme: Theme, qtbot: QtBot, scale: float) -> None:
    theme.set_text_scale(scale)
    label = "Promise due tomorrow 18:00"
    kept, move = (
        ActionButton(action=one, label=words, shortcut="y", rank=ButtonRank.GHOST)
        for one, words in ((Action.PROMISE_KEPT, "Kept"), (Action.PROMISE_MOVE, "Move…"))
    )
    line = PersonLine(
        fact=PersonFact.PROMISE,
        label=label,
        text="“I send it anew”, noted 09:00",
        key="note/1",
        buttons=(kept, move),
    )
    card = PersonCard(theme, PersonView(name="Jana Nova", house="jana@x.example", lines=(line,)))
    qtbot.addWidget(card)
    # As wide as the column beside a list of large text.
    card.resize(570, card.sizeHint().height())
    card.show()
    settle()
    (fact,) = card.findChildren(FactButton)
    needed = theme.metrics(TypeRole.CAPTION_B).horizontalAdvance(label) + theme.mark(15)
    assert fact.width() > needed + theme.gap(11)
