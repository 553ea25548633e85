from dataclasses import replace
from datetime import timedelta

import pytest

from supportdesk.domain.answers import AnswerKind, DraftId
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.events import HistoryStored, MessageChanged, MessagesArrived
from supportdesk.domain.mail import MessageId
from supportdesk.domain.send_events import (
    AnswerFlagged,
    CopyFiled,
    DraftCopied,
    SendAccepted,
    SendDoubtful,
    SendFrozen,
    SendPoised,
    SendUnmarked,
    SentLookedFor,
    ThreadChecked,
)
from supportdesk.domain.sending import SendEvent, SendState
from supportdesk.services.outbox_waits import CAP_SECONDS, FIRST_SECONDS
from supportdesk.services.send_commands import (
    CheckThread,
    Discard,
    FileCopy,
    Flag,
    Freeze,
    GiveUp,
    GoOn,
    LearnKeepsSent,
    LookFor,
    Mark,
    Send,
    ShowAnswer,
    Unmark,
)
from supportdesk.services.send_steps import (
    CHECK_SECONDS,
    LOOK_AFTER_SECONDS,
    MARK_LEFT_BEHIND_SECONDS,
    SOMEBODY_ELSE_SECONDS,
    Commands,
    moved,
)
from tests.fakes.answers import AT, SUPPORT, an_outgoing
from tests.fakes.happenings import a_message, an_answer
from tests.fakes.outbox_rig import DOWN, ONE, PLACE, QUESTION, OutboxRig, key_of

MARK = "$SD-sending-anna-1234"
BERT = ("$SD-sending-bert-9999",)
FINAL = Problem(title="Nobody lives there", advice="Look at the address.", is_for_founder=True)
PASSWORD = Problem(title="The password is wrong", advice="Type it.", is_for_founder=True)
NO_SENT = Problem(title="There is no Sent mailbox", advice="Make one.", is_for_founder=True)
LOST = Problem(title="The link went", advice="It is looked for.", is_for_founder=True)
OWN_ID = MessageId("<one@example.com>")


@pytest.fixture
def rig() -> OutboxRig:
    return OutboxRig()


def kinds(commands: Commands) -> list[type]:
    return [type(one) for one in commands]


def doubtful(rig: OutboxRig) -> Commands:
    rig.poised()
    return rig.tell(SendDoubtful(account=SUPPORT, draft_id=ONE, problem=LOST))


# --- the way out -----------------------------------------------------------------------------


def test_an_answer_goes_its_way_to_the_end_by_one_dot(rig: OutboxRig) -> None:
    rig.finished()
    assert rig.states() == [
        *("COUNTING", "FREEZING", "WAITING", "CHECKING", "CHECKING", "TRYING", "POISED"),
        *("SENT", "FILING", "FILED", "DONE"),
    ]
    assert kinds(tuple(rig.done)) == [
        *(Freeze, Mark, CheckThread, Send, GoOn, ShowAnswer, FileCopy, ShowAnswer, Unmark, Flag),
        Discard,
    ]
    assert rig.outbox.outgoing(ONE) is None
    assert rig.store.kept == {}
    assert rig.store.on_its_way[ONE].mark == ""


def test_who_answers_nobody_is_neither_marked_nor_looked_at(rig: OutboxRig) -> None:
    rig.checking(kind=AnswerKind.FORWARD)
    assert kinds(tuple(rig.done)) == [Freeze, Send]
    rig.tell(SendPoised(account=SUPPORT, draft_id=ONE))
    rig.tell(SendAccepted(account=SUPPORT, draft_id=ONE))
    rig.tell(CopyFiled(account=SUPPORT, draft_id=ONE, place=None))
    assert kinds(tuple(rig.done))[2:] == [GoOn, ShowAnswer, FileCopy, Discard]
    assert rig.store.on_its_way[ONE].state is SendState.DONE


def test_the_dot_is_allowed_when_that_is_on_disk_and_once(rig: OutboxRig) -> None:
    rig.trying()
    rig.store.is_full = True
    poised = SendPoised(account=SUPPORT, draft_id=ONE)
    assert kinds(rig.tell(poised)) == [GiveUp]
    assert rig.state() is SendState.TRYING
    assert rig.outbox.problem is not None
    rig.store.is_full = False
    assert kinds(rig.tell(poised)) == [GoOn]
    assert rig.row().poised_at == AT + timedelta(seconds=10)
    assert rig.tell(poised) == ()


def test_a_dot_that_waits_for_a_message_that_is_taken_back_or_gone_is_given_up(
    rig: OutboxRig,
) -> None:
    rig.trying()
    rig.outbox.take_back(ONE, rig.now)
    assert kinds(rig.tell(SendPoised(account=SUPPORT, draft_id=ONE))) == [GiveUp]
    other = DraftId("unknown")
    assert kinds(rig.tell(SendPoised(account=SUPPORT, draft_id=other))) == [GiveUp]
    assert rig.tell(SendFrozen(account=SUPPORT, draft_id=other, wire_bytes=1)) == ()
    assert rig.tell(SendAccepted(account=SUPPORT, draft_id=other)) == ()
    assert rig.tell(AnswerFlagged(account=SUPPORT, draft_id=other)) == ()


def test_late_words_of_a_try_that_was_given_up_change_nothing(rig: OutboxRig) -> None:
    rig.sent()
    for late in (
        SendFrozen(account=SUPPORT, draft_id=ONE, wire_bytes=1),
        SendAccepted(account=SUPPORT, draft_id=ONE),
        SendDoubtful(account=SUPPORT, draft_id=ONE, problem=LOST),
        SentLookedFor(account=SUPPORT, draft_id=ONE, place=None),
        SentLookedFor(account=SUPPORT, draft_id=ONE, place=PLACE),
        CopyFiled(account=SUPPORT, draft_id=ONE, place=PLACE),
        AnswerFlagged(account=SUPPORT, draft_id=ONE),
        ThreadChecked(account=SUPPORT, token="one/9"),
        HistoryStored(account=SUPPORT, mailbox="INBOX"),
    ):
        assert rig.tell(late) == ()
    assert rig.fail() == ()
    assert rig.state() is SendState.COUNTING
    assert kinds(rig.marked()) == [Unmark]


def test_what_cannot_be_frozen_is_tried_again_unless_it_never_works(rig: OutboxRig) -> None:
    rig.sent()
    rig.wait(10)
    rig.fail()
    assert (rig.state(), rig.row().problem) == (SendState.FREEZING, DOWN)
    assert rig.wait(FIRST_SECONDS - 1) == ()
    assert kinds(rig.wait(1)) == [Freeze]
    rig.fail(problem=FINAL, is_final=True)
    assert (rig.state(), rig.row().problem) == (SendState.REFUSED, FINAL)


def test_a_message_whose_text_is_gone_is_refused(rig: OutboxRig) -> None:
    rig.sent()
    rig.drafts.drop(ONE)
    assert rig.wait(10) == ()
    assert rig.state() is SendState.REFUSED


# --- before the try ---------------------------------------------------------------------------


def test_while_somebody_else_sends_an_answer_ours_waits(rig: OutboxRig) -> None:
    rig.checking()
    assert rig.marked(others=BERT) == ()
    problem = rig.row().problem
    assert problem is not None
    assert problem.title.startswith("bert is sending")
    assert rig.state() is SendState.WAITING
    assert kinds(rig.wait(SOMEBODY_ELSE_SECONDS)) == [Mark]
    assert kinds(rig.marked()) == [CheckThread]
    assert rig.row().mark == MARK


def test_a_mark_that_was_left_behind_stops_nobody_for_ever(rig: OutboxRig) -> None:
    rig.checking()
    rig.marked(others=BERT)
    rig.wait(SOMEBODY_ELSE_SECONDS)
    rig.clock.go_on(MARK_LEFT_BEHIND_SECONDS)
    assert kinds(rig.marked(others=BERT)) == [CheckThread]


def test_who_sends_anyway_goes_past_the_marks_of_others(rig: OutboxRig) -> None:
    rig.checking()
    rig.marked()
    rig.arrive(an_answer(5, QUESTION, at=rig.clock.at))
    assert kinds(rig.checked()) == [Unmark]
    assert rig.state() is SendState.HELD
    rig.take(rig.outbox.send_anyway(ONE, rig.now))
    assert kinds(rig.marked(others=BERT)) == [CheckThread]
    assert kinds(rig.checked()) == [Send]


def test_what_was_not_looked_at_is_not_sent(rig: OutboxRig) -> None:
    rig.checking()
    rig.marked()
    assert kinds(rig.checked(problem=DOWN)) == [Unmark]
    problem = rig.row().problem
    assert problem is not None
    assert (problem.title, problem.sort) == (
        "Inbox and Sent could not be looked at",
        "ConnectionLost",
    )
    assert rig.state() is SendState.WAITING


def test_a_look_that_takes_too_long_is_none_and_its_answer_comes_too_late(rig: OutboxRig) -> None:
    rig.checking()
    rig.marked()
    assert kinds(rig.wait(CHECK_SECONDS)) == [Unmark]
    assert rig.state() is SendState.WAITING
    assert rig.checked() == ()
    rig.wait(FIRST_SECONDS)
    rig.marked()
    first, second = [one.token for one in rig.done if isinstance(one, CheckThread)]
    assert rig.tell(ThreadChecked(account=SUPPORT, token=first)) == ()
    assert kinds(rig.tell(ThreadChecked(account=SUPPORT, token=second))) == [Send]


def test_a_copy_of_ours_that_is_found_while_looking_ends_it(rig: OutboxRig) -> None:
    rig.checking()
    rig.marked()
    own = a_message(7, at=rig.clock.at, message_id=OWN_ID, mailbox="Sent")
    rig.arrive(replace(own, is_sent_copy=True))
    assert kinds(rig.checked()) == [ShowAnswer, FileCopy]
    assert rig.row().sent_at == rig.clock.at


def test_where_the_text_is_gone_there_is_nothing_to_compare(rig: OutboxRig) -> None:
    rig.checking()
    rig.marked()
    rig.drafts.drop(ONE)
    assert kinds(rig.checked()) == [Send]
    rig.tell(SendPoised(account=SUPPORT, draft_id=ONE))
    assert kinds(rig.tell(SendAccepted(account=SUPPORT, draft_id=ONE))) == [FileCopy]


# --- what failed ------------------------------------------------------------------------------


def test_a_try_that_fails_waits_and_so_does_its_account(rig: OutboxRig) -> None:
    rig.trying()
    rig.sent("two")
    rig.wait(10)
    rig.tell(SendFrozen(account=SUPPORT, draft_id=DraftId("two"), wire_bytes=1))
    assert kinds(rig.fail()) == [Unmark]
    row = rig.row()
    assert (row.state, row.problem, row.tries) == (SendState.WAITING, DOWN, 1)
    assert row.next_at == rig.clock.at + timedelta(seconds=FIRST_SECONDS)
    assert rig.state(DraftId("two")) is SendState.WAITING
    assert kinds(rig.wait(FIRST_SECONDS)) == [Mark]
    assert rig.tell(SendUnmarked(account=SUPPORT, draft_id=ONE)) == ()
    assert rig.row().mark == ""


def test_an_address_that_is_refused_for_now_does_not_stop_the_account(rig: OutboxRig) -> None:
    rig.trying()
    rig.sent("two")
    rig.wait(10)
    rig.tell(SendFrozen(account=SUPPORT, draft_id=DraftId("two"), wire_bytes=1))
    refused = (("jana@customer.example", "451 come back later"),)
    assert kinds(rig.fail(refused=refused)) == [Unmark, Mark]
    assert rig.row().refused == refused
    assert rig.state(DraftId("two")) is SendState.CHECKING


def test_what_is_refused_for_good_asks_the_founder(rig: OutboxRig) -> None:
    rig.trying()
    refused = (("jana@customer.example", "550 nobody there"),)
    assert kinds(rig.fail(problem=FINAL, refused=refused, is_final=True)) == [Unmark]
    assert (rig.state(), rig.row().refused) == (SendState.REFUSED, refused)
    assert rig.wait(3600) == ()


def test_bytes_that_cannot_be_read_do_not_stop_the_account(rig: OutboxRig) -> None:
    rig.trying()
    rig.sent("two")
    rig.wait(10)
    rig.tell(SendFrozen(account=SUPPORT, draft_id=DraftId("two"), wire_bytes=1))
    lost = StoreError("What was to be sent cannot be read", "Open it and send it again.").problem
    assert kinds(rig.fail(problem=lost)) == [Unmark, Mark]
    assert rig.outbox.unsent()[0].needs_founder


def test_a_password_that_is_wrong_is_not_tried_again_before_somebody_acts(rig: OutboxRig) -> None:
    rig.trying()
    rig.fail(problem=PASSWORD)
    assert rig.wait(7 * 24 * 3600.0) == ()
    assert rig.outbox.next_due() is None
    assert kinds(rig.outbox.hurry(rig.now)) == []
    assert kinds(rig.outbox.try_again(rig.now)) == [Mark]


def test_after_a_dot_that_was_refused_for_now_it_waits_as_before(rig: OutboxRig) -> None:
    rig.poised()
    rig.fail()
    assert rig.state() is SendState.WAITING


def test_a_copy_that_cannot_be_filed_is_tried_again_and_never_sent_again(rig: OutboxRig) -> None:
    rig.accepted()
    assert rig.fail() == ()
    assert (rig.state(), rig.row().problem) == (SendState.SENT, DOWN)
    assert kinds(rig.wait(FIRST_SECONDS)) == [FileCopy]
    rig.fail(problem=NO_SENT, is_final=True)
    assert rig.wait(CAP_SECONDS - 1) == ()
    assert kinds(rig.wait(1)) == [FileCopy]


def test_a_flag_that_cannot_be_set_is_tried_again_until_it_never_works(rig: OutboxRig) -> None:
    rig.filed()
    rig.fail()
    assert rig.state() is SendState.FILED
    assert kinds(rig.wait(FIRST_SECONDS)) == [Unmark, Flag]
    assert kinds(rig.fail(problem=FINAL, is_final=True)) == [Discard]
    assert rig.store.on_its_way[ONE].state is SendState.DONE


def test_what_is_done_is_done_once_that_is_on_disk(rig: OutboxRig) -> None:
    rig.filed()
    rig.store.is_full = True
    done = AnswerFlagged(account=SUPPORT, draft_id=ONE)
    assert rig.tell(done) == ()
    assert (rig.state(), rig.outbox.problem is None) == (SendState.FILED, False)
    rig.store.is_full = False
    assert kinds(rig.wait(FIRST_SECONDS)) == [Unmark, Flag]
    assert kinds(rig.tell(done)) == [Discard]


# --- proof ------------------------------------------------------------------------------------


def test_a_doubtful_one_is_looked_for_four_times_and_never_sent_by_itself(rig: OutboxRig) -> None:
    assert kinds(doubtful(rig)) == [LookFor]
    assert (rig.state(), rig.row().problem) == (SendState.DOUBTFUL, LOST)
    for gap in (5.0, 25.0, 90.0):
        assert not rig.outbox.unsent()[0].has_looked
        rig.looked()
        assert rig.wait(gap - 1) == ()
        assert kinds(rig.wait(1)) == [LookFor]
    rig.looked()
    assert LOOK_AFTER_SECONDS[-1] == 5.0 + 25.0 + 90.0
    assert rig.outbox.unsent()[0].has_looked
    assert rig.wait(30 * 24 * 3600.0) == ()
    assert rig.outbox.next_due() is None
    assert kinds(tuple(rig.done)).count(Send) == 1


def test_a_look_that_could_not_be_made_is_made_again(rig: OutboxRig) -> None:
    doubtful(rig)
    assert rig.fail() == ()
    assert kinds(rig.wait(FIRST_SECONDS)) == [LookFor]
    assert not rig.outbox.unsent()[0].has_looked


def test_a_copy_in_sent_is_proof(rig: OutboxRig) -> None:
    doubtful(rig)
    assert kinds(rig.looked(place=PLACE)) == [ShowAnswer, FileCopy]
    assert (rig.state(), rig.row().place) == (SendState.FILING, PLACE)


def test_the_founder_s_word_is_proof(rig: OutboxRig) -> None:
    doubtful(rig)
    assert kinds(rig.outbox.it_has_gone(ONE, rig.now)) == [ShowAnswer, FileCopy]


def test_a_server_that_is_heard_after_all_ends_the_doubt(rig: OutboxRig) -> None:
    doubtful(rig)
    assert kinds(rig.tell(SendAccepted(account=SUPPORT, draft_id=ONE))) == [ShowAnswer, FileCopy]


def test_mail_that_comes_later_is_proof(rig: OutboxRig) -> None:
    doubtful(rig)
    stranger = a_message(50)
    arrived = MessagesArrived(account=SUPPORT, messages=(stranger,), at=AT)
    assert rig.tell(arrived) == ()
    reply = a_message(51, references=[OWN_ID])
    both = (reply, a_message(52, message_id=OWN_ID))
    arrived = MessagesArrived(account=SUPPORT, messages=both, at=AT)
    assert kinds(rig.tell(arrived)) == [ShowAnswer, FileCopy]
    assert rig.tell(MessageChanged(message=reply, at=AT)) == ()


def test_proof_ends_a_try_too(rig: OutboxRig) -> None:
    rig.trying()
    own = a_message(52, message_id=OWN_ID)
    found = rig.tell(MessageChanged(message=own, at=AT))
    assert kinds(found) == [GiveUp, ShowAnswer, FileCopy]


def test_what_another_run_wrote_is_looked_for_before_it_is_tried(rig: OutboxRig) -> None:
    rig.trying()
    assert kinds(rig.restart()) == [Unmark, LookFor]
    assert rig.state() is SendState.WAITING
    rig.fail()
    assert rig.state() is SendState.WAITING
    assert kinds(rig.wait(FIRST_SECONDS)) == [LookFor]
    assert kinds(rig.looked()) == [Mark]
    assert rig.state() is SendState.CHECKING


def test_a_look_that_a_stopped_worker_owes_is_asked_of_the_next_one(rig: OutboxRig) -> None:
    rig.trying()
    rig.sent("two")
    rig.wait(10)
    rig.restart()
    assert (rig.state(), rig.state(DraftId("two"))) == (SendState.WAITING, SendState.FREEZING)
    assert kinds(rig.outbox.worker_ended(SUPPORT, rig.now)) == [LookFor, Freeze]


# --- learning ---------------------------------------------------------------------------------


def test_how_a_server_keeps_sent_is_learnt_whenever_it_is_told(rig: OutboxRig) -> None:
    rig.accepted()
    learnt = CopyFiled(account=SUPPORT, draft_id=ONE, place=None, keeps_sent=True)
    assert kinds(rig.tell(learnt)) == [LearnKeepsSent, Unmark, Flag]
    assert rig.row().place is None
    rig.tell(AnswerFlagged(account=SUPPORT, draft_id=ONE))
    assert rig.tell(learnt) == (LearnKeepsSent(account=SUPPORT, keeps=True),)


def test_where_a_draft_is_copied_to_is_kept_with_it(rig: OutboxRig) -> None:
    rig.written()
    rig.tell(DraftCopied(account=SUPPORT, draft_id=ONE, place=PLACE))
    assert rig.store.kept[ONE].copied_to == PLACE
    rig.tell(DraftCopied(account=SUPPORT, draft_id=DraftId("unknown"), place=PLACE))


def test_a_row_moves_by_the_table_alone() -> None:
    waiting = an_outgoing()
    assert moved(waiting, SendEvent.DUE, tries=3).tries == 3
    with pytest.raises(ValueError, match="ACCEPTED in WAITING"):
        moved(waiting, SendEvent.ACCEPTED)
    assert key_of("<question@customer.example>") == QUESTION.key
