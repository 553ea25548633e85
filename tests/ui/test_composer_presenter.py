"""Drafts, what holds them and the outbox, in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from supportdesk.domain.answers import AnswerKind, Draft, DraftFile, Recipients
from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, MessageSummary
from supportdesk.domain.reply_rules import Doubt, DoubtKind
from supportdesk.domain.sending import Outgoing, SendState
from supportdesk.domain.settings import MailSettings, Settings
from supportdesk.services.collisions import Answered, Gone, News
from supportdesk.services.outbox_words import Unsent
from supportdesk.ui.presenter.begun import begun_before_notice
from supportdesk.ui.presenter.composer import composer_view, outbox_row, sending_notice
from supportdesk.ui.rows import Action, Tone
from supportdesk.ui.rows.composer import ComposerView
from tests.fakes.answers import AT, CUSTOMER, SUPPORT, a_draft, an_outgoing

NOW = AT + timedelta(minutes=5)
SETTINGS = Settings(
    mail=(
        MailSettings(
            name=SUPPORT,
            address="support@example.com",
            aliases=("help@example.com",),
            host="localhost",
            user="u",
            name_in_from="Acme",
        ),
    )
)
FULL = Problem(title="The disk is full", advice="Make room.")


def view(
    draft: Draft | None = None,
    *,
    outgoing: Outgoing | None = None,
    news: News = (),
    doubts: tuple[Doubt, ...] = (),
    trouble: Problem | None = None,
    is_asking: bool = False,
) -> ComposerView:
    return composer_view(
        draft or a_draft(),
        SETTINGS,
        outgoing=outgoing,
        news=news,
        doubts=doubts,
        trouble=trouble,
        is_asking=is_asking,
        name_of=lambda mailer: mailer.label,
        now=NOW,
    )


def came(name: str = "Jana", preview: str = "Never mind") -> MessageSummary:
    return MessageSummary(
        account=SUPPORT,
        message_id=MessageId(f"<{name}>"),
        address=MessageAddress(mailbox="INBOX", uidvalidity=1, uid=9),
        sender=Mailer(name=name, email=f"{name}@example.com"),
        preview=preview,
        sent_at=AT,
        arrived_at=AT,
    )


def unsent(state: SendState, **how: object) -> Unsent:
    facts = {
        "outgoing": an_outgoing(state=state),
        "to": "Jana",
        "subject": "Re: bread",
        "since": AT,
        "problem": None,
        "needs_founder": False,
    }
    return Unsent(**{**facts, **how})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "people", "title"),
    [
        (AnswerKind.REPLY, 1, "Reply to Person 1"),
        (AnswerKind.REPLY_ALL, 5, "Reply to Person 1, Person 2, Person 3 and 2 more"),
        (AnswerKind.REPLY, 0, "Reply"),
        (AnswerKind.FORWARD, 0, "Forward"),
        (AnswerKind.FORWARD, 2, "Forward to Person 1 and Person 2"),
        (AnswerKind.NEW, 0, "New message"),
        (AnswerKind.NEW, 1, "Message to Person 1"),
    ],
)
def test_its_title_says_to_whom_it_goes(kind: AnswerKind, people: int, title: str) -> None:
    to = tuple(Mailer(name=f"Person {n}", email=f"{n}@example.com") for n in range(1, people + 1))
    shown = view(replace(a_draft(), kind=kind, recipients=Recipients(to=to)))
    assert shown.title == title


def test_it_can_be_from_each_of_our_addresses() -> None:
    emails = [one.email for one in view().senders]
    assert emails == ["support@example.com", "help@example.com"]
    other = Mailer(name="Tom", email="tom@example.com")
    assert view(replace(a_draft(), sender=other)).senders[0] == other


def test_a_draft_that_is_kept_says_since_when() -> None:
    assert view().kept.startswith("kept ")
    assert view(is_asking=True).kept.endswith("asking the server whom it goes to")


def test_a_draft_that_is_not_kept_cannot_be_sent() -> None:
    shown = view(trouble=FULL)
    assert shown.kept == "not kept"
    assert "The disk is full" in shown.why_not
    [notice] = shown.notices
    assert notice.tone is Tone.BRICK


def test_a_dangerous_file_says_what_may_become_of_it() -> None:
    files = tuple(
        DraftFile(name=name, media_type="application/x", size_bytes=2_400_000, sha256=name)
        for name in ("list.pdf", "driver.exe")
    )
    calm, risky = view(replace(a_draft(), files=files)).files
    assert calm.caution == ""
    assert calm.size_label == "2.4 MB"
    assert "refuse" in risky.caution


def test_what_came_while_writing_stands_above_the_text() -> None:
    [notice] = view(news=(came(),)).notices
    assert notice.title.startswith("Jana wrote at ")
    assert "Never mind" in notice.text
    assert [(one.action, one.target) for one in notice.buttons] == [(Action.SHOW_NEWS, "one")]
    [several] = view(news=(came(), came("Ota", ""))).notices
    assert several.title.startswith("2 new messages of Jana and Ota")


def test_a_colleague_who_answered_is_named() -> None:
    [notice] = view(news=Answered(by="Anna", at=AT, messages=(came("Anna"),))).notices
    assert notice.title.startswith("Anna answered at ")
    [unknown] = view(news=Answered(by="", at=None, messages=())).notices
    assert unknown.title.startswith("Somebody marked it as answered")


def test_a_question_that_was_moved_away_is_told() -> None:
    [notice] = view(news=Gone()).notices
    assert "moved or deleted" in notice.title
    assert "Your text stays" in notice.text


def test_doubts_ask_before_it_is_sent() -> None:
    no_file = Doubt(kind=DoubtKind.NO_FILE, title="Nothing is attached", advice="You wrote it.")
    nobody = Doubt(kind=DoubtKind.NOBODY, title="Nobody gets it", advice="", is_final=True)
    first, second = view(doubts=(no_file, nobody)).notices
    assert [one.action for one in first.buttons] == [Action.ATTACH_FILE, Action.SEND_ANYWAY]
    assert second.buttons == ()


def test_what_came_back_says_why() -> None:
    row = replace(an_outgoing(state=SendState.WRITING), problem=FULL)
    [notice] = view(outgoing=row).notices
    assert notice.title == "The disk is full."


@pytest.mark.parametrize(
    ("news", "title", "theirs"),
    [
        ((came(),), "Not sent: Jana wrote at", ["Never mind"]),
        (Answered(by="Anna", at=AT, messages=(came(),)), "Not sent: Anna answered at", ["Never"]),
        (Gone(), "Not sent: this mail was moved or deleted", []),
        ((), "The disk is full.", []),
    ],
)
def test_what_is_held_shows_their_words_beside_mine(
    news: News, title: str, theirs: list[str]
) -> None:
    row = replace(an_outgoing(state=SendState.HELD), problem=FULL)
    held = view(outgoing=row, news=news).held
    assert held is not None
    assert held.title.startswith(title)
    assert [one.text[: len(start)] for one, start in zip(held.theirs, theirs, strict=True)] == (
        theirs
    )


@pytest.mark.parametrize(
    ("state", "words", "actions"),
    [
        (SendState.WAITING, "Waits", [Action.SEND_AGAIN, Action.EDIT_DRAFT, Action.GIVE_UP]),
        (SendState.FREEZING, "Waits", [Action.SEND_AGAIN, Action.EDIT_DRAFT, Action.GIVE_UP]),
        (SendState.CHECKING, "Looking whether somebody", []),
        (SendState.TRYING, "Being sent", []),
        (SendState.POISED, "Being sent", []),
        (SendState.HELD, "Held", []),
        (SendState.REFUSED, "The server refused it", [Action.EDIT_DRAFT, Action.GIVE_UP]),
        (
            SendState.DOUBTFUL,
            "It may have gone out",
            [Action.LOOK_AGAIN, Action.IT_HAS_GONE, Action.SEND_AGAIN],
        ),
    ],
)
def test_a_row_of_the_outbox_says_what_goes_on_and_what_can_be_done(
    state: SendState, words: str, actions: list[Action]
) -> None:
    row = outbox_row(unsent(state), NOW)
    assert row.state.startswith(words)
    assert [one.action for one in row.buttons] == actions
    assert row.age_label == "5 min"


def test_a_row_names_its_problem_and_the_next_try() -> None:
    waiting = replace(an_outgoing(), next_at=NOW + timedelta(minutes=2))
    row = outbox_row(unsent(SendState.WAITING, outgoing=waiting, problem=FULL), NOW)
    assert row.state == "The disk is full. Next try in 2 min."
    assert row.detail == "Make room."
    soon = replace(waiting, next_at=NOW + timedelta(seconds=5))
    row = outbox_row(unsent(SendState.WAITING, outgoing=soon, problem=FULL), NOW)
    assert row.state.endswith("in a moment.")


def test_a_row_grows_louder() -> None:
    waiting = unsent(SendState.WAITING)
    assert outbox_row(waiting, NOW).tone is Tone.NORMAL
    assert outbox_row(waiting, AT + timedelta(minutes=15)).tone is Tone.AMBER
    mine = unsent(SendState.REFUSED, needs_founder=True)
    assert outbox_row(mine, NOW).tone is Tone.BRICK


def test_those_who_were_refused_can_be_left_out_while_others_are_left() -> None:
    refused = replace(
        an_outgoing(state=SendState.REFUSED), refused=((CUSTOMER.email, "550 no such mailbox"),)
    )
    alone = outbox_row(unsent(SendState.REFUSED, outgoing=refused), NOW)
    assert Action.SEND_TO_OTHERS not in [one.action for one in alone.buttons]
    of_three = outbox_row(unsent(SendState.REFUSED, outgoing=refused, recipients=3), NOW)
    assert Action.SEND_TO_OTHERS in [one.action for one in of_three.buttons]
    assert "550 no such mailbox" in of_three.detail


def test_what_is_in_doubt_says_whether_it_was_looked_for() -> None:
    assert "is being looked for" in outbox_row(unsent(SendState.DOUBTFUL), NOW).detail
    looked = outbox_row(unsent(SendState.DOUBTFUL, has_looked=True), NOW)
    assert looked.detail.startswith("It is not in Sent")
    likely = unsent(SendState.DOUBTFUL, has_looked=True, is_likely_unsent=True)
    assert outbox_row(likely, NOW).detail.endswith("most likely it has not gone out.")


def test_beside_the_message_it_is_calm_as_long_as_all_is_well() -> None:
    calm = sending_notice(unsent(SendState.TRYING), AT + timedelta(seconds=2))
    assert calm is not None
    assert (calm.title, calm.tone) == ("Sending to Jana", Tone.MUTED)
    late = sending_notice(unsent(SendState.WAITING, problem=FULL), NOW)
    assert late is not None
    assert late.tone is Tone.AMBER
    assert late.buttons[0].target == "one"
    assert sending_notice(unsent(SendState.HELD), NOW) is None
    assert sending_notice(unsent(SendState.WRITING, problem=FULL), NOW) is None


def test_what_came_back_can_be_written_on_from_the_list() -> None:
    row = outbox_row(unsent(SendState.WRITING, problem=FULL, subject=""), NOW)
    assert row.subject == "(no subject)"
    assert [one.action for one in row.buttons] == [Action.EDIT_DRAFT, Action.GIVE_UP]


def test_what_an_earlier_run_left_is_named_as_what_it_is() -> None:
    answer = a_draft()
    forward = replace(answer, kind=AnswerKind.FORWARD, recipients=Recipients())
    assert begun_before_notice([]) is None
    for drafts, title in (
        ([answer], "You began an answer to Jana Nováková"),
        ([answer, forward], "You began an answer to Jana Nováková, and 1 more"),
        ([forward], "You began to forward a mail"),
    ):
        notice = begun_before_notice(drafts)
        assert notice is not None
        assert notice.title == title
