"""What the practice PBX decides: who rings, who waits, what is counted."""

from supportdesk.practice.ami_wire import AmiEvent
from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_originate import Originate
from supportdesk.practice.pbx_plan import Desk, IncomingCall, PbxPlan
from supportdesk.practice.pbx_switch import Party

ANNA = Desk(name="Anna", extension="101")
PRIYA = Desk(name="Priya", extension="102")
FOUNDER = Desk(name="You", extension="104")


def pbx(*members: Desk, busy_numbers: frozenset[str] = frozenset()) -> PbxModel:
    plan = PbxPlan(
        queue_name="support",
        members=members or (ANNA, PRIYA),
        founder=FOUNDER,
        busy_numbers=busy_numbers,
    )
    return PbxModel(plan, epoch=1_795_290_990)


def somebody(number: str, **wants: float | str | None) -> IncomingCall:
    return IncomingCall(caller=Party(number=number), **wants)  # type: ignore[arg-type]


def names(events: list[AmiEvent]) -> list[str]:
    return [event.name for event in events]


def statuses(model: PbxModel) -> list[str]:
    return [member.phone.state().member_status for member in model.queue.members]


def test_while_all_are_busy_nobody_is_called() -> None:
    model = pbx()
    model.call_queue(somebody("1", answer_seconds=1, answered_by="Anna", talk_seconds=60))
    model.advance(2)
    model.call_queue(somebody("2", answer_seconds=1, talk_seconds=60))
    model.advance(4)
    model.take_events()
    model.call_queue(somebody("3"))
    model.advance(20)
    heard = names(model.take_events())
    assert "QueueCallerJoin" in heard
    assert "AgentCalled" not in heard
    assert statuses(model) == ["2", "2"]


def test_the_longest_waiting_caller_is_served_first() -> None:
    model = pbx(ANNA)
    model.call_queue(somebody("1", answer_seconds=1, talk_seconds=30))
    model.advance(2)
    model.call_queue(somebody("2", answer_seconds=2, talk_seconds=30))
    model.call_queue(somebody("3", answer_seconds=2, talk_seconds=30))
    model.advance(40)
    assert [caller.channel.party.number for caller in model.queue.callers] == ["3"]
    assert model.queue.position_of(model.queue.callers[0]) == 1
    assert model.queue.callers[0].original_position == 2


def test_a_paused_member_is_left_alone_until_unpaused() -> None:
    model = pbx(ANNA)
    model.pause(ANNA.interface, "lunch")
    model.call_queue(somebody("1", answer_seconds=2, patience_seconds=60))
    model.advance(10)
    assert "AgentCalled" not in names(model.take_events())
    model.unpause(ANNA.interface)
    model.advance(13)
    assert "AgentConnect" in names(model.take_events())


def test_a_phone_that_comes_back_rings_for_who_waits() -> None:
    model = pbx(ANNA)
    model.set_registered(ANNA.interface, registered=False)
    assert statuses(model) == ["5"]
    model.call_queue(somebody("1", answer_seconds=2))
    model.set_registered(ANNA.interface, registered=True)
    model.advance(3)
    assert statuses(model) == ["2"]


def test_a_direct_call_makes_a_member_busy_for_the_queue() -> None:
    model = pbx(ANNA)
    model.call_phone("101", somebody("1", answer_seconds=2, talk_seconds=60))
    assert statuses(model) == ["6"]
    model.advance(3)
    assert statuses(model) == ["2"]
    model.call_queue(somebody("2", patience_seconds=10))
    model.advance(20)
    assert model.queue.abandoned == 1


def test_the_one_named_answers_and_another_if_that_one_cannot() -> None:
    model = pbx()
    model.call_queue(somebody("1", answer_seconds=1, answered_by="Priya", talk_seconds=60))
    model.advance(2)
    model.call_queue(somebody("2", answer_seconds=1, answered_by="Priya", talk_seconds=60))
    model.advance(4)
    connects = [e for e in model.take_events() if e.name == "AgentConnect"]
    assert [event.get("MemberName") for event in connects] == ["Priya", "Anna"]


def test_counters_follow_asterisk() -> None:
    model = pbx(ANNA)
    model.call_queue(somebody("1", answer_seconds=4, talk_seconds=20))
    model.advance(30)
    model.call_queue(somebody("2", answer_seconds=None, patience_seconds=5))
    model.advance(60)
    params = dict(model.queue.params())
    assert (params["Completed"], params["Abandoned"]) == ("1", "1")
    assert (params["Holdtime"], params["TalkTime"]) == ("1", "5")
    assert (params["ServicelevelPerf"], params["ServicelevelPerf2"]) == ("100.0", "50.0")


def test_taking_a_caller_is_counted_as_abandoned_and_says_nothing() -> None:
    """As on Asterisk 22: whoever counts missed calls must know that one was taken."""
    model = pbx(ANNA)
    model.call_queue(somebody("1", answer_seconds=None, patience_seconds=60, talk_seconds=9))
    waiting = model.channels[0].name
    order = Originate(
        action_id="1",
        channel=FOUNDER.interface,
        caller=Party(number="1"),
        application="Bridge",
        application_data=waiting,
    )
    model.originate(order)
    model.advance(5)
    heard = names(model.take_events())
    assert model.queue.abandoned == 1
    assert model.queue.callers == []
    assert "QueueCallerLeave" not in heard
    assert "QueueCallerAbandon" not in heard
    assert model.channels[0].bridge is model.channels[1].bridge is not None


def test_the_next_caller_rings_when_the_founder_took_the_first() -> None:
    model = pbx(ANNA)
    model.call_queue(somebody("1", answer_seconds=None, talk_seconds=60))
    first = model.channels[0].name
    model.call_queue(somebody("2", answer_seconds=1, talk_seconds=60))
    model.originate(
        Originate(
            action_id="1",
            channel=FOUNDER.interface,
            caller=Party(number="1"),
            application="Bridge",
            application_data=first,
        )
    )
    model.advance(10)
    connects = [e for e in model.take_events() if e.name == "AgentConnect"]
    assert [event.get("CallerIDNum") for event in connects] == ["2"]


def test_an_engaged_customer_ends_a_call_back_over_local() -> None:
    model = pbx(busy_numbers=frozenset({"+4755000118"}))
    model.originate(
        Originate(
            action_id="1",
            channel="Local/104@from-internal",
            caller=Party(number="+4755000118"),
            context="from-internal",
            exten="+4755000118",
        )
    )
    model.advance(30)
    ends = [e.get("DialStatus") for e in model.take_events() if e.name == "DialEnd"]
    assert ends == ["ANSWER", "ANSWER", "BUSY"]
    assert model.channels == []


def test_a_call_back_over_local_can_be_put_down_after_pick_up() -> None:
    model = pbx()
    order = Originate(
        action_id="1",
        channel="Local/104@from-internal",
        caller=Party(),
        context="from-internal",
        exten="+4755000118",
    )
    model.originate(order)
    model.advance(5)
    model.hang_up(next(c for c in model.channels if c.name.startswith(FOUNDER.interface)))
    model.advance(60)
    assert model.channels == []


def test_time_never_runs_back() -> None:
    model = pbx()
    model.advance(10)
    model.advance(5)
    assert model.now == 10
    assert model.wall_seconds == 1_795_291_000
    assert model.next_due() is None


def test_the_day_may_begin_before_second_zero() -> None:
    plan = PbxPlan(queue_name="support", members=(ANNA,), founder=FOUNDER)
    model = PbxModel(plan, epoch=1_795_290_990, begin=-100)
    model.call_queue(somebody("1", answer_seconds=3, talk_seconds=200))
    model.advance(0)
    assert statuses(model) == ["2"]
    model.advance(104)
    completed = [e for e in model.take_events() if e.name == "AgentComplete"]
    assert completed[0].get("TalkTime") == "200"
