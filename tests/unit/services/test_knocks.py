from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supportdesk.domain.events import CallMissed
from tests.fakes.happenings import (
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
    raised,
    updated,
)

MINUTE = 60.0
HOUR = 3600.0
NUMBER = "+420 111"
JANA = a_message(1, who="Jana").sender


def tried(call_id: str, *, at: float = 0, number: str = NUMBER) -> CallMissed:
    """Rang at that second, and waited half a minute."""
    return missed(call_id, at=at + 30, number=number, waited=30)


def a_rig(*, is_joined: bool = True) -> DeskRig:
    rig = DeskRig().listen(a_member("Anna"))
    if is_joined:
        rig.join(JANA, NUMBER)
    rig.forget()
    return rig


def tries(rig: DeskRig) -> list[float]:
    [person] = [one for one in rig.desk.calls.missed() if one.is_open]
    return [(one - T0).total_seconds() for one in rig.desk.knocks.of(person.newest.number, rig.now)]


def test_calls_and_mails_of_one_person_are_counted_together() -> None:
    rig = a_rig()
    rig.apply(tried("1", at=2 * MINUTE), at=after(3 * MINUTE))
    mail = a_message(1, who="Jana", at=after(20 * MINUTE))
    rig.apply(arrived(mail), at=after(20 * MINUTE))
    told = rig.apply(tried("2", at=41 * MINUTE), at=after(42 * MINUTE))
    assert tries(rig) == [2 * MINUTE, 20 * MINUTE, 41 * MINUTE]
    [alert] = updated(told)
    assert (alert.title, alert.body) == (
        "Missed: Jana",
        "Hung up after 30 s, nobody was free. 3rd try today, first at 09:02.",
    )


def test_a_mail_in_two_mailboxes_and_of_others_counts_once_or_not() -> None:
    rig = a_rig()
    mail = a_message(1, who="Jana", at=after(MINUTE))
    colleague = a_message(2, who="Jan", at=after(2 * MINUTE), references=[mail.message_id])
    again = a_message(3, who="Jana", at=after(3 * MINUTE), references=[mail.message_id])
    rig.apply(arrived(mail, colleague, again), at=after(3 * MINUTE))
    rig.apply(arrived(replace(mail, address=replace(mail.address, mailbox="Sales"))))
    rig.apply(tried("1", at=4 * MINUTE), at=after(5 * MINUTE))
    assert tries(rig) == [MINUTE, 3 * MINUTE, 4 * MINUTE]


def test_what_was_answered_is_no_try() -> None:
    rig = a_rig()
    mail = a_message(1, who="Jana")
    rig.apply(arrived(mail))
    rig.apply(tried("1", at=MINUTE), at=after(2 * MINUTE))
    rig.apply(arrived(an_answer(9, mail, at=after(3 * MINUTE))), at=after(3 * MINUTE))
    told = rig.apply(tried("2", at=5 * MINUTE), at=after(6 * MINUTE))
    assert tries(rig) == [5 * MINUTE]
    assert "try today" not in raised(told)[0].body


def test_yesterdays_tries_are_not_todays() -> None:
    rig = a_rig()
    rig.apply(tried("1", at=-10 * HOUR))
    rig.apply(tried("2", at=MINUTE), at=after(2 * MINUTE))
    assert tries(rig) == [MINUTE]


def test_a_stranger_is_counted_by_number() -> None:
    rig = a_rig(is_joined=False)
    rig.apply(arrived(a_message(1, who="Jana")))
    rig.apply(tried("1"), at=after(MINUTE))
    rig.apply(tried("2", at=5 * MINUTE), at=after(6 * MINUTE))
    assert tries(rig) == [0, 5 * MINUTE]


def test_the_call_that_waits_is_a_try() -> None:
    rig = a_rig()
    rig.apply(tried("1", at=2 * MINUTE), at=after(3 * MINUTE))
    rig.apply(arrived(a_message(1, who="Jana", at=after(9 * MINUTE))), at=after(9 * MINUTE))
    caller = a_caller("2", at=after(20 * MINUTE), number=NUMBER, name="")
    told = rig.apply(joined(caller), at=after(20 * MINUTE))
    told += rig.wait(30)
    assert rig.desk.knocks.of(caller.number, rig.now) == (
        after(2 * MINUTE),
        after(9 * MINUTE),
        after(20 * MINUTE),
    )
    [alert] = raised(told)
    assert alert.title == "Jana is waiting"
    assert alert.body.endswith("3rd try today, first at 09:02.")


def test_nobody_knows_how_often_a_withheld_number_tried() -> None:
    rig = a_rig()
    rig.apply(tried("1", number=""), at=after(MINUTE))
    assert rig.desk.knocks.of("", rig.now) == ()


def test_who_knocks_for_the_third_time_comes_first() -> None:
    rig = a_rig()
    rig.apply(tried("0", number="+1"), at=after(MINUTE))
    rig.apply(tried("1", at=2 * MINUTE), at=after(3 * MINUTE))
    rig.apply(tried("2", at=4 * MINUTE), at=after(5 * MINUTE))
    shown = [one.label for one in rig.desk.knocks.missed(rig.now)]
    assert shown == ["+1", "Jana"]
    rig.apply(arrived(a_message(1, who="Jana", at=after(6 * MINUTE))), at=after(6 * MINUTE))
    shown = [one.label for one in rig.desk.knocks.missed(rig.now)]
    assert shown == ["Jana", "+1"]
    assert [one.label for one in rig.desk.knocks.missed(after(24 * HOUR))] == ["+1", "Jana"]


def test_their_mail_comes_first_too() -> None:
    rig = a_rig()
    first, mail = a_message(1, who="Ann"), a_message(2, who="Jana", at=after(MINUTE))
    rig.apply(arrived(first, mail), at=after(2 * MINUTE))
    rig.apply(tried("1", at=2 * MINUTE), at=after(3 * MINUTE))
    assert rig.desk.knocks.in_inbox(rig.now) == {}
    assert [one.key for one in rig.desk.knocks.waiting(rig.now)] == [first.key, mail.key]
    rig.apply(joined(a_caller("2", at=after(4 * MINUTE), number=NUMBER)), at=after(4 * MINUTE))
    assert rig.desk.knocks.in_inbox(rig.now) == {
        mail.key: (after(MINUTE), after(2 * MINUTE), after(4 * MINUTE))
    }
    assert [one.key for one in rig.desk.knocks.waiting(rig.now)] == [mail.key, first.key]
    assert rig.desk.what_matters_most(rig.now).startswith("call/")
    assert rig.desk.knocks.in_inbox(after(24 * HOUR)) == {}


def test_three_mails_of_a_stranger_are_three_tries_also_beside_an_old_one() -> None:
    rig = a_rig(is_joined=False)
    old = a_message(9, who="Jana", at=after(-40 * HOUR))
    mails = [a_message(number, who="Jana", at=after(number * MINUTE)) for number in (1, 2, 3)]
    rig.apply(arrived(old, *mails), at=after(4 * MINUTE))
    often = rig.desk.knocks.in_inbox(rig.now)
    assert set(often) == {old.key, *(mail.key for mail in mails)}
    assert set(often.values()) == {tuple(after(number * MINUTE) for number in (1, 2, 3))}


def test_who_was_reached_does_not_climb() -> None:
    rig = a_rig()
    rig.apply(tried("0", number="+1"), at=after(MINUTE))
    for number in (1, 2, 3):
        rig.apply(tried(f"{number}", at=number * MINUTE), at=after(9 * MINUTE))
    first = rig.desk.knocks.missed(rig.now)[0]
    assert first.label == "Jana"
    rig.take(rig.desk.close_missed(first.key, rig.now))
    assert [one.label for one in rig.desk.knocks.missed(rig.now)] == ["+1", "Jana"]


@pytest.mark.parametrize(
    "zone", ["Europe/Prague", "America/Santiago", "Antarctica/Troll", "Pacific/Apia"]
)
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 29, 3, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 22, 30, tzinfo=UTC),
        datetime(2026, 9, 6, 5, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 0, 10, tzinfo=UTC),
    ],
)
def test_today_is_the_local_day_also_where_the_clocks_move(zone: str, now: datetime) -> None:
    def to_local(at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(zone))

    rig = DeskRig(to_local=to_local, now=now).listen(a_member("Anna"))
    moments = [now - timedelta(minutes=20 * step) for step in range(-2, 90)]
    for number, at in enumerate(moments):
        call = missed(f"call/{number}", at=(at - T0).total_seconds() + 30, number=NUMBER, waited=30)
        rig.apply(call, at=now)
    today = to_local(now).date()
    wanted = sorted(at for at in moments if to_local(at).date() == today)
    assert list(rig.desk.knocks.of(NUMBER, now)) == wanted
