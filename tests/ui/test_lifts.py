"""What the team lifts: on top of the list, on a card over every page, and thanked in one click."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.answers import AnswerKind
from supportdesk.domain.calls import CallId
from supportdesk.domain.events import CallAnswered, CallEnded
from supportdesk.domain.lift_events import CallLifted, LiftMarksSeen, MailLifted
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.mail import Mailer, MessageId, MessageSummary
from supportdesk.domain.sending import SendState
from supportdesk.domain.settings import LiftSettings, SmtpSettings
from supportdesk.ui.rows import Action, ConversationRow, Notice, Page
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    a_caller,
    a_member,
    a_message,
    after,
    arrived,
    joined,
    settings_with,
)
from tests.ui.looking import settle, words
from tests.ui.rig import Rig, rows_of

CARRIER = "<up@team.example>"


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    settings = settings_with()
    lift = LiftSettings(operators=("Anna Lind <anna@team.example>",), authserv_id="mx")
    mail = replace(settings.mail[0], smtp=SmtpSettings(host="smtp.example.org"), lift=lift)
    made = Rig(theme, qtbot, replace(settings, mail=(mail,), lift=lift))
    made.acts.answering.has_heads = False
    return made


def a_lift(rig: Rig) -> MessageSummary:
    """Ingrid waits, behind Pavel; Anna forwards her mail."""
    rig.desk.apply(arrived(a_message(1, who="Pavel", at=after(-60))))
    customers = a_message(2, who="Ingrid", subject="Flour came twice", at=after(-30))
    rig.desk.apply(arrived(customers))
    rig.desk.apply(
        MailLifted(
            source=SUPPORT,
            message_id=MessageId(CARRIER),
            by="Anna Lind",
            by_address="anna@team.example",
            way=LiftWay.ADDRESS,
            at=after(0),
        )
    )
    anna = Mailer(name="Anna Lind", email="anna@team.example")
    mail = a_message(3, message_id=CARRIER, references=[customers.message_id], subject="Fwd: Flour")
    rig.desk.apply(arrived(replace(mail, sender=anna, preview="Worth your ear.")))
    rig.refresh()
    settle()
    return customers


def names(rig: Rig) -> list[str]:
    return [row.who for row in rows_of(rig) if isinstance(row, ConversationRow)]


def chips(rig: Rig, who: str) -> list[str]:
    rows = [row for row in rows_of(rig) if isinstance(row, ConversationRow) and row.who == who]
    return [chip.label for row in rows for chip in row.chips]


def card(rig: Rig) -> Notice | None:
    return rig.window._shown.lift


def notices(rig: Rig) -> list[str]:
    message = rig.window._shown.message
    assert message is not None
    return [one.title for one in message.notices]


def bar(rig: Rig) -> QWidget:
    return rig.window._shell._lift


def test_who_was_lifted_is_on_top_with_a_chip_and_a_card_on_every_page(rig: Rig) -> None:
    a_lift(rig)
    assert names(rig)[:2] == ["Ingrid", "Pavel"]
    assert "lifted to you by Anna Lind" in chips(rig, "Ingrid")
    assert rig.window._shown.inbox.caption.startswith("2 waiting, lifted first")
    for page in (Page.INBOX, Page.WEEK, Page.CALLS):
        rig.window.show_page(page)
        settle()
        assert bar(rig).isVisible()
        assert "Anna Lind lifted this to you" in words(bar(rig))
        assert words(bar(rig))[1].endswith("Anna Lind: “Worth your ear”.")
    assert "1 mail lifted to you" in rig.window._shell._strip.accessibleName()


def test_the_card_leads_to_the_mail_and_goes_once_it_is_open(rig: Rig) -> None:
    customers = a_lift(rig)
    rig.window.show_page(Page.WEEK)
    rig.ask(Action.OPEN_LIFTED, customers.key)
    rig.refresh()
    settle()
    assert rig.window.page is Page.INBOX
    assert card(rig) is None
    assert not bar(rig).isVisible()
    assert notices(rig)[0].startswith("Anna Lind lifted this to you")
    assert "lifted to you by Anna Lind" in chips(rig, "Ingrid")


def test_not_now_puts_the_card_away_and_the_alert_with_it(rig: Rig) -> None:
    customers = a_lift(rig)
    rig.ask(Action.LIFT_NOT_NOW, customers.key)
    rig.refresh()
    assert card(rig) is None
    assert "lifted" not in [one.kind.value for one in rig.desk.desk.alerts()]


def test_thanks_are_an_answer_to_the_operator_and_what_was_learned_is_kept(rig: Rig) -> None:
    customers = a_lift(rig)
    assert rig.controller.open_item(customers.key)
    lift = rig.desk.desk.lifts.of([customers.key])
    assert lift is not None
    rig.ask(Action.THANK_LIFT, lift.key)
    settle()
    (draft,) = rig.acts.answering.drafts()
    assert [one.email for one in draft.recipients] == ["anna@team.example"]
    assert draft.kind is AnswerKind.REPLY
    assert draft.body == "Thank you, here is what I learned:\n\n"
    typed = replace(draft, body=f"{draft.body}Our form sends twice.\n\n-- \nAda")
    rig.acts.answering.typed(typed)
    rig.acts.answering.put(draft.draft_id, SendState.COUNTING)
    assert rig.desk.voices.learned == {}
    rig.acts.answering.put(draft.draft_id, SendState.SENT)
    rig.acts.answering.put(draft.draft_id, SendState.DONE)
    [lesson] = rig.desk.voices.learned.values()
    assert (lesson.words, lesson.item, lesson.who) == (
        "Our form sends twice.",
        customers.key,
        "Ingrid",
    )
    rig.controller.open_item(customers.key)
    settle()
    assert "You thanked them" in notices(rig)[0]


def test_the_operators_mail_says_what_it_is_about(rig: Rig) -> None:
    a_lift(rig)
    rig.controller.open_item(f"mail/Support/{CARRIER}")
    settle()
    assert notices(rig)[0] == "With this mail Anna Lind lifted another one to you"
    assert "needs no reply" in chips(rig, "Anna Lind")


def test_a_mark_by_somebody_known_is_thanked_with_the_customers_mail(rig: Rig) -> None:
    customers = a_message(2, who="Ingrid", at=after(-30))
    rig.desk.apply(arrived(customers))
    marks = frozenset({(customers.message_id, "anna")})
    rig.desk.apply(LiftMarksSeen(source=SUPPORT, mailbox="INBOX", keywords=marks))
    rig.refresh()
    lift = rig.desk.desk.lifts.of([customers.key])
    assert lift is not None
    rig.controller.open_item(customers.key)
    rig.ask(Action.THANK_LIFT, lift.key)
    settle()
    (draft,) = rig.acts.answering.drafts()
    assert draft.kind is AnswerKind.FORWARD
    assert [one.email for one in draft.recipients] == ["anna@team.example"]
    rig.acts.answering.put(draft.draft_id, SendState.DONE)
    assert rig.desk.voices.learned == {}


def test_a_call_is_on_the_card_with_take_call_until_it_is_over(rig: Rig) -> None:
    rig.desk.listen(a_member("Anna"))
    rig.desk.apply(joined(a_caller("1", name="Ingrid", at=after(0))))
    answered = CallAnswered(
        phone=OFFICE,
        call_id=CallId("1"),
        by="Anna",
        by_interface="PJSIP/201",
        hold_seconds=4,
        at=after(4),
    )
    rig.desk.apply(answered, at=after(4))
    rig.desk.apply(
        CallLifted(
            source=OFFICE,
            call_id=CallId("1"),
            by="Anna",
            why="wants to leave",
            way=LiftWay.CODE,
            at=after(60),
        ),
        at=after(60),
    )
    rig.refresh()
    shown = card(rig)
    assert shown is not None
    assert shown.title == "Anna asks for you on a call"
    assert "Anna: “wants to leave”" in shown.text
    assert [one.action for one in shown.buttons] == [Action.TAKE_CALL, Action.LIFT_NOT_NOW]
    rig.ask(Action.TAKE_CALL, "call/Office/1")
    assert rig.acts.dialled == ["take 1"]
    over = CallEnded(phone=OFFICE, call_id=CallId("1"), talk_seconds=60, at=after(64))
    rig.desk.apply(over, at=after(64))
    rig.refresh()
    assert card(rig) is None
