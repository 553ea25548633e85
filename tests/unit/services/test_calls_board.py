from dataclasses import replace
from datetime import timedelta
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.domain.calls import CallId, MemberState, MissedReason, Outcome
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    MemberChanged,
    MemberLeft,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.people import Person
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.calls_board import CallsBoard, PhoneEvent, rings
from supportdesk.services.missed_calls import BY_MAIL
from supportdesk.services.people import People
from tests.fakes.happenings import (
    ABLE,
    DOOR,
    HOOK_SETTINGS,
    OFFICE,
    PHONE_SETTINGS,
    T0,
    UNABLE,
    a_caller,
    a_member,
    a_snapshot,
    after,
    joined,
    same_number,
)
from tests.fakes.happenings import missed as a_missed_call
from tests.fakes.stores import MemoryDeskStore

FREE = MemberState.FREE
NIGHT = T0 + timedelta(days=300)
"""The opening hours end then."""


def new_board(store: MemoryDeskStore) -> CallsBoard:
    return CallsBoard(store, same_number, People(store, same_number), lambda at: at < NIGHT)


def a_board(
    store: MemoryDeskStore | None = None, *phones: PhoneSettings, heard: bool = True
) -> CallsBoard:
    """Heard, with Anna on a call, unless told otherwise."""
    board = new_board(store or MemoryDeskStore())
    board.configure(phones or (PHONE_SETTINGS,), 6, T0)
    board.restore(T0)
    if heard:
        board.line(OFFICE).listening()
        board.apply(a_snapshot(members=[a_member("Anna")]), T0)
    return board


def answered(
    call_id: str, *, by: str = "Anna", interface: str = "PJSIP/Anna", at: float = 14
) -> CallAnswered:
    return CallAnswered(
        phone=OFFICE,
        call_id=CallId(call_id),
        by=by,
        by_interface=interface,
        hold_seconds=14,
        at=after(at),
    )


def ended(call_id: str, *, at: float = 90) -> CallEnded:
    return CallEnded(phone=OFFICE, call_id=CallId(call_id), talk_seconds=76, at=after(at))


missed = partial(a_missed_call, at=41, number="+420111222333", name="Pavel Kiss", waited=41)


def called(by: str = "Anna", *, number: str = "+420111222333", at: float = 200) -> CalleeAnswered:
    return CalleeAnswered(
        phone=OFFICE,
        call_id=CallId("out"),
        number=number,
        by=by,
        by_interface=f"PJSIP/{by}",
        at=after(at),
    )


def turns(board: CallsBoard, *events: PhoneEvent) -> list[tuple[str, Outcome]]:
    told = [call for event in events for call in board.apply(event, event.at)]
    return [(call.call_id, call.outcome) for call in told]


def outcome(board: CallsBoard, call_id: str) -> Outcome | None:
    call = board.call(f"call/Office/{call_id}")
    return None if call is None else call.outcome


# --- turns -------------------------------------------------------------------------------


def test_a_call_that_is_answered() -> None:
    store = MemoryDeskStore()
    board = a_board(store)
    assert turns(board, joined(a_caller("1")), answered("1"), ended("1")) == [
        ("1", Outcome.WAITING),
        ("1", Outcome.ANSWERED),
    ]
    call = store.calls["call/Office/1"]
    assert (call.by, call.wait_seconds, call.talk_seconds) == ("Anna", 14, 76)
    assert board.waiting_count() == 0


def test_each_turn_is_told_once_over_repeats_and_restarts() -> None:
    store = MemoryDeskStore()
    board = a_board(store)
    assert len(turns(board, joined(a_caller("1")), joined(a_caller("1")))) == 1
    again = a_board(store, heard=False)
    again.line(OFFICE).listening()
    assert turns(again, a_snapshot(a_caller("1"), at=after(3))) == []
    assert again.waiting_count() == 1
    assert turns(again, missed("1"), missed("1")) == [("1", Outcome.MISSED)]
    assert turns(a_board(store), missed("1")) == []


def test_a_call_that_somebody_answered_is_not_missed() -> None:
    board = a_board()
    assert turns(board, joined(a_caller("1")), answered("1"), missed("1")) == [
        ("1", Outcome.WAITING),
        ("1", Outcome.ANSWERED),
    ]
    assert board.missed() == ()


def test_a_caller_handed_back_to_the_queue_waits_again() -> None:
    board = a_board()
    turns(board, joined(a_caller("1")), answered("1"), joined(a_caller("1", at=after(60))))
    assert board.waiting_count() == 1
    assert outcome(board, "1") is Outcome.WAITING
    turns(board, missed("1", at=90))
    assert outcome(board, "1") is Outcome.MISSED


def test_late_news_of_a_call_that_is_over_is_old() -> None:
    board = a_board()
    turns(board, missed("1"), joined(a_caller("1")), answered("1"), ended("1"))
    assert board.waiting_count() == 0
    assert outcome(board, "1") is Outcome.MISSED
    turns(board, answered("2"), ended("2"), joined(a_caller("2")), answered("2"))
    assert board.waiting_count() == 0
    assert outcome(board, "2") is Outcome.ANSWERED


def test_a_snapshot_does_not_bring_back_who_has_hung_up() -> None:
    board = a_board()
    turns(board, missed("1"), a_snapshot(a_caller("1"), at=after(50)))
    assert board.waiting_count() == 0


def test_the_founders_own_phone_takes_a_call() -> None:
    board = a_board()
    turns(board, joined(a_caller("1")), answered("1", by="", interface="PJSIP/100"))
    assert outcome(board, "1") is Outcome.TAKEN


def test_a_refused_caller_never_joined() -> None:
    board = a_board()
    assert turns(board, missed("9")) == [("9", Outcome.MISSED)]
    [person] = board.missed()
    assert person.newest.reason is MissedReason.NOBODY_FREE
    assert board.missed_person(person.newest) == person


def test_the_end_of_a_call_nobody_knows_or_nobody_answered() -> None:
    board = a_board()
    turns(board, ended("7"))
    assert outcome(board, "7") is None
    turns(board, joined(a_caller("1")), ended("1"), ended("1"))
    assert outcome(board, "1") is Outcome.UNKNOWN
    assert board.waiting_count() == 0


def test_an_unknown_end_may_be_cleared_up() -> None:
    board = a_board()
    turns(board, joined(a_caller("1")), a_snapshot(at=after(5)))
    assert outcome(board, "1") is Outcome.UNKNOWN
    turns(board, missed("1"))
    assert outcome(board, "1") is Outcome.MISSED


# --- gaps and restarts -------------------------------------------------------------------


def test_a_caller_who_vanished_in_a_gap_has_an_unknown_end() -> None:
    store = MemoryDeskStore()
    board = a_board(store)
    turns(board, joined(a_caller("1")))
    board.line(OFFICE).deaf(after(10))
    board.line(OFFICE).listening()
    assert turns(board, a_snapshot(at=after(20), deaf_since=after(10))) == []
    assert store.calls["call/Office/1"].outcome is Outcome.UNKNOWN


def test_who_waited_when_the_program_ended_waits_on_or_has_an_unknown_end() -> None:
    store = MemoryDeskStore()
    turns(a_board(store), joined(a_caller("1")), joined(a_caller("2")), joined(a_caller("3")))
    board = a_board(store, heard=False)
    assert board.is_believed("call/Office/1", after(59))
    assert not board.is_believed("call/Office/1", after(60))
    board.line(OFFICE).listening()
    turns(board, answered("3"), a_snapshot(a_caller("1"), at=after(30)))
    assert outcome(board, "1") is Outcome.WAITING
    assert outcome(board, "2") is Outcome.UNKNOWN
    assert outcome(board, "3") is Outcome.ANSWERED
    assert board.waiting_count() == 1
    turns(board, a_snapshot(a_caller("1"), at=after(40)))
    assert outcome(board, "1") is Outcome.WAITING


def test_who_knocked_at_a_hook_when_the_program_ended_still_does() -> None:
    store = MemoryDeskStore()
    first = a_board(store, HOOK_SETTINGS, heard=False)
    first.apply(joined(a_caller("1", phone=DOOR)), T0)
    board = a_board(store, HOOK_SETTINGS, heard=False)
    assert [one.caller.call_id for one in board.callers(after(5))] == ["1"]
    board.tick(after(1800))
    assert board.callers(after(1800)) == ()
    assert store.calls["call/Door/1"].outcome is Outcome.UNKNOWN


def test_a_snapshot_says_nothing_of_the_callers_of_another_phone() -> None:
    store = MemoryDeskStore()
    turns(a_board(store), joined(a_caller("1")))
    cellar = PhoneSettings(name=SourceName("Cellar"), kind=PHONE_SETTINGS.kind)
    board = a_board(store, PHONE_SETTINGS, cellar, heard=False)
    board.apply(replace(a_snapshot(), phone=cellar.name), T0)
    assert outcome(board, "1") is Outcome.WAITING


def test_calls_of_a_phone_that_left_the_settings_are_only_remembered() -> None:
    store = MemoryDeskStore()
    turns(a_board(store), joined(a_caller("1")))
    board = a_board(store, HOOK_SETTINGS, heard=False)
    assert board.caller("call/Office/1") is None
    assert not board.is_believed("call/Office/1", T0)
    assert not board.is_known(OFFICE)
    assert board.capabilities(OFFICE) is None
    assert outcome(board, "1") is Outcome.WAITING


def test_calls_missed_in_a_gap_are_counted_and_told_as_one() -> None:
    board = a_board()
    gap = a_snapshot(at=after(420), deaf_since=after(0), missed_meanwhile=2)
    assert len(turns(board, gap)) == 1
    assert turns(board, gap) == []
    [person] = board.missed()
    assert len(person.calls) == 2
    assert person.label == "Unknown number"


# --- what is known -----------------------------------------------------------------------


def test_callers_are_listed_with_position_seconds_and_rings() -> None:
    board = a_board()
    turns(board, joined(a_caller("2", at=after(5))), joined(a_caller("1", at=after(0))))
    first, second = board.callers(after(13))
    assert (first.caller.call_id, first.position, first.seconds, first.rings) == ("1", 1, 13, 3)
    assert (second.caller.call_id, second.position, second.seconds, second.rings) == ("2", 2, 8, 2)
    assert first.is_yours
    assert second.is_yours
    assert board.waiting_count() == len(board.callers(after(13)))
    assert board.caller("call/Office/1") == a_caller("1")
    assert board.caller("call/Office/9") is None


def test_a_caller_somebody_is_free_for_is_not_yours() -> None:
    board = a_board()
    turns(
        board,
        MemberChanged(phone=OFFICE, member=a_member("Ben", FREE), at=T0),
        joined(a_caller("1")),
        joined(a_caller("2", at=after(1))),
    )
    assert [one.is_yours for one in board.callers(after(2))] == [False, True]
    turns(board, MemberLeft(phone=OFFICE, interface="PJSIP/Ben", at=after(3)))
    assert [one.is_yours for one in board.callers(after(3))] == [True, True]


def test_where_the_team_is_not_known_a_caller_is_yours_from_the_second_ring() -> None:
    board = a_board()
    turns(board, a_snapshot(a_caller("1"), members=None))
    assert [one.is_yours for one in board.callers(after(5))] == [False]
    assert [one.is_yours for one in board.callers(after(6))] == [True]
    assert not board.callers(after(6))[0].is_surely_yours
    assert board.sees_team()
    assert board.team(after(6)) is None
    assert board.next_due(after(5)) == after(6)


def test_the_team_is_counted() -> None:
    board = a_board()
    members = [
        a_member("Anna"),
        a_member("Ben", FREE),
        a_member("Cleo", MemberState.PAUSED),
        a_member("Dan", MemberState.RINGING),
    ]
    turns(board, a_snapshot(members=members))
    team = board.team(T0)
    assert team is not None
    assert (team.free, team.there, team.on_calls, team.unknown) == (1, 3, 1, 0)
    assert len(team.members) == 4


def test_with_unknown_members_and_none_free_nobody_knows_how_many_are_free() -> None:
    board = a_board()
    turns(board, a_snapshot(members=[a_member("Anna"), a_member("Ben", MemberState.UNKNOWN)]))
    team = board.team(T0)
    assert team is not None
    assert (team.free, team.unknown) == (None, 1)


def test_a_deaf_phone_has_no_numbers_never_zero() -> None:
    board = a_board()
    turns(board, joined(a_caller("1")))
    board.line(OFFICE).deaf(after(5))
    assert board.waiting_count() is None
    assert board.team(after(5)) is None
    assert board.callers(after(5)) == ()
    assert board.needed(after(5)) == []
    assert board.is_believed("call/Office/1", after(5))
    assert not board.is_believed("call/Office/9", after(5))


def test_without_phones_nothing_is_known() -> None:
    board = new_board(MemoryDeskStore())
    assert board.waiting_count() is None
    assert board.team(T0) is None
    assert board.next_due(T0) is None


def test_a_phone_that_cannot_see_who_waits() -> None:
    board = a_board()
    turns(board, a_snapshot(members=None, capabilities=UNABLE))
    assert board.waiting_count() is None
    assert board.capabilities(OFFICE) == UNABLE


def test_two_phones_are_one_list_and_unknown_if_one_is_deaf() -> None:
    cellar = PhoneSettings(name=SourceName("Cellar"), kind=PHONE_SETTINGS.kind)
    board = a_board(None, PHONE_SETTINGS, cellar, heard=False)
    board.line(OFFICE).listening()
    turns(board, a_snapshot(a_caller("1")))
    assert board.waiting_count() is None
    assert [one.caller.call_id for one in board.callers(after(1))] == ["1"]


def test_a_phone_that_stays_in_the_settings_stays_known() -> None:
    board = a_board()
    board.configure([PHONE_SETTINGS, HOOK_SETTINGS], 10, after(5))
    assert board.is_known(OFFICE)
    assert board.ring == timedelta(seconds=10)
    assert board.capabilities(OFFICE) == ABLE


# --- missed calls ------------------------------------------------------------------------


def test_a_missed_call_closes_when_that_number_is_answered_later() -> None:
    board = a_board()
    turns(board, missed("1"), joined(a_caller("2", at=after(60))), answered("2", at=70))
    [person] = board.missed()
    assert not person.is_open
    assert person.newest.by == "Anna"
    call = board.call("call/Office/1")
    assert call is not None
    assert call.closed_at == after(70)


def test_whoever_is_called_by_one_of_the_team_has_been_reached() -> None:
    board = a_board()
    turns(board, missed("1"))
    assert turns(board, called()) == []
    assert outcome(board, "1") is Outcome.CALLED_BACK
    closed = board.call("call/Office/1")
    assert closed is not None
    assert (closed.by, closed.closed_at) == ("Anna", after(200))


def test_a_call_of_the_team_is_a_call_of_the_history() -> None:
    board = a_board()
    turns(board, missed("1"), called("100"), called("Bo", at=300))
    ended = CallEnded(phone=OFFICE, call_id=CallId("out"), talk_seconds=60, at=after(260))
    turns(board, ended)
    call = board.call("call/Office/out")
    assert call is not None
    assert (call.outcome, call.by, call.name) == (Outcome.CALLED, "you", "Pavel Kiss")
    assert (call.started_at, call.talk_seconds, call.closed_at) == (after(200), 60, after(260))
    turns(board, replace(ended, talk_seconds=1))
    assert board.call("call/Office/out") == call
    assert board.history.calls()[0] == call


def test_a_call_of_the_team_to_a_stranger() -> None:
    board = a_board()
    turns(board, called(number="+49 9"))
    call = board.call("call/Office/out")
    assert call is not None
    assert (call.label, call.is_going_on) == ("+49 9", True)


def test_done_is_not_taken_back_of_whom_the_team_has_called_since() -> None:
    board = a_board()
    turns(board, missed("1"))
    keys = board.close_missed("call/Office/1", after(60))
    turns(board, called())
    board.reopen_missed(keys)
    person = board.missed()[0]
    assert not person.is_open
    assert person.newest.by == "Anna"


def test_who_calls_at_night_is_missed_by_nobody() -> None:
    board = a_board()
    hours = (NIGHT - T0).total_seconds()
    turns(board, missed("1", at=hours + 50))
    call = board.call("call/Office/1")
    assert call is not None
    assert call.reason is MissedReason.AFTER_HOURS


def test_who_still_waited_when_the_doors_opened_was_missed_by_the_team() -> None:
    store = MemoryDeskStore()
    board = CallsBoard(store, same_number, People(store, same_number), lambda at: at >= after(10))
    board.configure((PHONE_SETTINGS,), 6, T0)
    turns(board, missed("1", at=41))
    call = board.call("call/Office/1")
    assert call is not None
    assert call.reason is not MissedReason.AFTER_HOURS


def test_of_a_talk_one_may_hear_late_and_who_called_after_it_still_waits() -> None:
    board = a_board()
    turns(board, missed("1", at=641), called(at=0))
    assert board.missed()[0].is_open


def test_a_phone_that_is_deaf_is_not_all_that_is_heard() -> None:
    board = a_board()
    assert board.hears_all()
    board.deaf(OFFICE, after(5))
    assert not board.hears_all()


def test_the_founder_closes_a_row() -> None:
    board = a_board()
    turns(board, missed("1"))
    board.close_missed("call/Office/9", after(60))
    assert board.missed()[0].is_open
    board.close_missed("call/Office/1", after(60))
    assert not board.missed()[0].is_open


def test_all_are_done_at_once_and_that_is_taken_back() -> None:
    store = MemoryDeskStore()
    board = a_board(store)
    turns(board, missed("1"))
    turns(board, missed("2", number="+420 999"))
    keys = board.close_all_missed(after(60))
    assert sorted(keys) == ["call/Office/1", "call/Office/2"]
    assert not any(person.is_open for person in board.missed())
    assert board.close_all_missed(after(61)) == ()
    board.reopen_missed([*keys, "call/Office/9"])
    assert all(person.is_open for person in board.missed())
    assert all(call.is_open for call in store.calls.values())
    board.reopen_missed(keys)
    assert len(board.missed()) == 2


def test_who_was_reached_since_stays_closed_when_done_is_taken_back() -> None:
    board = a_board()
    turns(board, missed("1"))
    turns(board, missed("2", number=""))
    keys = board.close_all_missed(after(60))
    turns(board, joined(a_caller("3", at=after(70))), answered("3", at=80))
    board.reopen_missed(keys)
    by_id = {str(person.newest.call_id): person for person in board.missed()}
    assert by_id["2"].is_open
    assert not by_id["1"].is_open
    assert by_id["1"].newest.by == "Anna"


def test_whom_a_member_talks_to() -> None:
    board = a_board()
    turns(board, joined(a_caller("1")), answered("1"))
    talk = board.talk_of("PJSIP/Anna")
    assert talk is not None
    assert talk.name == "Pavel Kiss"
    assert board.talk_of("PJSIP/Jonas") is None
    assert board.normal_number("+420 111") == "420111"


def test_gaps_are_kept_with_what_is_known_of_them() -> None:
    store = MemoryDeskStore()
    board = a_board(store)
    assert board.gaps() == ()
    turns(board, a_snapshot(at=after(90), deaf_since=after(30), missed_meanwhile=2))
    [gap] = board.gaps()
    assert (gap.since, gap.until, gap.missed) == (after(30), after(90), 2)
    assert a_board(store, heard=False).gaps() == (gap,)


def test_a_softphone_is_known_to_be_heard_until_it_sleeps_or_is_gone() -> None:
    softphone = replace(PHONE_SETTINGS, kind=PhoneKind.BARESIP)
    board = a_board(None, softphone)
    board.awake(after(5))
    board.slept(after(10), after(20))
    board.deaf(OFFICE, after(30))
    board.slept(after(40), after(50))
    [gap] = board.gaps()
    assert (gap.since, gap.until, gap.missed) == (after(10), after(20), None)
    assert not board.is_known(OFFICE)


def test_the_history_has_every_turn() -> None:
    board = a_board()
    turns(board, joined(a_caller("1")), answered("1"))
    [call] = board.history.calls()
    assert call.by == "Anna"


def test_rings_are_counted_from_one() -> None:
    ring = timedelta(seconds=6)
    assert [rings(seconds, ring) for seconds in (0, 5.9, 6, 12)] == [1, 1, 2, 3]
    assert rings(60, timedelta()) == 1


# --- any order ---------------------------------------------------------------------------

IDS = ("1", "2", "3")
CALL_EVENTS = st.one_of(
    st.sampled_from(IDS).map(lambda one: joined(a_caller(one))),
    st.sampled_from(IDS).map(answered),
    st.sampled_from(IDS).map(ended),
    st.sampled_from(IDS).map(missed),
    st.lists(st.sampled_from(IDS), unique=True).map(
        lambda ids: a_snapshot(*(a_caller(one) for one in ids), at=after(99), deaf_since=T0)
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(CALL_EVENTS, max_size=20))
def test_in_any_order_a_call_waits_or_is_over_and_the_count_is_the_list(
    events: list[PhoneEvent],
) -> None:
    store = MemoryDeskStore()
    board = a_board(store)
    told = turns(board, *events)
    waiting = {one.caller.call_id for one in board.callers(after(99))}
    assert board.waiting_count() == len(waiting)
    for call_id in IDS:
        assert (outcome(board, call_id) is Outcome.WAITING) == (call_id in waiting)
        saved = store.calls.get(f"call/Office/{call_id}")
        assert saved == board.call(f"call/Office/{call_id}")
    assert len(told) == len(set(told))


def test_an_answered_mail_closes_the_calls_before_it() -> None:
    store = MemoryDeskStore()
    board = a_board(store)
    board.apply(missed("1"), T0)
    assert board.answered_by_mail("+420111222333", after(60))
    assert not board.answered_by_mail("+420111222333", after(60))
    call = board.call("call/Office/1")
    assert call is not None
    assert call.by == BY_MAIL
    assert not call.is_open


def test_a_bare_number_has_the_name_of_its_person_everywhere() -> None:
    store = MemoryDeskStore()
    store.save_person(Person(key="1", name="Jana", numbers=("420111222333",)))
    people = People(store, same_number)
    people.restore()
    board = CallsBoard(store, same_number, people, lambda _at: True)
    board.configure((PHONE_SETTINGS,), 6, T0)
    board.line(OFFICE).listening()
    board.apply(a_snapshot(members=[a_member("Anna")]), T0)
    board.apply(joined(a_caller("1", name="")), T0)
    [needed] = board.needed(T0)
    [waiting] = board.callers(T0)
    caller, call = board.caller("call/Office/1"), board.call("call/Office/1")
    assert caller is not None
    assert call is not None
    names = [needed.caller.name, waiting.caller.name, caller.name, call.name]
    assert names == ["Jana"] * 4
    assert store.calls["call/Office/1"].name == ""


def a_founder_who_answers(call_id: str) -> CallAnswered:
    return replace(answered(call_id), by="you", by_interface="PJSIP/100")


def test_the_founder_is_on_a_call_from_the_answer_to_the_hang_up() -> None:
    board = a_board(MemoryDeskStore())
    board.apply(answered("1"), after(10))
    assert not board.is_founder_on_call(after(20)), "Anna is"
    board.apply(a_founder_who_answers("2"), after(10))
    assert board.is_founder_on_call(after(20))
    board.apply(ended("2"), after(90))
    assert not board.is_founder_on_call(after(100))


def test_a_talk_of_the_founder_that_nobody_saw_end_is_not_believed_for_ever() -> None:
    board = a_board(MemoryDeskStore())
    board.apply(a_founder_who_answers("1"), after(10))
    assert board.is_founder_on_call(after(3 * 3600))
    assert not board.is_founder_on_call(after(5 * 3600))


def test_a_queue_may_say_that_the_founder_is_on_a_call() -> None:
    founder = replace(a_member("you"), interface="PJSIP/100")
    board = a_board(MemoryDeskStore())
    board.apply(a_snapshot(members=[founder]), T0)
    assert board.is_founder_on_call(after(20))


def test_a_hook_that_names_nobody_tells_of_the_founder() -> None:
    board = new_board(MemoryDeskStore())
    board.configure((HOOK_SETTINGS,), 6, T0)
    said = replace(answered("1"), phone=HOOK_SETTINGS.name, by="", by_interface="")
    board.apply(said, after(10))
    assert board.is_founder_on_call(after(20))
    board.configure((PHONE_SETTINGS,), 6, after(30))
    assert not board.is_founder_on_call(after(40)), "a phone that left the settings"


def test_nothing_is_known_of_whoever_is_forgotten() -> None:
    store = MemoryDeskStore()
    board = a_board(store)
    turns(board, a_missed_call("1"), a_missed_call("2", number="+420 222"))
    before = board.version
    board.forget(["420111"])
    assert board.version != before
    assert board.call("call/Office/1") is None
    assert [person.label for person in board.missed()] == ["+420 222"]
    assert [str(call.call_id) for call in board.history.calls()] == ["2"]
    assert board.by_number.of(["+420 111"]) == []
