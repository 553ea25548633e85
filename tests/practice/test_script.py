"""The script of the day, acted out on the PBX model without sockets or waiting."""

from itertools import pairwise, takewhile

import pytest

from supportdesk.practice import script as script_module
from supportdesk.practice.ami_wire import AmiEvent
from supportdesk.practice.company import load_company
from supportdesk.practice.letters import load_letters
from supportdesk.practice.script import (
    DayScript,
    MailIsPosted,
    MemberLifts,
    MemberPauses,
    MemberUnpauses,
    PhoneLeaves,
    PhoneReturns,
    SomebodyCalls,
    load_day,
)
from tests.practice.acting import act_out

DAY = load_day()
COMPANY = load_company()
LETTERS = load_letters()
ONE_RING = 6.0


def heard(events: list[tuple[float, AmiEvent]], name: str, number: str) -> list[float]:
    return [at for at, e in events if e.name == name and e.get("CallerIDNum") == number]


def test_everybody_in_the_script_exists() -> None:
    desks = {*COMPANY.team, "founder", ""}
    for due in (*DAY.opening, *DAY.lap):
        match due.happening:
            case MailIsPosted(letter=letter):
                assert letter in LETTERS.live
                assert due.at >= 0
            case SomebodyCalls() as call:
                assert call.customer in {*COMPANY.correspondents, ""}
                assert bool(call.customer) != bool(call.number)
                assert call.answered_by in {*COMPANY.team, ""}
                assert call.to in desks
            case MemberPauses() | MemberUnpauses() | PhoneLeaves() | PhoneReturns() as change:
                assert change.who in COMPANY.team
            case MemberLifts() as lift:
                assert lift.who in COMPANY.team
            case _:
                pytest.fail(str(due))


def test_every_letter_is_posted_once_a_day() -> None:
    posted = [
        due.happening.letter
        for due in (*DAY.opening, *DAY.lap)
        if isinstance(due.happening, MailIsPosted)
    ]
    assert sorted(posted) == sorted(LETTERS.live)


def test_the_first_minute_shows_everything_that_matters() -> None:
    events = act_out(DAY, until=60)
    pavel, aubry = "+420541000018", "+33465712018"
    (joined,) = heard(events, "QueueCallerJoin", pavel)
    (answered,) = heard(events, "AgentConnect", pavel)
    assert joined > 10
    assert answered - joined > 2 * ONE_RING + 6
    assert not [e for at, e in events if e.name == "AgentCalled" and joined <= at < answered - 5]
    (missed,) = heard(events, "QueueCallerAbandon", aubry)
    assert missed - heard(events, "QueueCallerJoin", aubry)[0] > 2 * ONE_RING
    assert missed < 60
    assert heard(events, "Hangup", aubry)
    assert heard(events, "AgentConnect", aubry) == []
    mail = [d.at for d in DAY.opening if isinstance(d.happening, MailIsPosted)]
    assert sum(0 < at < 30 for at in mail) >= 2


def test_at_the_start_the_team_is_at_work() -> None:
    events = act_out(DAY, until=0)
    talking = {e.get("MemberName") for _, e in events if e.name == "AgentConnect"}
    assert talking == {"Anna Dvořák", "Priya Nair"}
    assert [e.get("PausedReason") for _, e in events if e.name == "QueueMemberPause"] == ["lunch"]


def test_half_an_hour_goes_on_at_a_calmer_pace() -> None:
    dues = list(takewhile(lambda due: due.at < 1800, DAY.from_start()))
    later = [due.at for due in dues if due.at > DAY.opening_seconds]
    gaps = [after - before for before, after in pairwise(later)]
    assert len(later) >= 25
    assert max(gaps) < 180
    events = act_out(DAY, until=1800)
    direct = [
        e for _, e in events if e.name == "DialEnd" and e.get("DestChannel")[:9] == "PJSIP/104"
    ]
    assert [event.get("DialStatus") for event in direct] == ["CANCEL"]
    assert len({e.get("Linkedid") for _, e in events if e.name == "AgentConnect"}) >= 12


def test_the_lap_repeats_with_its_number() -> None:
    per_lap = len(DAY.lap)
    opening = [due for due in DAY.opening if due.at >= 0]
    dues = DAY.from_start()
    first = [next(dues) for _ in range(len(opening) + 2 * per_lap)]
    second_lap = first[-per_lap:]
    assert {due.lap for due in second_lap} == {1}
    assert second_lap[0].at == DAY.opening_seconds + DAY.lap_seconds + DAY.lap[0].at
    assert [due.at for due in first] == sorted(due.at for due in first)
    assert max(due.at for due in DAY.lap) < DAY.lap_seconds
    assert DAY.lap_seconds >= 1800


def test_a_second_lap_is_as_lively_as_the_first() -> None:
    events = act_out(DAY, until=DAY.opening_seconds + 2 * DAY.lap_seconds)
    first_ends = DAY.opening_seconds + DAY.lap_seconds
    counts = [
        sum(e.name == "AgentConnect" and begin <= at < begin + DAY.lap_seconds for at, e in events)
        for begin in (DAY.opening_seconds, first_ends)
    ]
    assert abs(counts[0] - counts[1]) <= 2


def test_a_script_without_lap_ends() -> None:
    script = DayScript(begins=0, opening=DAY.opening, lap=(), opening_seconds=1, lap_seconds=1)
    assert len(list(script.from_start())) == sum(due.at >= 0 for due in DAY.opening)


def test_a_kind_nobody_knows_is_named() -> None:
    with pytest.raises(ValueError, match="unknown kind 'earthquake'"):
        script_module._happening({"kind": "earthquake"})
