from dataclasses import replace

import pytest

from supportdesk.domain.calls import CallId
from supportdesk.domain.errors import StoreError
from supportdesk.domain.events import CallEnded, LiftTold, MessageGone
from supportdesk.domain.lifts import Lift, LiftWay
from supportdesk.domain.settings import LiftSettings
from supportdesk.services.lifts import Lifts
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    T0,
    DeskRig,
    a_caller,
    a_member,
    a_message,
    after,
    an_answer,
    arrived,
    joined,
    missed,
)
from tests.fakes.lift_store import MemoryLiftStore
from tests.fakes.lifted import (
    CARRIER_KEY,
    a_carrier,
    answered_by,
    call_lifted,
    lifting,
    mail_lifted,
    marks,
)

INGRID = a_message(1, who="Ingrid", subject="Flour came twice")


@pytest.fixture
def rig() -> DeskRig:
    return DeskRig(settings=lifting()).listen(a_member("Anna"))


def lifts(rig: DeskRig) -> Lifts:
    return rig.desk.lifts


def the_lift(rig: DeskRig) -> Lift:
    (lift,) = lifts(rig).open()
    return lift


def test_what_a_message_thanks_for_is_known_by_the_run_after_this_one_too(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(mail_lifted(about=[INGRID.message_id]))
    rig.apply(joined(a_caller("1")))
    rig.apply(call_lifted())
    by_mail, by_call = sorted(lifts(rig).open(), key=lambda one: one.way.is_call)
    lifts(rig).thanks_begun(by_call.key, "one")
    again = DeskRig(settings=lifting(), messages=[INGRID], lifts=rig.lifts, store=rig.store)
    known = lifts(again).thanked_by("one", "")
    assert known == replace(by_call, thanks_draft="one")
    assert lifts(again).thanked_by("two", CARRIER_KEY) == by_mail
    assert lifts(again).thanked_by("two", INGRID.key) == by_mail
    assert lifts(again).thanked_by("two", "") is None
    assert lifts(again).thanked_by("", "") is None


# --- by address ----------------------------------------------------------------------------


def test_the_operators_mail_lifts_what_it_refers_to(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(mail_lifted())
    rig.apply(arrived(a_carrier(references=["<gone@x>", INGRID.message_id])))
    lift = the_lift(rig)
    assert (lift.item, lift.contact) == (INGRID.key, "ingrid@out.example")
    assert (lift.by, lift.by_address, lift.carrier) == (
        "Anna Lind",
        "anna@team.example",
        CARRIER_KEY,
    )
    assert lifts(rig).is_lifted(INGRID.key)
    assert lifts(rig).is_carrier(CARRIER_KEY)
    assert lifts(rig).carried_by(CARRIER_KEY) == lift
    assert lifts(rig).carried_by(INGRID.key) is None
    assert lifts(rig).items() == (INGRID.key,)


def test_what_the_head_names_is_nearer_than_a_reference(rig: DeskRig) -> None:
    other = a_message(2)
    rig.apply(arrived(INGRID, other))
    rig.apply(mail_lifted(about=[INGRID.message_id]))
    rig.apply(arrived(a_carrier(references=[other.message_id])))
    assert the_lift(rig).item == INGRID.key


def test_the_mail_may_have_come_before_it_is_known_to_lift(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(arrived(a_carrier(references=[INGRID.message_id])))
    rig.apply(mail_lifted())
    assert the_lift(rig).item == INGRID.key


def test_without_a_reference_one_conversation_of_that_subject_is_meant(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID, a_message(2)))
    rig.apply(mail_lifted())
    rig.apply(arrived(a_carrier(subject="Fwd: Flour came twice")))
    assert the_lift(rig).item == INGRID.key


@pytest.mark.parametrize("subject", ["Fwd: Something else", "Fwd:", "Fwd: Twice"])
def test_where_it_cannot_be_told_the_operators_own_mail_is_the_item(
    rig: DeskRig, subject: str
) -> None:
    rig.apply(arrived(INGRID, a_message(2, subject="Twice"), a_message(3, subject="Twice")))
    rig.apply(mail_lifted())
    rig.apply(arrived(a_carrier(subject=subject)))
    assert the_lift(rig).item == CARRIER_KEY


def test_words_of_the_operator_come_when_their_mail_was_read(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(mail_lifted())
    carrier = a_carrier(references=[INGRID.message_id])
    rig.apply(arrived(carrier))
    assert the_lift(rig).why == ""
    rig.apply(arrived(replace(carrier, preview="Worth your ear. -- Anna")))
    assert the_lift(rig).why == "Worth your ear."
    rig.apply(arrived(replace(carrier, preview="Something else")))
    assert the_lift(rig).why == "Worth your ear."


def test_the_same_mail_lifts_once(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    for _ in range(2):
        rig.apply(mail_lifted(about=[INGRID.message_id]))
    assert len(rig.lifts.kept) == 1


# --- what becomes of it --------------------------------------------------------------------


def test_an_answer_after_it_and_a_mail_that_is_gone_end_it(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(marks((INGRID.message_id, "anna")), at=after(10))
    lift = the_lift(rig)
    assert lifts(rig).why_over(lift) == ""
    rig.apply(arrived(an_answer(5, INGRID, at=after(60))), at=after(60))
    assert lifts(rig).why_over(lift).startswith("answered by ")
    gone = MessageGone(
        account=SUPPORT, message_id=INGRID.message_id, address=INGRID.address, at=after(70)
    )
    rig.apply(gone, at=after(70))
    assert lifts(rig).why_over(lift) == "it left the mailbox"


def test_an_answer_of_before_does_not_end_it(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID, an_answer(5, INGRID, at=after(5))))
    rig.apply(marks((INGRID.message_id, "anna")), at=after(10))
    assert the_lift(rig).item == INGRID.key


def test_seen_and_thanked_are_kept(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(marks((INGRID.message_id, "anna")))
    lift = the_lift(rig)
    assert lifts(rig).seen([INGRID.key, "mail/other"], after(5))
    assert not lifts(rig).seen([INGRID.key], after(6))
    assert lifts(rig).why_over(rig.lifts.kept[lift.key]) == "seen here"
    assert lifts(rig).thanked(lift.key, after(9)) == replace(lift, seen_at=after(5))
    kept = rig.lifts.kept[lift.key]
    assert (kept.seen_at, kept.thanked_at) == (after(5), after(9))
    assert lifts(rig).why_over(kept) == "you thanked them"
    assert lifts(rig).thanked("lift/other", after(9)) is None
    assert lifts(rig).of([INGRID.key]) == kept


def test_to_thank_is_to_have_seen(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(marks((INGRID.message_id, "anna")))
    lifts(rig).thanked(the_lift(rig).key, after(9))
    kept = next(iter(rig.lifts.kept.values()))
    assert kept.seen_at == after(9)


def test_what_the_disk_does_not_take_is_known_all_the_same(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.lifts.error = StoreError("The disk is full", "Make room.")
    rig.apply(marks((INGRID.message_id, "anna")))
    lift = the_lift(rig)
    with pytest.raises(StoreError):
        lifts(rig).thanked(lift.key, after(9))
    assert the_lift(rig) == lift
    assert lifts(rig).seen([INGRID.key], after(9))


def test_a_new_run_takes_them_up(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(mail_lifted())
    rig.apply(arrived(a_carrier(references=[INGRID.message_id])))
    again = DeskRig(settings=lifting(), messages=[INGRID], lifts=rig.lifts, store=rig.store)
    assert the_lift(again) == the_lift(rig)
    assert lifts(again).is_carrier(CARRIER_KEY)
    again.lifts.kept.clear()
    lifts(again).restore()
    assert lifts(again).open() == ()
    assert lifts(again).lift("lift/any") is None


def test_what_is_told_of_lifts_in_general_is_no_lift(rig: DeskRig) -> None:
    rig.apply(LiftTold(source=SUPPORT))
    assert lifts(rig).open() == ()


# --- by a mark -----------------------------------------------------------------------------


def test_a_keyword_names_who_lifts(rig: DeskRig) -> None:
    others = [a_message(2), a_message(3)]
    rig.apply(arrived(INGRID, *others))
    rig.apply(
        marks(
            (INGRID.message_id, "anna"), (others[0].message_id, ""), (others[1].message_id, "zoe")
        )
    )
    found = {one.item: (one.by, one.by_address) for one in lifts(rig).open()}
    assert found == {
        INGRID.key: ("Anna Lind", "anna@team.example"),
        others[0].key: ("", ""),
        others[1].key: ("Zoe", ""),
    }


def test_a_mark_that_is_taken_off_takes_it_back_and_can_be_set_anew(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(marks((INGRID.message_id, "anna")))
    rig.apply(marks(), at=after(5))
    assert lifts(rig).open() == ()
    assert lifts(rig).of([INGRID.key]) is None
    assert next(iter(rig.lifts.kept.values())).ended_at == after(5)
    rig.apply(marks((INGRID.message_id, "anna")), at=after(9))
    assert the_lift(rig).at == after(9)


def test_what_is_not_among_all_marks_may_only_not_have_been_looked_at(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(marks((INGRID.message_id, "anna")))
    rig.apply(marks((("<other@x>"), "anna"), is_whole=False))
    rig.apply(marks((("<other@x>"), "anna"), mailbox="Sales"))
    assert lifts(rig).is_lifted(INGRID.key)


def test_keywords_count_only_where_the_settings_say_so() -> None:
    rig = DeskRig(settings=lifting(lift=LiftSettings(keyword=False))).listen()
    rig.apply(arrived(INGRID))
    rig.apply(marks((INGRID.message_id, "anna"), flagged=[INGRID.message_id]))
    assert lifts(rig).open() == ()


def test_flags_of_before_the_first_look_are_history(rig: DeskRig) -> None:
    other = a_message(2)
    rig.apply(arrived(INGRID, other))
    rig.apply(marks(flagged=[INGRID.message_id]))
    assert lifts(rig).open() == ()
    rig.apply(marks(flagged=[INGRID.message_id, other.message_id]))
    assert the_lift(rig).item == other.key
    rig.apply(marks(flagged=[other.message_id]))
    rig.apply(marks(flagged=[INGRID.message_id, other.message_id]), at=after(9))
    assert {one.item for one in lifts(rig).open()} == {INGRID.key, other.key}
    again = DeskRig(settings=lifting(), messages=[INGRID, other], lifts=rig.lifts, store=rig.store)
    again.apply(marks(flagged=[INGRID.message_id, other.message_id]))
    assert len(rig.lifts.kept) == 2


def test_an_old_flag_that_comes_up_as_a_newer_one_goes_is_history(rig: DeskRig) -> None:
    """Of very many flags only the newest are looked at."""
    old, newer, newest, later = (a_message(uid) for uid in (1, 2, 3, 4))
    rig.apply(arrived(old, newer, newest, later, a_message(9, mailbox="Else")))
    rig.apply(
        marks(
            flagged=[newer.message_id, newest.message_id, "<9@out.example>"], is_flags_whole=False
        )
    )
    rig.apply(marks(flagged=[old.message_id, newest.message_id, "<never@x>"]), at=after(5))
    assert lifts(rig).open() == ()
    rig.apply(marks(flagged=[old.message_id, newest.message_id, later.message_id]), at=after(9))
    assert the_lift(rig).item == later.key
    again = DeskRig(
        settings=lifting(),
        messages=[old, newer, newest, later],
        lifts=rig.lifts,
        store=rig.store,
    )
    again.apply(marks(flagged=[old.message_id, newest.message_id, later.message_id]))
    assert lifts(again).open() == lifts(rig).open()


def test_a_flag_on_old_mail_lifts_where_all_flags_are_looked_at(rig: DeskRig) -> None:
    old, newer, newest = a_message(1), a_message(2), a_message(3)
    rig.apply(arrived(old, newer, newest))
    rig.apply(marks(flagged=[newer.message_id, newest.message_id], is_flags_whole=False))
    # Once they were fewer, nothing can come up from below any more.
    rig.apply(marks(flagged=[newest.message_id]))
    rig.apply(marks(flagged=[old.message_id, newest.message_id]))
    assert the_lift(rig).item == old.key
    rig.apply(marks(flagged=[newer.message_id, newest.message_id], is_flags_whole=False))
    assert len(lifts(rig).open()) == 2


def test_keywords_that_were_not_all_seen_say_nothing_of_flags(rig: DeskRig) -> None:
    old, newer = a_message(1), a_message(2)
    rig.apply(arrived(old, newer))
    rig.apply(marks(flagged=[newer.message_id], is_whole=False))
    again = DeskRig(
        settings=lifting(), messages=[old, newer], lifts=rig.lifts, store=rig.store
    ).listen()
    again.apply(marks(flagged=[old.message_id, newer.message_id], is_whole=False))
    assert the_lift(again).item == old.key
    again.apply(marks(flagged=[newer.message_id], is_whole=False))
    assert lifts(again).open() == (), "a flag that was taken off takes it back"


# --- by moving -----------------------------------------------------------------------------


def test_a_mail_that_is_moved_back_is_not_meant_any_more(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(mail_lifted(INGRID.message_id, way=LiftWay.MAILBOX))
    there = replace(INGRID, address=replace(INGRID.address, mailbox="Lifted"))
    rig.apply(arrived(there), at=after(5))
    assert the_lift(rig).contact == "ingrid@out.example"
    rig.apply(arrived(INGRID), at=after(9))
    assert lifts(rig).open() == ()
    assert lifts(rig).why_over(next(iter(rig.lifts.kept.values()))) == "taken back"
    rig.apply(mail_lifted(INGRID.message_id, way=LiftWay.MAILBOX, at=after(12)), at=after(12))
    rig.apply(arrived(there), at=after(13))
    assert the_lift(rig).at == after(12)


def test_a_mail_that_is_not_known_has_no_writer_yet(rig: DeskRig) -> None:
    rig.apply(mail_lifted("<never@x>", way=LiftWay.MAILBOX))
    assert next(iter(rig.lifts.kept.values())).contact == ""
    assert lifts(rig).open() == ()


# --- by phone ------------------------------------------------------------------------------


def test_a_call_is_lifted_once_and_learns_who_and_why(rig: DeskRig) -> None:
    rig.apply(joined(a_caller("1")))
    rig.apply(answered_by("Anna"), at=after(4))
    rig.apply(call_lifted(by=""), at=after(5))
    rig.apply(call_lifted(why="wants to leave"), at=after(6))
    rig.apply(call_lifted(why="wants to leave"), at=after(7))
    lift = the_lift(rig)
    assert (lift.by, lift.why, lift.contact) == ("Anna Lind", "wants to leave", "+420111222333")
    assert lift.key == "lift/code/call/Office/1"


def test_calls_come_before_mails(rig: DeskRig) -> None:
    rig.apply(arrived(INGRID))
    rig.apply(marks((INGRID.message_id, "anna")))
    rig.apply(joined(a_caller("1")))
    rig.apply(answered_by("Anna"), at=after(4))
    rig.apply(call_lifted(at=after(5)), at=after(5))
    assert [one.way for one in lifts(rig).open()] == [LiftWay.CODE, LiftWay.KEYWORD]


def test_a_lifted_talk_is_over_with_the_call(rig: DeskRig) -> None:
    rig.apply(joined(a_caller("1")))
    rig.apply(answered_by("Anna"), at=after(4))
    rig.apply(call_lifted(), at=after(5))
    lift = the_lift(rig)
    ended = CallEnded(phone=OFFICE, call_id=CallId("1"), talk_seconds=9, at=after(13))
    rig.apply(ended, at=after(13))
    assert lifts(rig).why_over(lift) == "the call is over"


def test_a_caller_in_the_founders_queue_is_over_with_any_answer(rig: DeskRig) -> None:
    rig.apply(joined(a_caller("1", queue="founder")))
    rig.apply(call_lifted(way=LiftWay.QUEUE), at=after(1))
    lift = the_lift(rig)
    rig.apply(answered_by("Anna"), at=after(4))
    assert lifts(rig).why_over(lift) == "answered by Anna"


def test_a_caller_who_hangs_up_and_one_whom_the_founder_took_are_over(rig: DeskRig) -> None:
    rig.apply(joined(a_caller("1", queue="founder")))
    rig.apply(call_lifted(way=LiftWay.QUEUE), at=after(1))
    lift = the_lift(rig)
    rig.apply(missed("1", at=9), at=after(9))
    assert lifts(rig).why_over(lift) == "the call is over"
    rig.apply(joined(a_caller("2", queue="founder", at=after(10))), at=after(10))
    rig.apply(call_lifted("2", way=LiftWay.QUEUE), at=after(11))
    second = the_lift(rig)
    mine = replace(answered_by("you", "2", at=after(12)), by_interface="PJSIP/100")
    rig.apply(mine, at=after(12))
    assert lifts(rig).why_over(second) == "you took it"


def test_a_call_that_nobody_knows_is_over(rig: DeskRig) -> None:
    rig.apply(call_lifted("9"))
    [lift] = rig.lifts.kept.values()
    assert lifts(rig).why_over(lift) == "the call is over"


def test_lifts_of_other_accounts_are_not_ended() -> None:
    store = MemoryLiftStore(
        Lift(key="lift/keyword/mail/Else/<1@x>", item="mail/Else/<1@x>", way=LiftWay.KEYWORD, at=T0)
    )
    rig = DeskRig(settings=lifting(), lifts=store).listen()
    rig.apply(marks(("<9@x>", "anna")))
    assert next(iter(store.kept.values())).ended_at is None
