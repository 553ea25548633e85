"""One AMI connection from greeting to end, with time in our hands."""

import hashlib
from dataclasses import replace
from itertools import product

import pytest

from supportdesk.domain.calls import Caller, CallId
from supportdesk.domain.errors import AuthRejected, ConnectionLost, PeerProtocolError
from supportdesk.domain.events import (
    CallerJoined,
    CallMissed,
    DialProgressed,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami_calls import PhoneIdentity
from supportdesk.protocols.ami_link import TABLE, LinkState, LinkTurn, Login, Send
from supportdesk.protocols.ami_words import lost
from tests.fakes.ami_script import BANNER, channel, entry, member, packet, queue
from tests.unit.protocols.scripted_pbx import (
    START,
    ScriptedPbx,
    Splitter,
    at,
    one_byte_at_a_time,
    whole,
)

OFFICE = SourceName("Office")
IDENTITY = PhoneIdentity(name=OFFICE, queues=("support",), founder="PJSIP/100")
QUEUES = [queue("support"), member("support", "PJSIP/201", "Ann")]
CARLA = Caller(
    phone=OFFICE,
    call_id=CallId("1.0"),
    number="+1555",
    name="Carla",
    queue="support",
    joined_at=START,
    channel="PJSIP/trunk-1",
)


def pbx(**more: object) -> ScriptedPbx:
    made = ScriptedPbx(identity=IDENTITY, queues=[*QUEUES])
    for name, value in more.items():
        setattr(made, name, value)
    return made


def names(made: ScriptedPbx) -> list[str]:
    return [action["Action"] for action in made.actions]


def state(made: ScriptedPbx) -> LinkState:
    return made.session.state


def problem_of(made: ScriptedPbx) -> str:
    return made.session.problem.advice if made.session.problem else ""


def title(made: ScriptedPbx) -> str:
    assert made.closed is not None
    assert state(made) is LinkState.CLOSED
    assert made.session.next_wakeup() is None
    return made.closed.error.title


def join(made: ScriptedPbx, uniqueid: str = "1.0", *, after: float = 1) -> None:
    said = {"Event": "QueueCallerJoin", "Privilege": "agent,all", "Queue": "support"}
    made.say(
        packet(**said, Channel=f"PJSIP/trunk-{uniqueid}", Uniqueid=uniqueid, CallerIDNum="+1555"),
        after=after,
    )


# Coming up


@pytest.mark.parametrize("split", [whole, one_byte_at_a_time])
def test_from_greeting_to_live(split: Splitter) -> None:
    made = pbx(split=split).connect()
    assert names(made) == [
        "Challenge",
        "Login",
        "ListCommands",
        "CoreSettings",
        "QueueStatus",
        "CoreShowChannels",
    ]
    assert state(made) is LinkState.LIVE
    [taken] = made.events
    assert isinstance(taken, PhoneSnapshotTaken)
    assert [one.name for one in taken.members or ()] == ["Ann"]
    can = taken.capabilities
    assert (can.sees_waiting, can.sees_busy, can.sees_missed) == (True, True, True)
    assert (can.can_take, can.can_dial) == (True, True)
    assert made.session.problem is None


def test_the_secret_does_not_travel_only_its_md5_with_the_challenge() -> None:
    made = pbx().connect()
    login = made.actions[1]
    expected = hashlib.md5(b"123456s3cret", usedforsecurity=False).hexdigest()
    assert (login["AuthType"], login["Username"], login["Key"]) == ("MD5", "desk", expected)
    assert login["Events"] == "system,call,agent,dialplan,user"
    assert "Secret" not in login
    assert "s3cret" not in repr(Login(peer="pbx:5038", user="desk", secret="s3cret"))


def test_a_greeting_says_what_is_there() -> None:
    made = pbx().connect()
    assert made.session.greeting == "Asterisk 22.10"
    old = pbx(silent_on=("CoreSettings",)).connect()
    assert old.session.greeting == "Asterisk (AMI 11.0.0)"


def test_the_table_knows_no_way_out_of_closed_and_no_way_back() -> None:
    order = list(LinkState)
    for (state, turn), after in TABLE.items():
        is_retry = turn is LinkTurn.STILL_BOOTING
        assert is_retry or order.index(after) >= order.index(state)
    assert not any((LinkState.CLOSED, turn) in TABLE for turn in LinkTurn)
    missing = set(product(LinkState, LinkTurn)) - set(TABLE)
    assert (LinkState.GREETING, LinkTurn.ACCEPTED) in missing


def test_events_before_login_mean_nothing() -> None:
    made = pbx(silent_on=("Login",), boots=False).connect()
    join(made, after=0.1)
    assert made.events == []
    assert state(made) is LinkState.LOGIN


# Refused, silent, somebody else


@pytest.mark.parametrize(
    "answer", [{"Message": "Authentication failed"}, {"Message": "Authentication failed", "X": "y"}]
)
def test_a_refused_login(answer: dict[str, str]) -> None:
    made = pbx(silent_on=("Login",), boots=False).connect()
    refusal = packet(Response="Error", ActionID=made.actions[-1]["ActionID"], **answer)
    made.say(refusal + packet(Event="FullyBooted", Uptime="1"), after=1)
    assert title(made) == "pbx:5038 refuses the phone user “desk” (Authentication failed)"
    assert made.closed is not None
    assert isinstance(made.closed.error, AuthRejected)
    assert made.session.receive(b"Event: X\r\n\r\n", made.now) == []
    assert made.session.ended(made.now) == []
    assert made.session.tick(made.now) == []
    assert made.session.resync(made.now) == []


def test_a_refused_challenge() -> None:
    made = pbx(silent_on=("Challenge",)).connect()
    made.say(packet(Response="Error", ActionID=made.actions[-1]["ActionID"], Message="No MD5"))
    assert title(made) == "pbx:5038 refuses the phone user “desk” (No MD5)"


def test_a_closed_door_during_login() -> None:
    made = pbx(silent_on=("Login",), boots=False).connect()
    made.take_in(made.session.ended(made.now))
    assert title(made) == "pbx:5038 closed the connection during login"


def test_a_closed_door_before_the_greeting() -> None:
    made = pbx()
    made.take_in(made.session.connected(made.now))
    made.take_in(made.session.ended(made.now))
    assert title(made) == "pbx:5038 closed the connection without a greeting"


@pytest.mark.parametrize("heard", [b"HTTP/1.1 400 Bad Request\r\n", b"SSH-2.0-x\r\n"])
def test_another_protocol(heard: bytes) -> None:
    made = pbx(banner=heard).connect()
    assert title(made).startswith("pbx:5038 is not an Asterisk manager port")
    assert made.closed is not None
    assert isinstance(made.closed.error, PeerProtocolError)


def test_a_prompt_without_a_line_is_named_when_it_stays_silent_or_goes() -> None:
    silent = pbx(banner=b"login: ", silent_on=("Challenge",)).connect()
    silent.run_until(6)
    assert "it says “login: ”" in title(silent)
    gone = pbx(banner=b"login: ").connect()
    gone.take_in(gone.session.ended(gone.now))
    assert "it says “login: ”" in title(gone)


def test_a_server_that_waits_to_be_spoken_to_is_spoken_to() -> None:
    """A web server says nothing first; its answer to our challenge gives it away."""
    made = pbx(banner=b"", silent_on=("Challenge",)).connect()
    made.run_until(2.4)
    assert made.actions == []
    made.run_until(2.6)
    assert names(made) == ["Challenge"]
    made.say(b"HTTP/1.1 400 Bad Request\r\n")
    assert "a web server answers there" in title(made)


def test_a_slow_greeting_after_our_challenge_is_not_challenged_twice() -> None:
    made = pbx(banner=b"", silent_on=("Challenge",)).connect()
    made.run_until(3)
    made.say(BANNER)
    assert state(made) is LinkState.CHALLENGE
    made.silent_on = ()
    made.say(packet(Response="Success", ActionID="supportdesk-1", Challenge="7"))
    assert names(made).count("Challenge") == 1
    assert state(made) is LinkState.LIVE


@pytest.mark.parametrize(
    ("silent_on", "seconds"),
    [(("Challenge",), 8.0), (("Login",), 8.0), (("QueueStatus",), 10.0)],
)
def test_silence_while_coming_up_ends_the_connection(
    silent_on: tuple[str, ...], seconds: float
) -> None:
    made = pbx(silent_on=silent_on, boots="Login" not in silent_on).connect()
    made.run_until(seconds - 0.1)
    assert made.closed is None
    made.run_until(seconds + 0.1)
    assert title(made) == "The phone system pbx:5038 does not answer"


def test_no_connection_at_all() -> None:
    made = pbx()
    assert made.session.next_wakeup() == at(8)
    made.run_until(8)
    assert title(made) == "The phone system pbx:5038 does not answer"


def test_no_greeting_at_all() -> None:
    made = pbx(banner=b"", silent_on=("Challenge",)).connect()
    assert made.session.tick(at(0.1)) == [], "woken for nothing"
    made.run_until(4.9)
    assert made.closed is None
    made.run_until(5)
    assert title(made) == "The phone system pbx:5038 does not answer"


def test_a_socket_that_fails_says_why_unless_the_peer_explained_itself() -> None:
    made = pbx()
    made.take_in(made.session.failed(lost("pbx:5038", "cannot be found"), made.now))
    assert title(made) == "The phone system pbx:5038 cannot be found"


# Booting


def test_without_the_class_system_queues_are_asked_for_after_a_moment() -> None:
    made = pbx(boots=False).connect()
    assert state(made) is LinkState.BOOTING
    assert made.session.next_wakeup() == at(0.3)
    made.run_until(0.3)
    assert state(made) is LinkState.LIVE


def test_a_pbx_that_boots_is_asked_again_until_it_knows_its_queues() -> None:
    made = pbx(boots=False, queues=None).connect()
    made.run_until(1.4)
    assert state(made) is LinkState.BOOTING
    assert names(made).count("QueueStatus") == 3
    assert made.session.problem is None
    made.queues = [*QUEUES]
    made.run_until(2)
    assert state(made) is LinkState.LIVE
    assert isinstance(made.events[-1], PhoneSnapshotTaken)


def test_fullybooted_ends_the_waiting() -> None:
    made = pbx(boots=False, queues=None).connect()
    made.run_until(1)
    made.queues = [*QUEUES]
    made.say(packet(Event="FullyBooted", Privilege="system,all"), after=1.1)
    assert state(made) is LinkState.LIVE


def test_a_pbx_without_queues_is_watched_for_direct_calls() -> None:
    made = pbx(queues=None).connect()
    assert state(made) is LinkState.LIVE
    [taken] = made.events
    assert isinstance(taken, PhoneSnapshotTaken)
    assert taken.members is None
    assert not taken.capabilities.sees_waiting
    assert made.session.problem is not None
    assert "has no queues" in made.session.problem.title


def test_after_twenty_seconds_unknown_queues_are_none() -> None:
    made = pbx(boots=False, queues=None).connect()
    made.run_until(19)
    assert state(made) is LinkState.BOOTING
    made.run_until(21)
    assert state(made) is LinkState.LIVE


def test_fullybooted_in_the_middle_takes_stock_again() -> None:
    made = pbx().connect()
    made.queues = [queue("support"), member("support", "PJSIP/201", "Ann", "2")]
    made.say(packet(Event="FullyBooted", Privilege="system,all"), after=3)
    assert len(made.events) == 2


# After a gap


def test_a_restart_in_the_gap_is_known_by_its_uptime() -> None:
    first = pbx().connect()
    join(first)
    second = pbx(uptime_seconds=5)
    second = ScriptedPbx(
        identity=IDENTITY, book=first.book, queues=[*QUEUES], uptime_seconds=5, deaf_since=at(-20)
    )
    second.channels = None
    second.connect()
    missed, taken = second.events
    assert isinstance(missed, CallMissed)
    assert isinstance(taken, PhoneSnapshotTaken)
    assert taken.deaf_since == at(-20)


@pytest.mark.parametrize("boots", [True, False])
def test_a_gap_without_a_restart(boots: bool) -> None:
    first = pbx().connect()
    join(first)
    second = ScriptedPbx(
        identity=IDENTITY,
        book=first.book,
        queues=[*QUEUES, entry("support", "1.0", wait=30)],
        channels=[channel("1.0")],
        boots=boots,
        deaf_since=at(-20),
    ).connect()
    second.run_until(1)
    [taken] = second.events
    assert isinstance(taken, PhoneSnapshotTaken)
    assert (len(taken.callers), taken.deaf_since) == (1, at(-20))


def test_a_pbx_that_came_up_a_moment_before_the_gap_has_not_restarted_in_it() -> None:
    """Its uptime is in whole seconds: 0 may be almost one."""
    first = pbx()
    first.queues = [queue("support", abandoned=1)]
    second = ScriptedPbx(
        identity=IDENTITY,
        book=first.connect().book,
        queues=first.queues,
        uptime_seconds=0,
        deaf_since=at(-0.5),
    )
    [taken] = second.connect().events
    assert isinstance(taken, PhoneSnapshotTaken)
    assert taken.missed_meanwhile == 0


# Live


def test_events_become_what_happened() -> None:
    made = pbx().connect()
    join(made)
    joined = made.events[-1]
    assert isinstance(joined, CallerJoined)
    assert (joined.caller.number, joined.at) == ("+1555", at(1))


def test_silence_is_answered_with_a_ping() -> None:
    made = pbx().connect()
    assert made.session.next_wakeup() == at(5)
    made.run_until(11)
    assert names(made).count("Ping") == 2
    assert made.session.last_heard_at == at(10)
    assert made.closed is None


def test_a_talking_pbx_needs_no_ping() -> None:
    made = pbx().connect()
    for seconds in range(1, 30, 4):
        made.say(packet(Event="RTCPSent", Privilege="reporting,all"), after=seconds)
    assert "Ping" not in names(made)


def test_a_ping_without_answer_ends_the_connection_within_ten_seconds() -> None:
    made = pbx().connect()
    made.silent_on = ("Ping",)
    made.run_until(8.9)
    assert state(made) is LinkState.LIVE
    made.run_until(9)
    assert title(made) == "The phone system pbx:5038 does not answer"
    assert made.closed is not None
    assert isinstance(made.closed.error, ConnectionLost)


def test_anything_heard_is_as_good_as_a_pong() -> None:
    made = pbx().connect()
    made.silent_on = ("Ping",)
    made.say(packet(Event="RTCPSent"), after=8)
    made.run_until(12)
    assert made.closed is None


def test_a_clock_that_is_set_back_does_not_stop_the_pings() -> None:
    made = pbx().connect()
    made.now = at(-3600)
    made.take_in(made.session.tick(made.now))
    assert made.session.next_wakeup() == at(-3595)


def test_the_lists_are_compared_once_a_minute() -> None:
    made = pbx().connect()
    made.run_until(59)
    assert names(made).count("QueueStatus") == 1
    made.run_until(61)
    assert names(made).count("QueueStatus") == 2
    assert len(made.events) == 1


def test_a_call_while_no_queue_was_ever_heard_makes_us_look() -> None:
    made = pbx().connect()
    arrives = {"Event": "Newchannel", "Privilege": "call,all", "ChannelState": "4"}
    made.say(packet(**arrives, Channel="PJSIP/trunk-1", Uniqueid="1.0"), after=10)
    made.queues = [*QUEUES, entry("support", "1.0", wait=2)]
    made.channels = [channel("1.0")]
    made.say(packet(**arrives, Channel="PJSIP/trunk-2", Uniqueid="2.0"), after=11)
    made.run_until(12.1)
    assert names(made).count("QueueStatus") == 2
    assert made.session.problem is not None
    assert "`agent` to the `read` line" in made.session.problem.advice
    assert made.session.next_wakeup() is not None
    made.run_until(22.5)
    assert names(made).count("QueueStatus") == 4, "now the lists are all there is"
    join(made, "3.0", after=23)
    assert made.session.problem is None


def test_a_call_that_reached_its_queue_late_is_looked_at_again() -> None:
    made = pbx().connect()
    arrives = {"Event": "Newchannel", "Privilege": "call,all", "ChannelState": "4"}
    made.say(packet(**arrives, Channel="PJSIP/trunk-1", Uniqueid="1.0"), after=10)
    made.queues = [*QUEUES, entry("support", "1.0", wait=1)]
    made.channels = [channel("1.0")]
    made.run_until(12.1)
    assert problem_of(made) == ""
    made.queues = [*QUEUES, entry("support", "1.0", wait=3)]
    made.run_until(14.2)
    assert "`agent` to the `read` line" in problem_of(made)


def test_a_call_while_queues_are_heard_needs_no_look() -> None:
    made = pbx().connect()
    join(made)
    made.queues = [*QUEUES, entry("support", "1.0", wait=30)]
    arrives = {"Event": "Newchannel", "Privilege": "call,all", "ChannelState": "4"}
    made.say(packet(**arrives, Channel="PJSIP/trunk-2", Uniqueid="2.0"), after=10)
    made.run_until(20)
    assert names(made).count("QueueStatus") == 1


def test_a_shutdown_is_called_one() -> None:
    made = pbx().connect()
    made.say(packet(Event="Shutdown", Privilege="system,all", Restart="False"), after=1)
    made.take_in(made.session.ended(made.now))
    assert title(made) == "The phone system pbx:5038 has shut down"


def test_a_cut_link_is_called_one() -> None:
    made = pbx().connect()
    made.take_in(made.session.ended(made.now))
    assert title(made) == "The phone system pbx:5038 closed the connection"


def test_a_packet_without_an_end_ends_the_connection() -> None:
    made = pbx().connect()
    made.say(b"Event: " + b"x" * 2_000_000)
    assert title(made) == "pbx:5038 sends a packet without an end"


def test_a_caller_without_hangups_is_missed_in_time() -> None:
    made = pbx().connect()
    join(made, after=57)
    abandon = {"Event": "QueueCallerAbandon", "Privilege": "agent,all", "Queue": "support"}
    made.say(packet(**abandon, Uniqueid="1.0"), after=58)
    made.run_until(61.5)
    missed = [event for event in made.events if isinstance(event, CallMissed)]
    assert [event.at for event in missed] == [at(61)]
    assert made.session.problem is not None
    assert "`call` to the `read` line" in made.session.problem.advice


# Rights


def test_without_reporting_we_are_live_and_say_so() -> None:
    made = pbx(channels=None).connect()
    assert state(made) is LinkState.LIVE
    assert made.session.problem is not None
    assert "`reporting` to the `write` line" in made.session.problem.advice


@pytest.mark.parametrize(
    ("commands", "can_take", "can_dial", "right"),
    [
        (("Hangup",), False, False, "`originate`"),
        (("Originate",), False, True, "`call`"),
        ((), False, False, "`originate`, `call`"),
    ],
)
def test_missing_rights_to_dial_are_named(
    commands: tuple[str, ...], can_take: bool, can_dial: bool, right: str
) -> None:
    made = pbx(commands=commands).connect()
    [taken] = made.events
    assert isinstance(taken, PhoneSnapshotTaken)
    assert (taken.capabilities.can_take, taken.capabilities.can_dial) == (can_take, can_dial)
    assert made.session.problem is not None
    assert f"{right} to the `write` line" in made.session.problem.advice
    made.take_in(made.session.take(CARLA, made.now))
    refusal = made.events[-1]
    assert isinstance(refusal, DialProgressed)
    assert "may not start calls" in refusal.words
    assert "Originate" not in names(made)


def test_without_a_founder_rights_to_dial_are_not_asked_for() -> None:
    made = ScriptedPbx(identity=PhoneIdentity(name=OFFICE), queues=[*QUEUES], commands=()).connect()
    assert made.session.problem is None
    [taken] = made.events
    assert isinstance(taken, PhoneSnapshotTaken)
    assert not taken.capabilities.can_take


def test_rights_that_are_not_told_are_tried() -> None:
    made = pbx(silent_on=("ListCommands",)).connect()
    assert made.session.problem is None
    made.take_in(made.session.call_back("+1555", "Carla", made.now))
    assert names(made)[-1] == "Originate"


def test_a_watched_queue_that_is_not_there_is_the_problem() -> None:
    made = pbx(queues=[queue("sales")]).connect()
    assert made.session.problem is not None
    assert "has no queue “support”" in made.session.problem.title


# Dialling


def test_taking_before_we_are_live_is_refused() -> None:
    made = pbx()
    made.take_in(made.session.take(CARLA, made.now))
    refusal = made.events[-1]
    assert isinstance(refusal, DialProgressed)
    assert refusal.words == "The phone system is not connected"


def test_a_take_from_click_to_talk() -> None:
    made = pbx().connect()
    join(made)
    made.take_in(made.session.take(CARLA, made.now))
    action_id = made.actions[-1]["ActionID"]
    assert made.actions[-1]["ChannelId"] == action_id
    made.say(packet(Response="Success", ActionID=action_id))
    looks = names(made).count("QueueStatus")
    made.say(packet(Event="OriginateResponse", ActionID=action_id, Response="Success"))
    assert names(made).count("QueueStatus") == looks + 1, "the queue does not tell"
    enters = {"Event": "BridgeEnter", "Privilege": "call,all", "BridgeUniqueid": "b"}
    made.say(packet(**enters, Channel="PJSIP/trunk-1.0", Uniqueid="1.0"))
    made.say(packet(**enters, Channel="PJSIP/100-01", Uniqueid=action_id))
    words = [event.words for event in made.events if isinstance(event, DialProgressed)]
    assert words == [
        "Your phone rings; pick up to talk to Carla",
        "You are talking to Carla",
    ]
    assert names(made).count("QueueStatus") == looks + 2


def test_a_ring_is_taken_back_with_an_id_of_its_own() -> None:
    made = pbx().connect()
    join(made)
    made.take_in(made.session.take(CARLA, made.now))
    action_id = made.actions[-1]["ActionID"]
    born = {"Event": "Newchannel", "Privilege": "call,all", "ChannelState": "0"}
    made.say(packet(**born, Channel="PJSIP/100-01", Uniqueid=action_id))
    made.say(packet(Event="Hangup", Privilege="call,all", Uniqueid="1.0", Cause="0"))
    hangup = next(action for action in made.actions if action["Action"] == "Hangup")
    assert hangup["Channel"] == "PJSIP/100-01"
    assert hangup["ActionID"] != action_id


def test_a_lost_link_ends_an_attempt_and_says_so_before_it_closes() -> None:
    made = pbx().connect()
    made.take_in(made.session.call_back("+1555", "Carla", made.now))
    made.silent_on = ("Ping",)
    made.run_until(10)
    [end] = [event for event in made.events if isinstance(event, DialProgressed)]
    assert "link to the phone system was lost" in end.words
    assert end.is_over
    assert made.closed is not None


def test_an_attempt_nobody_answers_for_is_over_in_time() -> None:
    made = pbx().connect()
    made.take_in(made.session.call_back("+1555", "Carla", made.now))
    made.run_until(36)
    [end] = [event for event in made.events if isinstance(event, DialProgressed)]
    assert (end.at, end.has_failed) == (at(35), True)


def test_a_caller_who_is_gone_or_answered_rings_no_phone() -> None:
    made = pbx().connect()
    refusals = [made.session.take(CARLA, made.now)]
    join(made)
    seat = {"Interface": "PJSIP/201", "MemberName": "Ann", "HoldTime": "1"}
    made.say(packet(Event="AgentConnect", Privilege="agent,all", Uniqueid="1.0", **seat))
    refusals.append(made.session.take(CARLA, made.now))
    words = [one.words for [one] in refusals if isinstance(one, DialProgressed)]
    assert words == ["Carla is no longer waiting", "Carla has been answered already"]


def test_a_call_that_cannot_be_put_into_a_line_is_not_placed() -> None:
    made = pbx().connect()
    join(made)
    evil = Caller(
        phone=OFFICE,
        call_id=CallId("1.0"),
        number="+1555",
        name="Carla",
        queue="support",
        joined_at=START,
        channel="PJSIP/trunk-1\r\nX: y",
    )
    outputs = made.session.take(evil, made.now)
    assert not any(isinstance(output, Send) for output in outputs)
    [end] = outputs
    assert isinstance(end, DialProgressed)
    assert end.words == "This call cannot be placed: A line break or NUL in Data"


def test_who_is_lifted_is_taken_out_of_a_talk() -> None:
    made = pbx().connect()
    join(made)
    seat = {"Interface": "PJSIP/201", "MemberName": "Ann", "HoldTime": "1"}
    made.say(packet(Event="AgentConnect", Privilege="agent,all", Uniqueid="1.0", **seat))
    without_channel = replace(CARLA, channel="", is_lifted=True)
    made.take_in(made.session.take(without_channel, made.now))
    originate = made.actions[-1]
    assert (originate["Action"], originate["Data"]) == ("Originate", "PJSIP/trunk-1.0")


def test_who_is_lifted_and_has_hung_up_rings_no_phone() -> None:
    made = pbx().connect()
    [refusal] = made.session.take(replace(CARLA, is_lifted=True), made.now)
    assert isinstance(refusal, DialProgressed)
    assert refusal.words == "Carla is no longer there"


def test_a_code_that_we_may_not_hear_names_the_right() -> None:
    made = pbx().connect()
    dialled = {"Application": "UserEvent", "AppData": "SupportdeskLift,Why: wants to leave"}
    made.say(packet(Event="Newexten", Privilege="dialplan,all", Uniqueid="2.0", **dialled))
    made.run_until(4)
    assert "add `user` to the `read` line" in problem_of(made)
    assert "a call that one of the team lifts to you by a code is not seen" in problem_of(made)
    told = {"Uniqueid": "2.0", "UserEvent": "SupportdeskLift"}
    made.say(packet(Event="UserEvent", Privilege="user,all", **told))
    assert problem_of(made) == ""
