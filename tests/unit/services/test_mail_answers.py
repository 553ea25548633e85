from dataclasses import replace

from supportdesk.domain.events import MessageChanged
from supportdesk.services.desk_state import Area
from tests.fakes.happenings import (
    DeskRig,
    a_member,
    a_message,
    after,
    an_answer,
    arrived,
    missed,
    withdrawn,
)

NUMBER = "+420 111"
MAIL = a_message(1, who="Jana", at=after(-600))
JANA = MAIL.sender


def a_rig() -> DeskRig:
    rig = DeskRig().listen(a_member("Anna"))
    rig.apply(arrived(MAIL))
    rig.forget()
    return rig


def open_calls(rig: DeskRig) -> list[str]:
    return [call.call_id for row in rig.desk.calls.missed() for call in row.open_calls]


def test_an_answered_mail_closes_the_missed_calls_of_that_person() -> None:
    rig = a_rig()
    rig.join(JANA, NUMBER)
    rig.join(JANA, "+420 222")
    rig.apply(missed("1"))
    rig.apply(missed("2", number="+420 222", at=1), at=after(1))
    rig.apply(missed("3", number="+1", at=2), at=after(2))
    told = rig.apply(arrived(an_answer(9, MAIL, at=after(60))), at=after(61))
    assert open_calls(rig) == ["3"]
    assert ("Missed: Jana", "answered by mail") in withdrawn(told)
    assert {Area.INBOX, Area.CALLS} <= rig.last.changed
    rig.apply(arrived(a_message(5, at=after(62))), at=after(62))
    assert Area.CALLS not in rig.last.changed


def test_an_answer_from_before_the_call_closes_nothing() -> None:
    rig = a_rig()
    rig.join(JANA, NUMBER)
    rig.apply(missed("1", at=90), at=after(90))
    rig.apply(arrived(an_answer(9, MAIL, at=after(60))), at=after(95))
    assert open_calls(rig) == ["1"]
    assert Area.CALLS not in rig.last.changed


def test_without_a_person_nobody_knows_whose_call_it_was() -> None:
    rig = a_rig()
    rig.apply(missed("1"))
    rig.apply(arrived(an_answer(9, MAIL, at=after(60))), at=after(61))
    assert open_calls(rig) == ["1"]
    rig.join(JANA, NUMBER)
    assert open_calls(rig) == []


def test_an_answer_that_came_while_nothing_ran_counts() -> None:
    rig = a_rig()
    rig.join(JANA, NUMBER)
    rig.apply(missed("1"))
    later = DeskRig(
        store=rig.store, messages=[MAIL, an_answer(9, MAIL, at=after(60))], now=after(900)
    )
    assert open_calls(later) == []


def test_a_mail_marked_as_answered_elsewhere_counts_from_then_on() -> None:
    rig = a_rig()
    rig.join(JANA, NUMBER)
    rig.apply(missed("1"))
    rig.apply(MessageChanged(message=replace(MAIL, is_seen=True), at=after(9)), at=after(9))
    assert open_calls(rig) == ["1"]
    flagged = replace(MAIL, is_seen=True, is_answered=True)
    rig.apply(MessageChanged(message=flagged, at=after(10)), at=after(10))
    assert open_calls(rig) == []
    rig.apply(missed("2", at=20), at=after(20))
    rig.apply(MessageChanged(message=flagged, at=after(30)), at=after(30))
    assert open_calls(rig) == ["2"]


def test_a_marked_mail_of_a_stranger_closes_nothing() -> None:
    rig = a_rig()
    rig.apply(missed("1"))
    rig.apply(MessageChanged(message=replace(MAIL, is_answered=True), at=after(9)), at=after(9))
    assert open_calls(rig) == ["1"]


def test_a_person_without_mail_is_reached_only_by_phone() -> None:
    rig = a_rig()
    rig.join(replace(JANA, email="somebody@else.example"), NUMBER)
    rig.apply(missed("1"))
    rig.apply(arrived(an_answer(9, MAIL, at=after(60))), at=after(61))
    assert open_calls(rig) == ["1"]


def test_a_talk_on_the_phone_leaves_the_mail_waiting() -> None:
    rig = a_rig()
    rig.join(JANA, NUMBER)
    rig.apply(missed("1"))
    assert rig.desk.calls.missed()[0].is_open
    rig.take(rig.desk.close_missed("call/Office/1", rig.now))
    assert rig.desk.inbox.people_waiting == 1
