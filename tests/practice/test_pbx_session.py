"""One client's talk with the PBX, word for word as Asterisk 22 answers."""

import hashlib
from random import Random

import pytest

from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_plan import Desk, IncomingCall, PbxPlan
from supportdesk.practice.pbx_session import AmiSession, AmiUser, Reply
from supportdesk.practice.pbx_switch import Party

ALL = frozenset({"system", "call", "agent", "reporting", "originate"})
APP = AmiUser(name="app", secret="s3cret", read=ALL, write=ALL)
WATCHER = AmiUser(
    name="watcher", secret="s3cret", read=frozenset({"call", "agent"}), write=frozenset()
)
ANNA = Desk(name="Anna Dvořák", extension="101")
FOUNDER = Desk(name="You", extension="104")
CALLER = Party(number="+441614960118", name="Noor O'Haddad")


def model() -> PbxModel:
    plan = PbxPlan(queue_name="support", members=(ANNA,), founder=FOUNDER)
    return PbxModel(plan, epoch=1_795_290_990)


class Client:
    """Sends actions to a session and reads what comes back."""

    def __init__(self, user: AmiUser | None = APP, pbx: PbxModel | None = None) -> None:
        self.pbx = pbx or model()
        self.session = AmiSession(self.pbx, [APP, WATCHER], random=Random(1))
        if user is not None:
            self.say("Login", Username=user.name, Secret=user.secret)

    def replies(self, action: str, **fields: str) -> list[Reply]:
        lines = [f"Action: {action}", "ActionID: 7", *(f"{k}: {v}" for k, v in fields.items())]
        return self.session.receive(("\r\n".join(lines) + "\r\n\r\n").encode())

    def say(self, action: str, **fields: str) -> list[str]:
        data = b"".join(reply.data for reply in self.replies(action, **fields))
        return data.decode().removesuffix("\r\n\r\n").split("\r\n\r\n")

    def message(self, action: str, **fields: str) -> tuple[str, str]:
        facts = facts_of(self.say(action, **fields)[0])
        return facts["Response"], facts.get("Message", "")


def facts_of(block: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in block.split("\r\n"))
    return {key: value.strip() for key, _, value in pairs}


def test_plain_login() -> None:
    login, booted = Client(user=None).say("Login", Username="app", Secret="s3cret")
    assert login == "Response: Success\r\nActionID: 7\r\nMessage: Authentication accepted"
    assert booted == (
        "Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: 0\r\nLastReload: 0\r\n"
        "Status: Fully Booted"
    )


def test_without_the_system_class_nobody_says_fully_booted() -> None:
    blocks = Client(user=None).say("Login", Username="watcher", Secret="s3cret")
    assert len(blocks) == 1


def test_md5_login() -> None:
    client = Client(user=None)
    challenge = facts_of(client.say("Challenge", AuthType="MD5")[0])["Challenge"]
    key = hashlib.md5((challenge + "s3cret").encode()).hexdigest()
    blocks = client.say("Login", AuthType="MD5", Username="app", Key=key)
    assert facts_of(blocks[0])["Message"] == "Authentication accepted"


def test_md5_needs_a_challenge_of_this_connection() -> None:
    key = hashlib.md5(b"s3cret").hexdigest()
    client = Client(user=None)
    (reply,) = client.replies("Login", AuthType="MD5", Username="app", Key=key)
    assert reply.closes
    assert client.message("Challenge", AuthType="SHA") == ("Error", "Must specify AuthType")


@pytest.mark.parametrize("user", ["app", "nobody"])
def test_a_refusal_takes_a_second_and_ends_the_link(user: str) -> None:
    (reply,) = Client(user=None).replies("Login", Username=user, Secret="wrong")
    assert reply.after_seconds == 1.0
    assert reply.closes
    assert reply.data == (
        b"Response: Error\r\nActionID: 7\r\nMessage: Authentication failed\r\n\r\n"
    )


def test_second_login_changes_nothing() -> None:
    assert Client().message("Login", Username="x", Secret="y") == (
        "Success",
        "Already authenticated",
    )


def test_nothing_works_before_login() -> None:
    client = Client(user=None)
    assert client.message("QueueStatus") == ("Error", "Permission denied")
    assert client.message("NoSuchAction") == ("Error", "Permission denied")


def test_unknown_action() -> None:
    assert Client().message("NoSuchAction") == (
        "Error",
        "Invalid/unknown command: NoSuchAction. Use Action: ListCommands to show available"
        " commands.",
    )


@pytest.mark.parametrize("action", ["CoreShowChannels", "Originate", "Hangup", "QueuePause"])
def test_missing_rights_keep_the_link_up(action: str) -> None:
    client = Client(user=WATCHER)
    assert client.message(action) == ("Error", "Permission denied")
    assert client.message("QueueStatus") == ("Success", "Queue status will follow")
    assert f"{action}:" not in client.say("ListCommands")[0]


def test_ping_tells_the_clock() -> None:
    client = Client()
    client.pbx.advance(2.5)
    assert client.say("Ping") == [
        "Response: Success\r\nActionID: 7\r\nPing: Pong\r\nTimestamp: 1795290992.500000"
    ]


def test_an_action_without_id_is_answered_without_id() -> None:
    client = Client()
    data = b"".join(r.data for r in client.session.receive(b"Action: Ping\r\n\r\n\r\n"))
    assert b"ActionID" not in data
    assert data.endswith(b"Response: Error\r\nMessage: Missing action in request\r\n\r\n")


def test_logoff() -> None:
    (reply,) = Client().replies("Logoff")
    assert reply.closes
    assert reply.data == (
        b"Response: Goodbye\r\nActionID: 7\r\nMessage: Thanks for all the fish.\r\n\r\n"
    )


def test_queue_status_lists_params_members_and_callers() -> None:
    client = Client()
    client.pbx.call_queue(IncomingCall(caller=CALLER, answer_seconds=None))
    client.pbx.advance(4)
    start, params, member, entry, end = client.say("QueueStatus")
    assert start == (
        "Response: Success\r\nActionID: 7\r\nEventList: start\r\nMessage: Queue status will follow"
    )
    assert params.split("\r\n") == [
        "Event: QueueParams",
        "Queue: support",
        "Max: 0",
        "Strategy: ringall",
        "Calls: 1",
        "Holdtime: 0",
        "TalkTime: 0",
        "Completed: 0",
        "Abandoned: 0",
        "ServiceLevel: 20",
        "ServicelevelPerf: 0.0",
        "ServicelevelPerf2: 0.0",
        "Weight: 0",
        "ActionID: 7",
    ]
    assert [line.partition(":")[0] for line in member.split("\r\n")] == [
        "Event",
        "Queue",
        "Name",
        "Location",
        "StateInterface",
        "Membership",
        "Penalty",
        "CallsTaken",
        "LastCall",
        "LastPause",
        "LoginTime",
        "InCall",
        "Status",
        "Paused",
        "PausedReason",
        "Wrapuptime",
        "ActionID",
    ]
    assert facts_of(member)["Status"] == "6"
    # Lists do not escape, and say "unknown" where events say "<unknown>".
    assert facts_of(entry)["CallerIDName"] == "Noor O'Haddad"
    assert facts_of(entry)["ConnectedLineNum"] == "unknown"
    assert facts_of(entry)["Wait"] == "4"
    assert facts_of(end) == {
        "Event": "QueueStatusComplete",
        "ActionID": "7",
        "EventList": "Complete",
        "ListItems": "3",
    }


def test_an_unknown_queue_is_an_empty_list() -> None:
    start, end = Client().say("QueueStatus", Queue="nope")
    assert facts_of(start)["Response"] == "Success"
    assert facts_of(end)["ListItems"] == "0"
    assert len(Client().say("QueueSummary", Queue="nope")) == 2


def test_queue_summary() -> None:
    client = Client()
    client.pbx.call_queue(IncomingCall(caller=CALLER, answer_seconds=None))
    client.pbx.advance(3)
    _, summary, _ = client.say("QueueSummary")
    facts = facts_of(summary)
    assert (facts["LoggedIn"], facts["Available"], facts["Callers"]) == ("1", "0", "1")
    assert facts["LongestHoldTime"] == "3"


def test_channels_are_shown_with_bridge_and_duration() -> None:
    client = Client()
    client.pbx.call_queue(IncomingCall(caller=CALLER, answer_seconds=2, talk_seconds=4000))
    client.pbx.advance(3725)
    start, caller, member, end = client.say("CoreShowChannels")
    assert facts_of(start)["Message"] == "Channels will follow"
    assert facts_of(caller)["Duration"] == "01:02:05"
    assert facts_of(caller)["CallerIDName"] == r"Noor O\'Haddad"
    assert facts_of(caller)["BridgeId"] == facts_of(member)["BridgeId"] != ""
    assert facts_of(end)["ListItems"] == "2"


def test_settings_name_the_version() -> None:
    facts = facts_of(Client().say("CoreSettings")[0])
    assert facts["AMIversion"] == "11.0.0"
    assert facts["AsteriskVersion"].startswith("22.")


def test_events_can_be_chosen() -> None:
    client = Client()
    client.pbx.call_queue(IncomingCall(caller=CALLER))
    events = client.pbx.take_events()

    def heard() -> set[str]:
        return {event.read_class for event in events if client.session.wants(event)}

    assert heard() == {"call", "agent"}
    assert client.message("Events") == ("Error", "Invalid event mask")
    assert facts_of(client.say("Events", EventMask="agent")[0])["Events"] == "On"
    assert heard() == {"agent"}
    assert facts_of(client.say("Events", EventMask="off")[0])["Events"] == "Off"
    assert heard() == set()
    client.say("Events", EventMask="on")
    assert heard() == {"call", "agent"}


def test_events_may_be_off_from_login_on() -> None:
    client = Client(user=None)
    client.say("Login", Username="app", Secret="s3cret", Events="off")
    client.pbx.call_queue(IncomingCall(caller=CALLER))
    assert not any(client.session.wants(event) for event in client.pbx.take_events())


def test_nobody_hears_before_login() -> None:
    client = Client(user=None)
    client.pbx.call_queue(IncomingCall(caller=CALLER))
    assert not any(client.session.wants(event) for event in client.pbx.take_events())


GOOD = {"Channel": "PJSIP/104", "Context": "from-internal", "Exten": "+4755000118", "Priority": "1"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Channel": ""}, "Channel not specified"),
        ({"Channel": "bogus"}, "Invalid channel"),
        ({"Exten": ""}, "Originate with 'Exten' requires 'Context' and 'Priority'"),
        ({"Priority": ""}, "Originate with 'Exten' requires 'Context' and 'Priority'"),
        ({"Timeout": "abc"}, "Invalid timeout"),
        ({"Exten": "nope"}, "Extension does not exist."),
    ],
)
def test_orders_that_are_wrong_in_form(change: dict[str, str], message: str) -> None:
    assert Client().message("Originate", **{**GOOD, **change}) == ("Error", message)


def test_an_order_is_queued_and_its_outcome_told() -> None:
    client = Client()
    order = {**GOOD, "CallerID": '"Ingrid" <+4755000118>', "ChannelId": "back-1", "Async": "true"}
    assert client.message("Originate", **order) == ("Success", "Originate successfully queued")
    client.pbx.advance(4)
    (outcome,) = [e for e in client.pbx.take_events() if e.name == "OriginateResponse"]
    assert outcome.get("ActionID") == "7"
    assert outcome.get("Response") == "Success"
    assert outcome.get("Uniqueid") == "back-1"
    assert outcome.get("CallerIDName") == "Ingrid"


@pytest.mark.parametrize("channel", ["PJSIP/999", "Local/999@from-internal"])
def test_a_phone_that_does_not_exist_is_refused_later(channel: str) -> None:
    client = Client()
    order = {**GOOD, "Channel": channel, "CallerID": "+4755000118"}
    assert client.message("Originate", **order)[0] == "Success"
    (outcome,) = client.pbx.take_events()
    assert (outcome.get("Response"), outcome.get("Reason")) == ("Failure", "0")
    assert outcome.get("CallerIDNum") == "+4755000118"
    assert outcome.get("Uniqueid") == "<unknown>"


def test_an_application_that_is_not_there_ends_the_call() -> None:
    client = Client()
    client.say("Originate", Channel="PJSIP/104", Application="Playback", Data="hello")
    client.pbx.advance(10)
    assert client.pbx.channels == []


def test_hangup() -> None:
    client = Client()
    assert client.message("Hangup") == ("Error", "No channel specified")
    assert client.message("Hangup", Channel="PJSIP/1-0") == ("Error", "No such channel")
    client.pbx.call_queue(IncomingCall(caller=CALLER, answer_seconds=None))
    waiting = client.pbx.channels[0].name
    assert client.message("Hangup", Channel=waiting) == ("Success", "Channel Hungup")
    assert client.pbx.channels == []


def test_a_members_ringing_phone_can_be_put_down() -> None:
    client = Client()
    client.pbx.call_queue(IncomingCall(caller=CALLER, answer_seconds=1, patience_seconds=4))
    ringing = client.pbx.channels[1].name
    assert client.message("Hangup", Channel=ringing) == ("Success", "Channel Hungup")
    client.pbx.advance(3)
    assert [channel.device for channel in client.pbx.channels] == ["PJSIP/trunk"]


def test_a_channel_nobody_owns_is_just_hung_up() -> None:
    client = Client()
    client.pbx.call_phone("104", IncomingCall(caller=CALLER, answer_seconds=None))
    assert client.message("Hangup", Channel=client.pbx.channels[1].name)[0] == "Success"
    client.pbx.advance(100)
    assert client.pbx.channels == []


def test_pause_and_unpause() -> None:
    client = Client()
    need = ("Error", "Need 'Interface' and 'Paused' parameters.")
    assert client.message("QueuePause", Interface="PJSIP/101") == need
    assert client.message("QueuePause", Interface="PJSIP/9", Paused="true") == (
        "Error",
        "Interface not found",
    )
    paused = client.message("QueuePause", Interface="PJSIP/101", Paused="true", Reason="lunch")
    assert paused == ("Success", "Interface paused successfully")
    assert client.pbx.queue.members[0].pause_reason == "lunch"
    unpaused = client.message("QueuePause", Interface="PJSIP/101", Paused="false")
    assert unpaused == ("Success", "Interface unpaused successfully")
    assert not client.pbx.queue.members[0].is_paused
