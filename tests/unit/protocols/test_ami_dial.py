"""Take call and Call back: what is sent, what is said, and that nothing is sent twice."""

from collections.abc import Iterable
from datetime import datetime

import pytest

from supportdesk.domain.calls import Caller, CallId, MissedReason
from supportdesk.domain.events import (
    CallAnswered,
    CallEnded,
    CallMissed,
    DialProgressed,
    MemberLeft,
)
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_calls import PhoneIdentity
from supportdesk.protocols.ami_dial import Ask, DialDesk, DialOutput, caller_id
from tests.fakes.ami_script import packet
from tests.unit.protocols.scripted_pbx import START, at

OFFICE = SourceName("Office")
CARLA = Caller(
    phone=OFFICE,
    call_id=CallId("1.0"),
    number="+15550100001",
    name="Carla",
    queue="support",
    joined_at=START,
    channel="PJSIP/trunk-1",
)
CHANNEL_ID = f"supportdesk-take-{int(START.timestamp() * 1000)}-1"
BACK_ID = CHANNEL_ID.replace("take", "back")


def said(**fields: str) -> Packet:
    return Packet(packet(**fields)[:-4])


class Founder:
    """A dial desk, and what came out of it."""

    def __init__(self, founder: str = "PJSIP/100") -> None:
        identity = PhoneIdentity(name=OFFICE, founder=founder, context="from-internal")
        self.desk = DialDesk(identity, "desk")
        self.asks: list[Ask] = []
        self.progress: list[DialProgressed] = []

    def take(self, caller: Caller = CARLA, refusal: str = "") -> "Founder":
        return self._note(self.desk.take(caller, at(0), refusal))

    def call_back(
        self, number: str = "+15550100001", name: str = "Carla", refusal: str = ""
    ) -> "Founder":
        return self._note(self.desk.call_back(number, name, at(0), refusal))

    def ringing(self, action_id: str = CHANNEL_ID) -> "Founder":
        """Asterisk accepts, and makes the channel of the founder's phone."""
        self.respond(Response="Success", ActionID=action_id)
        return self.hears("Newchannel", Uniqueid=action_id, Channel="PJSIP/100-01")

    def picked_up(self, action_id: str = CHANNEL_ID) -> "Founder":
        return self.hears("OriginateResponse", ActionID=action_id, Response="Success", Reason="4")

    def respond(self, **fields: str) -> "Founder":
        return self._note(self.desk.respond(said(**fields), at(1)))

    def hears(self, event: str, **fields: str) -> "Founder":
        return self._note(self.desk.apply(said(Event=event, **fields), at(2)))

    def answered(self, by: str, interface: str, call_id: str = "1.0") -> "Founder":
        event = CallAnswered(
            phone=OFFICE,
            call_id=CallId(call_id),
            by=by,
            by_interface=interface,
            hold_seconds=1,
            at=at(3),
        )
        return self._note(self.desk.react(event, at(3)))

    def missed(self, call_id: str = "1.0") -> "Founder":
        event = CallMissed(
            phone=OFFICE,
            call_id=CallId(call_id),
            number="",
            name="",
            queue="",
            waited_seconds=1,
            reason=MissedReason.GAVE_UP,
            at=at(3),
        )
        return self._note(self.desk.react(event, at(3)))

    def talk_ended(self, call_id: str = "1.0") -> "Founder":
        event = CallEnded(phone=OFFICE, call_id=CallId(call_id), talk_seconds=90, at=at(3))
        return self._note(self.desk.react(event, at(3)))

    def tick(self, now: datetime) -> "Founder":
        return self._note(self.desk.tick(now))

    @property
    def words(self) -> list[str]:
        return [event.words for event in self.progress]

    @property
    def end(self) -> tuple[str, bool]:
        """The last words, and whether they are a failure; it must be over."""
        last = self.progress[-1]
        assert last.is_over
        return last.words, last.has_failed

    @property
    def is_idle(self) -> bool:
        return self.desk.next_wakeup() is None

    def _note(self, outputs: Iterable[DialOutput]) -> "Founder":
        for output in outputs:
            if isinstance(output, Ask):
                self.asks.append(output)
            else:
                self.progress.append(output)
        return self


def test_taking_rings_the_founder_and_leaves_the_caller_in_the_queue() -> None:
    founder = Founder().take()
    [ask] = founder.asks
    assert (ask.name, ask.action_id) == ("Originate", CHANNEL_ID)
    assert dict(ask.fields) == {
        "Channel": "PJSIP/100",
        "Application": "Bridge",
        "Data": "PJSIP/trunk-1",
        "CallerID": '"Carla" <+15550100001>',
        "Timeout": "20000",
        "Async": "true",
        "ChannelId": CHANNEL_ID,
    }
    assert founder.progress == []


def test_a_taken_call() -> None:
    founder = Founder().take().ringing().picked_up().answered("you", "PJSIP/100")
    assert founder.progress[0] == DialProgressed(
        phone=OFFICE,
        call_id=CallId("1.0"),
        number="+15550100001",
        words="Your phone rings; pick up to talk to Carla",
        is_over=False,
        has_failed=False,
        at=at(1),
    )
    assert founder.end == ("You are talking to Carla", False)
    assert founder.is_idle
    assert len(founder.asks) == 1


def test_a_double_click_rings_once() -> None:
    founder = Founder().take().take()
    assert len(founder.asks) == 1
    assert founder.words == ["Your phone already rings for Carla"]
    assert not founder.progress[0].is_over


def test_another_caller_has_to_wait_for_the_first_attempt() -> None:
    other = Caller(
        phone=OFFICE,
        call_id=CallId("2.0"),
        number="",
        name="Dan",
        queue="support",
        joined_at=START,
        channel="PJSIP/trunk-2",
    )
    founder = Founder().take().take(other)
    assert len(founder.asks) == 1
    assert founder.end == ("Your phone is already being rung for Carla", True)
    assert founder.progress[-1].call_id == "2.0"
    founder.call_back()
    assert len(founder.asks) == 1
    founder.ringing().picked_up().answered("you", "PJSIP/100").take(other)
    assert len(founder.asks) == 2


@pytest.mark.parametrize(
    ("founder", "caller", "refusal", "words"),
    [
        ("", CARLA, "", 'No phone of yours is known: set `founder = "PJSIP/100"` in the settings'),
        ("PJSIP/100", CARLA, "No rights", "No rights"),
        (
            "PJSIP/100",
            Caller(
                phone=OFFICE,
                call_id=CallId("1.0"),
                number="",
                name="",
                queue="",
                joined_at=START,
            ),
            "",
            "The phone system does not say where Unknown number waits",
        ),
    ],
)
def test_taking_may_be_impossible(founder: str, caller: Caller, refusal: str, words: str) -> None:
    made = Founder(founder).take(caller, refusal)
    assert made.asks == []
    assert made.end == (words, True)
    assert made.is_idle


def test_somebody_else_answers_first_and_the_ring_is_taken_back() -> None:
    founder = Founder().take().ringing().answered("Ann", "PJSIP/201")
    assert founder.end == ("Ann answered first", False)
    assert founder.asks[-1] == Ask("Hangup", (("Channel", "PJSIP/100-01"),))
    founder.hears("OriginateResponse", ActionID=CHANNEL_ID, Response="Failure", Reason="0")
    assert founder.is_idle
    assert len(founder.progress) == 2


def test_the_talk_that_the_founder_was_asked_into_ends_first() -> None:
    founder = Founder().take().ringing().talk_ended("other")
    assert founder.progress[-1].is_over is False
    founder.talk_ended()
    assert founder.end == ("The call with Carla ended before you picked up", True)
    assert founder.asks[-1] == Ask("Hangup", (("Channel", "PJSIP/100-01"),))


def test_the_caller_leaves_before_the_phone_has_a_channel() -> None:
    founder = Founder().take().missed()
    assert founder.end == ("Carla hung up before you picked up", True)
    assert [ask.name for ask in founder.asks] == ["Originate"]
    founder.hears("Newchannel", Uniqueid="another", Channel="PJSIP/9-01")
    founder.hears("Newchannel", Uniqueid=CHANNEL_ID, Channel="PJSIP/100-01")
    assert founder.asks[-1] == Ask("Hangup", (("Channel", "PJSIP/100-01"),))
    founder.hears("Hangup", Uniqueid=CHANNEL_ID)
    assert founder.is_idle
    assert len(founder.progress) == 1


def test_a_cancelled_ring_that_is_never_heard_of_again_is_forgotten() -> None:
    founder = Founder().take().missed().tick(at(25))
    assert founder.is_idle
    assert len(founder.progress) == 1


def test_what_becomes_of_other_calls_is_no_concern() -> None:
    founder = Founder().take().ringing()
    founder.answered("Ann", "PJSIP/201", "9.9").missed("9.9")
    left = MemberLeft(phone=OFFICE, interface="PJSIP/201", at=at(3))
    assert founder.desk.react(left, at(3)) == []
    founder.hears("OriginateResponse", ActionID="lab-1", Response="Success")
    founder.hears("Hangup", Uniqueid="9.9").hears("DialEnd", Uniqueid="9.9", DialStatus="ANSWER")
    founder.hears("QueueCallerJoin")
    assert len(founder.progress) == 1
    idle = Founder().answered("Ann", "PJSIP/201").missed().hears("Newchannel").tick(at(99))
    assert (idle.asks, idle.progress) == ([], [])
    assert idle.respond(Response="Success", ActionID="x").progress == []


def test_once_picked_up_nobody_is_cut_off() -> None:
    """Bridge() may hold the customer by now: hanging up the founder would drop both."""
    founder = Founder().take().ringing().picked_up().answered("Ann", "PJSIP/201")
    assert founder.end == ("Ann answered first", False)
    assert [ask.name for ask in founder.asks] == ["Originate"]
    assert founder.is_idle


def test_picked_up_but_the_caller_is_gone() -> None:
    founder = Founder().take().ringing().picked_up().hears("Hangup", Uniqueid=CHANNEL_ID)
    assert founder.end == ("The call to Carla ended", True)


def test_a_ringing_phone_that_is_hung_up_waits_for_the_word_of_asterisk() -> None:
    founder = Founder().take().ringing().hears("Hangup", Uniqueid=CHANNEL_ID)
    assert not founder.progress[-1].is_over


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("1", "Your phone PJSIP/100 did not answer; Carla is still waiting"),
        ("3", "Your phone PJSIP/100 did not answer; Carla is still waiting"),
        ("5", "Your phone PJSIP/100 is busy; Carla is still waiting"),
        ("8", "Your phone PJSIP/100 cannot be reached; Carla is still waiting"),
        ("0", "Your phone PJSIP/100 declined the call; Carla is still waiting"),
    ],
)
def test_the_founder_did_not_pick_up(reason: str, words: str) -> None:
    founder = Founder().take().ringing()
    founder.hears("OriginateResponse", ActionID=CHANNEL_ID, Response="Failure", Reason=reason)
    assert founder.end == (words, True)
    assert founder.is_idle


def test_a_phone_that_never_rang_is_not_connected() -> None:
    founder = Founder().take().respond(Response="Success", ActionID=CHANNEL_ID)
    founder.hears("OriginateResponse", ActionID=CHANNEL_ID, Response="Failure", Reason="0")
    assert founder.end == (
        "Your phone PJSIP/100 is not connected to the phone system, or declined the call;"
        " Carla is still waiting",
        True,
    )


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            "Permission denied",
            "The phone user “desk” may not start calls: add `originate` and `call` to its `write`"
            " line in manager.conf",
        ),
        (
            "Extension does not exist.",
            "The phone system has no way to dial +15550100001 from the context “from-internal”;"
            " check `context` in the settings",
        ),
        ("Channel not specified", "The phone system refused: Channel not specified"),
        ("", "The phone system refused: no reason"),
    ],
)
def test_the_phone_system_refuses(message: str, words: str) -> None:
    founder = Founder().take()
    founder.respond(Response="Success", ActionID="another")
    assert founder.progress == []
    founder.respond(Response="Error", ActionID=CHANNEL_ID, Message=message)
    assert founder.end == (words, True)
    assert founder.is_idle


def test_no_word_at_all_from_the_phone_system() -> None:
    founder = Founder().take()
    assert founder.desk.next_wakeup() == at(25)
    assert founder.tick(at(24)).progress == []
    founder.tick(at(25))
    assert founder.end == ("The phone system does not say what became of the call", True)
    picked = Founder().take().ringing().picked_up()
    assert picked.desk.next_wakeup() == at(7)
    picked.tick(at(7))
    assert picked.end == ("The phone system does not say what became of the call", True)


def test_calling_back_dials_from_the_founders_extension() -> None:
    founder = Founder().call_back("+1 (555) 010-0001", "Carla")
    [ask] = founder.asks
    assert ask.action_id == BACK_ID
    assert dict(ask.fields) == {
        "Channel": "Local/100@from-internal",
        "OtherChannelId": f"{BACK_ID}-2",
        "Context": "from-internal",
        "Exten": "+15550100001",
        "Priority": "1",
        "CallerID": '"Carla" <+15550100001>',
        "Timeout": "30000",
        "Async": "true",
        "ChannelId": BACK_ID,
    }


def test_a_customer_called_back() -> None:
    founder = Founder().call_back().ringing(BACK_ID)
    founder.hears("DialEnd", Uniqueid=BACK_ID, DialStatus="ANSWER")
    assert len(founder.progress) == 1, "the founder's own leg"
    founder.picked_up(BACK_ID)
    assert founder.desk.next_wakeup() == at(92)
    founder.hears("DialEnd", Uniqueid=BACK_ID, DialStatus="ANSWER")
    assert founder.words == [
        "Your phone rings; pick up to talk to Carla",
        "Calling Carla",
        "You are talking to Carla",
    ]
    assert founder.end[1] is False
    assert founder.progress[-1].call_id is None
    assert founder.progress[-1].number == "+15550100001"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("BUSY", "Carla is busy"),
        ("NOANSWER", "Carla did not answer"),
        ("CANCEL", "Carla was not called: the call was ended"),
        (
            "CHANUNAVAIL",
            "Carla cannot be reached: the phone system has no free or working line",
        ),
        ("CONGESTION", "Carla cannot be reached: the phone network refused the call"),
        ("TORTURE", "Carla cannot be reached"),
    ],
)
def test_a_customer_who_cannot_be_called_back(status: str, words: str) -> None:
    founder = Founder().call_back().ringing(BACK_ID).picked_up(BACK_ID)
    founder.hears("DialEnd", Uniqueid=BACK_ID, DialStatus=status)
    assert founder.end == (words, True)


def test_a_founder_who_does_not_pick_up_calls_nobody_back() -> None:
    founder = Founder().call_back().ringing(BACK_ID)
    founder.hears("OriginateResponse", ActionID=BACK_ID, Response="Failure", Reason="0")
    assert founder.end == (
        "Your phone PJSIP/100 is not connected to the phone system, or declined the call",
        True,
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("NOANSWER", "Your phone PJSIP/100 did not answer"),
        ("BUSY", "Your phone PJSIP/100 declined the call"),
        ("CHANUNAVAIL", "Your phone PJSIP/100 is not connected to the phone system"),
    ],
)
@pytest.mark.parametrize("leg", [{"Uniqueid": f"{BACK_ID}-2"}, {"DestUniqueid": BACK_ID}])
def test_why_the_founder_did_not_pick_up_for_a_call_back(
    leg: dict[str, str], status: str, words: str
) -> None:
    founder = Founder().call_back().ringing(BACK_ID)
    founder.hears("DialEnd", DialStatus=status, **leg)
    founder.hears("OriginateResponse", ActionID=BACK_ID, Response="Failure", Reason="0")
    assert founder.end == (words, True)


def rung_in_vain() -> Founder:
    """The call back has failed before Asterisk says how the ringing ended."""
    founder = Founder().call_back().ringing(BACK_ID)
    founder.hears("DialBegin", DestUniqueid=BACK_ID)
    founder.hears("DialBegin", Uniqueid=f"{BACK_ID}-2", DestUniqueid="1.7")
    founder.hears("OriginateResponse", ActionID=BACK_ID, Response="Failure", Reason="0")
    assert not founder.progress[-1].is_over
    return founder


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("NOANSWER", "Your phone PJSIP/100 did not answer"),
        ("BUSY", "Your phone PJSIP/100 declined the call"),
        ("CANCEL", "Your phone PJSIP/100 did not answer, or declined the call"),
    ],
)
def test_how_the_ringing_ended_is_waited_for(status: str, words: str) -> None:
    founder = rung_in_vain().hears("Hangup", Uniqueid=BACK_ID)
    founder.hears("DialEnd", Uniqueid=f"{BACK_ID}-2", DialStatus=status)
    assert founder.end == (words, True)
    assert founder.is_idle


def test_what_asterisk_never_says_is_not_guessed() -> None:
    founder = rung_in_vain().tick(at(3.9))
    assert not founder.progress[-1].is_over
    founder.tick(at(4))
    assert founder.end == ("Your phone PJSIP/100 did not answer, or declined the call", True)
    assert founder.is_idle


def test_a_customers_phone_that_rings_for_long_is_no_longer_reported() -> None:
    founder = Founder().call_back().ringing(BACK_ID).picked_up(BACK_ID).tick(at(92))
    assert founder.end == ("Carla has been rung for a while", False)
    assert founder.is_idle


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "There is no number to call back"),
        ("anonymous", "“anonymous” is not a number that can be dialled"),
        ("+1555\r\nX: y", "“+1555  X: y” is not a number that can be dialled"),
        ("1" * 41, f"“{'1' * 41}” is not a number that can be dialled"),
    ],
)
def test_numbers_that_cannot_be_dialled(number: str, words: str) -> None:
    founder = Founder().call_back(number)
    assert founder.asks == []
    assert founder.end == (words, True)


def test_calling_back_may_be_refused_and_a_name_may_be_missing() -> None:
    assert Founder().call_back(refusal="No rights").end == ("No rights", True)
    founder = Founder().call_back(name="").ringing(BACK_ID)
    assert founder.words == ["Your phone rings; pick up to talk to +15550100001"]


def test_giving_up_ends_an_attempt_once() -> None:
    founder = Founder().take()
    [event] = founder.desk.give_up("The link was lost", at(4))
    assert (event.words, event.is_over, event.has_failed) == ("The link was lost", True, True)
    assert founder.desk.give_up("The link was lost", at(4)) == []
    cancelled = Founder().take().missed()
    assert cancelled.desk.give_up("The link was lost", at(4)) == []
    assert cancelled.is_idle


@pytest.mark.parametrize(
    ("name", "number", "header"),
    [
        ("Carla", "+1555", '"Carla" <+1555>'),
        ("", "+1555", "<+1555>"),
        ('Bob "The Boss" <x>', "1", '"Bob  The Boss   x" <1>'),
        ("a\r\nX: y\\", "1>\r\n", '"a  X: y" <1>'),
        ("N" * 200, "1", '"' + "N" * 80 + '" <1>'),
    ],
)
def test_a_caller_id_stays_within_its_quotes(name: str, number: str, header: str) -> None:
    assert caller_id(name, number) == header
