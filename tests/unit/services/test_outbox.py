from dataclasses import replace
from datetime import timedelta

import pytest

from supportdesk.domain.answers import DraftId
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.domain.send_events import (
    CopyFiled,
    SendDoubtful,
    SendFrozen,
    SendPoised,
)
from supportdesk.domain.sending import Outgoing, SendState
from supportdesk.services.collisions import Answered
from supportdesk.services.outbox import KEPT_FOR
from supportdesk.services.outbox_waits import CAP_SECONDS, FIRST_SECONDS
from supportdesk.services.send_commands import (
    CheckThread,
    Discard,
    FileCopy,
    Flag,
    Freeze,
    GiveUp,
    LookFor,
    Mark,
    Send,
    ShowAnswer,
    Unmark,
)
from supportdesk.services.send_steps import CHECK_SECONDS, Commands
from tests.fakes.answers import AT, SUPPORT, a_draft, an_outgoing
from tests.fakes.happenings import a_message, an_answer
from tests.fakes.outbox_rig import ONE, QUESTION, UNDO_SECONDS, OutboxRig

TWO = DraftId("two")
MARK = "$SD-sending-anna-1234"
LOST = Problem(title="The link went", advice="It is looked for.", is_for_founder=True)
LATER = Problem(title="Not now", advice="It is tried again.")
FINAL = Problem(title="Nobody lives there", advice="Look at the address.", is_for_founder=True)


@pytest.fixture
def rig() -> OutboxRig:
    return OutboxRig()


def kinds(commands: Commands) -> list[type]:
    return [type(one) for one in commands]


def left_behind(rig: OutboxRig, state: SendState, **more: object) -> Outgoing:
    """A row and a draft as a run left them."""
    row = replace(an_outgoing(state=state), **more)  # type: ignore[arg-type]  # by replace itself
    rig.store.on_its_way[ONE] = row
    rig.store.kept[ONE] = replace(a_draft(), base=frozenset({QUESTION.key}))
    return row


# --- the time to undo -------------------------------------------------------------------------


def test_it_counts_down_by_a_clock_that_does_not_jump(rig: OutboxRig) -> None:
    rig.sent()
    assert rig.outbox.counting() == (ONE,)
    rig.clock.at += timedelta(days=400)
    assert rig.outbox.seconds_left(ONE, rig.now) == UNDO_SECONDS
    assert rig.wait(4) == ()
    assert rig.outbox.seconds_left(ONE, rig.now) == 6
    assert rig.outbox.next_due() == rig.clock.seconds + 6
    assert kinds(rig.wait(6)) == [Freeze]
    assert rig.outbox.counting() == ()
    assert rig.outbox.seconds_left(ONE, rig.now) == 0
    assert rig.outbox.seconds_left(TWO, rig.now) == 0


def test_with_no_time_to_undo_it_goes_at_once(rig: OutboxRig) -> None:
    rig.written()
    assert kinds(rig.outbox.send(ONE, 0.0, rig.now)) == [Freeze]


def test_who_undoes_goes_on_writing_and_sends_the_same_message_later(rig: OutboxRig) -> None:
    rig.sent()
    assert rig.outbox.take_back(ONE, rig.now) == ()
    assert (rig.state(), rig.outbox.unsent()) == (SendState.WRITING, ())
    assert rig.wait(60) == ()
    rig.take(rig.outbox.send(ONE, UNDO_SECONDS, rig.now))
    assert rig.row().message_id == "<one@example.com>"
    assert rig.row().since == rig.clock.at
    assert kinds(rig.outbox.send_now(ONE, rig.now)) == [Freeze]
    assert rig.outbox.send_now(ONE, rig.now) == ()


def test_what_is_sent_twice_by_two_clicks_is_sent_once(rig: OutboxRig) -> None:
    rig.sent()
    assert rig.outbox.send(ONE, 0.0, rig.now) == ()
    assert rig.outbox.send(DraftId("unknown"), 0.0, rig.now) == ()
    assert rig.state() is SendState.COUNTING


def test_what_cannot_be_kept_is_not_sent(rig: OutboxRig) -> None:
    rig.written()
    rig.store.is_full = True
    with pytest.raises(StoreError):
        rig.outbox.send(ONE, UNDO_SECONDS, rig.now)
    assert rig.outbox.outgoing(ONE) is None
    assert rig.outbox.next_due() is None


def test_where_the_question_lies_is_remembered_if_it_is_known(rig: OutboxRig) -> None:
    rig.sent()
    assert rig.row().question == QUESTION.address
    rig.drafts.begin(replace(a_draft("two"), answers="mail/Support/<old@example.com>"))
    rig.outbox.send(TWO, 10.0, rig.now)
    assert rig.row(TWO).question is None


def test_a_run_that_ends_sends_nothing_that_could_still_be_undone(rig: OutboxRig) -> None:
    rig.sent()
    rig.checking("two")
    rig.outbox.send(ONE, UNDO_SECONDS, rig.now)
    rig.drafts.begin(a_draft("three"))
    rig.outbox.send(DraftId("three"), UNDO_SECONDS, rig.now)
    rig.outbox.end()
    told = {one.outgoing.draft_id: one for one in rig.outbox.unsent()}
    assert told[DraftId("three")].state is SendState.WRITING
    problem = told[DraftId("three")].problem
    assert problem is not None
    assert problem.title == "Not sent: the session ended within the time to undo"


# --- the founder's acts -----------------------------------------------------------------------


def test_what_waits_is_pulled_out_and_a_try_is_given_up_for_it(rig: OutboxRig) -> None:
    rig.trying()
    assert kinds(rig.outbox.take_back(ONE, rig.now)) == [GiveUp, Unmark]
    assert rig.row().message_id == "<one@example.com>"
    assert rig.outbox.take_back(ONE, rig.now) == ()
    assert rig.outbox.take_back(TWO, rig.now) == ()


def test_whatever_a_server_may_know_already_is_another_message_once_it_is_edited(
    rig: OutboxRig,
) -> None:
    rig.poised()
    rig.fail(problem=FINAL, is_final=True)
    rig.outbox.take_back(ONE, rig.now)
    assert rig.row().message_id == rig.store.kept[ONE].message_id == "<new-one@example.com>"
    assert rig.row().poised_at is None


def test_nothing_is_taken_back_that_cannot_be_kept_as_a_draft(rig: OutboxRig) -> None:
    rig.trying()
    rig.store.is_full = True
    with pytest.raises(StoreError):
        rig.outbox.take_back(ONE, rig.now)
    assert rig.state() is SendState.TRYING


def test_a_message_without_a_text_can_be_taken_back(rig: OutboxRig) -> None:
    left_behind(rig, SendState.WAITING)
    del rig.store.kept[ONE]
    rig.restart()
    rig.outbox.take_back(ONE, rig.now)
    assert rig.state() is SendState.WRITING
    assert rig.outbox.what_is_new(ONE) == ()


def test_held_beside_what_came_and_then_sent_anyway(rig: OutboxRig) -> None:
    rig.checking()
    rig.marked()
    answer = an_answer(5, QUESTION, at=rig.clock.at)
    rig.arrive(answer)
    rig.checked()
    assert rig.outbox.unsent()[0].needs_founder
    assert isinstance(rig.outbox.what_is_new(ONE), Answered)
    assert kinds(rig.outbox.send_anyway(ONE, rig.now)) == [Mark]
    assert rig.outbox.what_is_new(ONE) == ()
    assert answer.key in rig.store.kept[ONE].base
    assert rig.outbox.send_anyway(ONE, rig.now) == ()
    assert rig.outbox.send_anyway(TWO, rig.now) == ()


def test_who_adds_what_came_to_theirs_has_seen_it(rig: OutboxRig) -> None:
    rig.checking()
    rig.marked()
    rig.arrive(an_answer(5, QUESTION, at=rig.clock.at))
    rig.checked()
    rig.outbox.take_back(ONE, rig.now)
    assert rig.outbox.what_is_new(ONE) == ()


def test_a_held_message_without_a_text_is_sent_as_it_was_frozen(rig: OutboxRig) -> None:
    left_behind(rig, SendState.HELD)
    del rig.store.kept[ONE]
    rig.restart()
    assert kinds(rig.outbox.send_anyway(ONE, rig.now)) == [Mark]


def test_a_doubtful_one_is_sent_again_by_a_click_after_one_more_look(rig: OutboxRig) -> None:
    left_behind(rig, SendState.DOUBTFUL)
    assert kinds(rig.restart()) == [LookFor]
    rig.looked()
    assert kinds(rig.outbox.again(ONE, rig.now)) == [LookFor]
    assert rig.row().message_id == "<one@example.com>"
    assert kinds(rig.looked()) == [Mark]
    assert rig.outbox.again(ONE, rig.now) == ()
    assert rig.outbox.again(TWO, rig.now) == ()


def test_what_waits_is_tried_now_by_a_click(rig: OutboxRig) -> None:
    rig.trying()
    rig.fail()
    assert rig.outbox.due(rig.now) == ()
    assert kinds(rig.outbox.again(ONE, rig.now)) == [Mark]


def test_a_copy_that_cannot_be_filed_is_told_until_it_is(rig: OutboxRig) -> None:
    full = Problem(title="The mailbox is full", advice="Make room.", is_for_founder=True)
    left_behind(rig, SendState.SENT)
    assert kinds(rig.restart()) == [ShowAnswer, FileCopy]
    assert not_filed(rig) is None
    rig.fail(problem=LATER)
    assert not_filed(rig) is None, "it mends itself"
    rig.clock.go_on(CAP_SECONDS)
    assert kinds(rig.take(rig.outbox.due(rig.now))) == [FileCopy]
    rig.fail(problem=full)
    assert not_filed(rig) == full
    assert not rig.outbox.unsent(), "the customer has it"
    rig.clock.go_on(CAP_SECONDS)
    assert kinds(rig.take(rig.outbox.due(rig.now))) == [FileCopy]
    assert not_filed(rig) == full
    rig.take(rig.outbox.apply(CopyFiled(account=SUPPORT, draft_id=ONE, place=None), rig.now))
    assert not_filed(rig) is None


def not_filed(rig: OutboxRig) -> Problem | None:
    return rig.outbox.not_filed


def test_what_was_refused_is_sent_again_as_it_is_by_a_click(rig: OutboxRig) -> None:
    rig.trying()
    rig.fail(problem=FINAL, is_final=True)
    assert kinds(rig.outbox.again(ONE, rig.now)) == [LookFor]
    assert rig.row().problem is None


def test_where_the_server_keeps_copies_a_missing_one_tells(rig: OutboxRig) -> None:
    left_behind(rig, SendState.DOUBTFUL)
    rig.restart()
    rig.store.learnt[SUPPORT] = True
    for gap in (5, 25, 90, 0):
        assert not rig.outbox.unsent()[0].is_likely_unsent
        rig.looked()
        rig.wait(gap)
    assert rig.outbox.unsent()[0].is_likely_unsent
    del rig.store.learnt[SUPPORT]
    assert not rig.outbox.unsent()[0].is_likely_unsent

    def fail(account: SourceName) -> bool | None:
        raise StoreError("desk.db cannot be read", "Put it back.")

    rig.store.keeps_sent = fail  # type: ignore[method-assign]  # the disk of this test
    assert not rig.outbox.unsent()[0].is_likely_unsent
    rig.outbox.use([SUPPORT], keeping=[SUPPORT])
    assert rig.outbox.unsent()[0].is_likely_unsent


def test_the_founder_says_that_it_has_gone_or_looks_again(rig: OutboxRig) -> None:
    assert rig.outbox.look_again(ONE, rig.now) == ()
    assert rig.outbox.it_has_gone(ONE, rig.now) == ()
    left_behind(rig, SendState.DOUBTFUL)
    rig.restart()
    rig.looked()
    assert kinds(rig.outbox.look_again(ONE, rig.now)) == [LookFor]
    assert kinds(rig.outbox.it_has_gone(ONE, rig.now)) == [ShowAnswer, FileCopy]
    assert rig.outbox.look_again(ONE, rig.now) == ()
    assert rig.outbox.it_has_gone(ONE, rig.now) == ()


def test_what_is_given_up_is_gone_with_its_text_unless_the_disk_forbids(rig: OutboxRig) -> None:
    rig.trying()
    rig.store.is_full = True
    with pytest.raises(StoreError):
        rig.outbox.give_up(ONE, rig.now)
    assert rig.state() is SendState.TRYING
    rig.store.is_full = False
    assert kinds(rig.outbox.give_up(ONE, rig.now)) == [GiveUp, Unmark, Discard]
    assert (rig.store.kept, rig.store.on_its_way) == ({}, {})
    assert rig.tell(SendPoised(account=SUPPORT, draft_id=ONE)) != ()


def test_a_doubtful_one_that_was_given_up_and_taken_up_again_is_looked_for_first(
    rig: OutboxRig,
) -> None:
    rig.poised()
    rig.tell(SendDoubtful(account=SUPPORT, draft_id=ONE, problem=LOST))
    rig.looked()
    rig.outbox.give_up(ONE, rig.now)
    rig.sent()
    rig.wait(UNDO_SECONDS)
    asked = rig.tell(SendFrozen(account=SUPPORT, draft_id=ONE, wire_bytes=1))
    assert kinds(asked) == [LookFor]


def test_a_draft_that_was_never_sent_is_given_up_too_and_a_dot_is_not(rig: OutboxRig) -> None:
    rig.written()
    assert rig.outbox.give_up(ONE, rig.now) == ()
    assert rig.store.kept == {}
    rig.poised("two")
    assert rig.outbox.give_up(TWO, rig.now) == ()
    assert rig.outbox.is_poised(SUPPORT)
    assert not rig.outbox.is_poised(SourceName("Other"))
    rig.sent("three")
    assert kinds(rig.outbox.give_up(DraftId("three"), rig.now)) == [Discard]


# --- the next run -----------------------------------------------------------------------------


def test_what_was_counting_when_the_run_was_killed_is_a_draft(rig: OutboxRig) -> None:
    rig.sent()
    assert rig.restart() == ()
    (told,) = rig.outbox.unsent()
    assert told.state is SendState.WRITING
    assert told.problem is not None
    assert told.problem.title.startswith("Not sent: supportdesk ended")
    rig.outbox.take_back(ONE, rig.now)
    assert rig.outbox.unsent() == ()


@pytest.mark.parametrize(
    ("state", "then", "commands"),
    [
        (SendState.FREEZING, SendState.FREEZING, [Freeze]),
        (SendState.WAITING, SendState.WAITING, [Unmark, LookFor]),
        (SendState.CHECKING, SendState.WAITING, [Unmark, LookFor]),
        (SendState.TRYING, SendState.WAITING, [Unmark, LookFor]),
        (SendState.HELD, SendState.HELD, [Unmark]),
        (SendState.POISED, SendState.DOUBTFUL, [LookFor]),
        (SendState.DOUBTFUL, SendState.DOUBTFUL, [LookFor]),
        (SendState.SENT, SendState.FILING, [ShowAnswer, FileCopy]),
        (SendState.FILED, SendState.FILED, [ShowAnswer, Unmark, Flag]),
        (SendState.REFUSED, SendState.REFUSED, [Unmark]),
    ],
)
def test_a_kill_in_each_state(
    rig: OutboxRig, state: SendState, then: SendState, commands: list[type]
) -> None:
    left_behind(rig, state, mark="" if state is SendState.FREEZING else MARK)
    assert kinds(rig.restart()) == commands
    assert rig.state() is then


def test_what_was_being_filed_is_looked_for_a_moment_later(rig: OutboxRig) -> None:
    left_behind(rig, SendState.FILING)
    assert kinds(rig.restart()) == [ShowAnswer]
    assert kinds(rig.wait(2)) == [FileCopy]


def test_a_run_that_was_cut_off_at_the_dot_says_so(rig: OutboxRig) -> None:
    left_behind(rig, SendState.POISED)
    rig.restart()
    problem = rig.row().problem
    assert problem is not None
    assert problem.title.startswith("supportdesk ended before the server")


def test_what_waits_goes_on_waiting_but_not_for_a_clock_that_was_wrong(rig: OutboxRig) -> None:
    left_behind(rig, SendState.WAITING, next_at=AT + timedelta(seconds=20))
    assert rig.restart() == ()
    assert kinds(rig.wait(20)) == [LookFor]
    left_behind(rig, SendState.WAITING, next_at=AT + timedelta(days=4000))
    assert rig.restart() == ()
    assert kinds(rig.wait(CAP_SECONDS)) == [LookFor]


@pytest.mark.parametrize("state", [SendState.COUNTING, SendState.WAITING, SendState.TRYING])
def test_nothing_of_another_computer_is_sent(rig: OutboxRig, state: SendState) -> None:
    left_behind(rig, state, installation="elsewhere")
    assert rig.restart() == ()
    (told,) = rig.outbox.unsent()
    assert (told.state, told.needs_founder) == (SendState.WRITING, True)
    assert told.problem is not None
    assert "comes from another computer" in told.problem.title
    assert rig.row().installation == "here"


def test_a_dot_of_another_computer_is_looked_for(rig: OutboxRig) -> None:
    left_behind(rig, SendState.POISED, installation="elsewhere")
    assert kinds(rig.restart()) == [LookFor]
    problem = rig.row().problem
    assert problem is not None
    assert "from another computer" in problem.title


def test_an_older_desk_db_that_came_back_sends_nothing_again(rig: OutboxRig) -> None:
    """The draft is there, its row is not, and the message has gone out long ago."""
    rig.written()
    rig.restart()
    rig.take(rig.outbox.send(ONE, 0.0, rig.now))
    asked = rig.tell(SendFrozen(account=SUPPORT, draft_id=ONE, wire_bytes=1))
    assert kinds(asked) == [LookFor]


def test_what_is_done_is_kept_for_a_month_and_its_text_no_longer(rig: OutboxRig) -> None:
    left_behind(rig, SendState.DONE, sent_at=AT)
    rig.restart()
    assert (rig.store.kept, list(rig.store.on_its_way)) == ({}, [ONE])
    rig.clock.at += KEPT_FOR
    rig.restart()
    assert list(rig.store.on_its_way) == [ONE]
    rig.clock.at += timedelta(seconds=1)
    rig.restart()
    assert rig.store.on_its_way == {}


def test_a_full_disk_leaves_the_rest_of_what_is_done_to_the_next_start(rig: OutboxRig) -> None:
    left_behind(rig, SendState.DONE, sent_at=AT)
    rig.store.is_full = True
    assert rig.restart() == ()


# --- accounts, disk and network ---------------------------------------------------------------


def test_what_waits_for_an_account_that_is_gone_is_kept_and_says_so(rig: OutboxRig) -> None:
    rig.trying()
    rig.outbox.use([])
    assert kinds(rig.outbox.worker_ended(SUPPORT, rig.now)) == [Unmark]
    assert rig.wait(3600) == ()
    assert rig.outbox.next_due() is None
    (told,) = rig.outbox.unsent()
    assert told.needs_founder
    assert told.problem is not None
    assert told.problem.title.startswith("Support has no server")
    rig.outbox.use([SUPPORT])
    assert kinds(rig.outbox.try_again(rig.now)) == [Mark]


def test_a_worker_that_ends_leaves_no_message_in_its_hands(rig: OutboxRig) -> None:
    rig.accepted("two")
    rig.filed("three")
    rig.poised()
    rig.sent("four")
    rig.wait(10)
    began = rig.outbox.worker_ended(SUPPORT, rig.now)
    assert rig.state() is SendState.DOUBTFUL
    assert rig.state(TWO) is SendState.SENT
    assert kinds(began).count(LookFor) == 1
    assert kinds(began).count(Flag) == 1
    assert kinds(began).count(Freeze) == 1
    assert Send not in kinds(began)
    assert rig.outbox.worker_ended(SourceName("Other"), rig.now) == ()


def test_one_message_of_an_account_is_tried_at_a_time(rig: OutboxRig) -> None:
    rig.trying()
    rig.sent("two")
    rig.wait(10)
    assert rig.tell(SendFrozen(account=SUPPORT, draft_id=TWO, wire_bytes=1)) == ()
    assert rig.outbox.next_due() is None
    rig.tell(SendPoised(account=SUPPORT, draft_id=ONE))
    lost = SendDoubtful(account=SUPPORT, draft_id=ONE, problem=LOST)
    assert kinds(rig.tell(lost)) == [LookFor, Mark]


def test_a_look_into_the_thread_that_nobody_answers_is_given_up(rig: OutboxRig) -> None:
    rig.checking()
    rig.marked()
    assert kinds(rig.wait(CHECK_SECONDS)) == [Unmark]
    assert rig.state() is SendState.WAITING


def test_a_network_that_changes_cuts_the_waiting_short(rig: OutboxRig) -> None:
    rig.trying()
    rig.fail()
    assert kinds(rig.outbox.hurry(rig.now)) == [Mark]
    assert rig.outbox.hurry(rig.now) == ()


def test_what_the_disk_does_not_take_is_written_later_and_not_tried_before(rig: OutboxRig) -> None:
    rig.trying()
    rig.store.is_full = True
    rig.fail()
    assert rig.outbox.problem is not None
    assert rig.wait(1) == ()
    assert rig.wait(FIRST_SECONDS) == ()
    assert rig.store.on_its_way[ONE].state is SendState.TRYING
    rig.store.is_full = False
    due = rig.outbox.next_due()
    assert due is not None
    assert kinds(rig.wait(due - rig.clock.seconds)) == [Mark]
    assert rig.outbox.problem is None


def test_who_was_forgotten_is_let_go(rig: OutboxRig) -> None:
    rig.sent()
    rig.sent("two")
    rig.store.remove_outgoing(ONE)
    assert kinds(rig.outbox.read_again()) == [Discard]
    assert rig.outbox.outgoing(ONE) is None
    assert rig.outbox.outgoing(TWO) is not None


# --- what is true -----------------------------------------------------------------------------


def test_an_outbox_with_nothing_on_its_way_waits_for_nothing(rig: OutboxRig) -> None:
    assert rig.outbox.next_due() is None
    rig.sent()
    assert rig.outbox.take_changed() == {ONE}
    rig.outbox.take_back(ONE, rig.now)
    assert rig.outbox.next_due() is None


def test_the_oldest_unsent_message_is_told_first(rig: OutboxRig) -> None:
    rig.checking()
    rig.clock.go_on(60)
    rig.checking("two")
    assert [one.outgoing.draft_id for one in rig.outbox.unsent()] == [ONE, TWO]


def test_news_of_a_draft_that_answers_nobody_is_none(rig: OutboxRig) -> None:
    rig.drafts.begin(replace(a_draft(), answers=""))
    rig.arrive(a_message(60))
    assert rig.outbox.what_is_new(ONE) == ()


def test_a_row_that_waits_for_nothing_is_our_mistake_and_said_once(rig: OutboxRig) -> None:
    rig.sent()
    rig.outbox.take_back(ONE, rig.now)
    rig.outbox._waits.wait_until(ONE, 0.0)
    with pytest.raises(ValueError, match="WRITING waits for nothing"):
        rig.outbox.due(rig.now)
    assert rig.outbox.due(rig.now) == ()
    assert MessageId("<one@example.com>") == rig.row().message_id
    assert CheckThread not in kinds(tuple(rig.done))
