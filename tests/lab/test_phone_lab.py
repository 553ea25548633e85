"""The phone lab does what its users rely on."""

import socket
import ssl

import pytest

from tests.lab.asterisk_conf import SECRET
from tests.lab.phone import AMI_USER, AsteriskLab
from tests.lab.waiting import LOOPBACK, greeting, wait_until

pytestmark = pytest.mark.asterisk


def test_a_call_is_queued_answered_and_ended(asterisk_lab: AsteriskLab) -> None:
    ami = asterisk_lab.ami(AMI_USER)
    ann = asterisk_lab.agent("201")
    carla = asterisk_lab.customer(name="Carla Customer")
    carla.call("800")
    ann.wait_for_event("CALL_INCOMING")
    joined = ami.wait_for_event("QueueCallerJoin")
    assert joined["CallerIDNum"] == "+15550100001"
    assert joined["CallerIDName"] == "Carla Customer"
    ann.answer()
    carla.wait_for_event("CALL_ESTABLISHED")
    assert ami.wait_for_event("AgentConnect")["MemberName"] == "Ann Agent"
    carla.hang_up()
    assert ami.wait_for_event("AgentComplete")["Reason"] == "caller"


def test_a_caller_gives_up(asterisk_lab: AsteriskLab) -> None:
    ami = asterisk_lab.ami(AMI_USER)
    carla = asterisk_lab.customer(3)
    carla.call("800")
    ami.wait_for_event("QueueCallerJoin")
    carla.hang_up()
    assert ami.wait_for_event("QueueCallerAbandon")["CallerIDNum"] == "+15550100003"


def test_callers_wait_while_members_talk(asterisk_lab: AsteriskLab) -> None:
    ami = asterisk_lab.ami()
    members = [asterisk_lab.agent("201"), asterisk_lab.agent("202")]
    for index, member in enumerate(members, start=1):
        start = member.mark()  # all free members ring at once, so an older ring may be seen
        asterisk_lab.customer(index).call("800")
        member.answer_next(start=start)
        ami.wait_for_event("AgentConnect", MemberName=member.settings.name)
    start = ami.mark()
    asterisk_lab.customer(3).call("800")
    assert ami.wait_for_event("QueueCallerJoin", start=start)["Position"] == "1"
    assert "in call" in asterisk_lab.cli("queue show support")


def test_any_from_header(asterisk_lab: AsteriskLab) -> None:
    ami = asterisk_lab.ami(AMI_USER)
    asterisk_lab.odd_caller(
        "800",
        from_header='"O\'Brien <b>" <sip:anonymous@anonymous.invalid>',
    )
    assert ami.wait_for_event("QueueCallerJoin")["CallerIDNum"] == "anonymous"


def test_a_killed_pbx_comes_back_on_the_same_port(asterisk_lab: AsteriskLab) -> None:
    ami = asterisk_lab.ami()
    asterisk_lab.kill()
    wait_until(lambda: ami.is_closed, seconds=5, what="the connection to end")
    assert greeting(asterisk_lab.ami_port) == ""
    asterisk_lab.start_server()
    assert asterisk_lab.ami().login_answer["Response"] == "Success"


def test_an_orderly_end_is_announced(asterisk_lab: AsteriskLab) -> None:
    ami = asterisk_lab.ami()
    asterisk_lab.stop_server()
    ami.wait_for_event("Shutdown")
    asterisk_lab.start_server()


def test_a_frozen_pbx_says_nothing(asterisk_lab: AsteriskLab) -> None:
    asterisk_lab.freeze()
    with socket.create_connection((LOOPBACK, asterisk_lab.ami_port), timeout=0.3) as link:
        with pytest.raises(TimeoutError):
            link.recv(100)
        asterisk_lab.thaw()
        link.settimeout(5)
        assert link.recv(100).startswith(b"Asterisk Call Manager")


def test_ami_over_tls_is_verified(asterisk_lab: AsteriskLab) -> None:
    trusting = ssl.create_default_context(cafile=str(asterisk_lab.ca_file))
    with (
        socket.create_connection((LOOPBACK, asterisk_lab.ami_tls_port), timeout=5) as link,
        trusting.wrap_socket(link, server_hostname="localhost") as encrypted,
    ):
        assert encrypted.recv(100).startswith(b"Asterisk Call Manager")


def test_rights_and_secrets_are_real(asterisk_lab: AsteriskLab) -> None:
    agent_only = asterisk_lab.ami("agentonly")
    answer = agent_only.action("CoreShowChannels")
    assert (answer["Response"], answer["Message"]) == ("Error", "Permission denied")
    refused = asterisk_lab.ami("elsewhere")
    assert refused.login_answer["Message"] == "Authentication failed"
    assert SECRET


def test_two_labs_run_side_by_side(asterisk_lab: AsteriskLab) -> None:
    asterisk_lab.agent("201")
    with AsteriskLab(["201"]) as second:
        listener = second.ami(AMI_USER)
        second.customer().call("800")
        listener.wait_for(
            lambda packet: packet.get("Event") in ("AgentCalled", "QueueCallerLeave"),
            what="the call of the second lab",
        )
        assert "0 active calls" in asterisk_lab.cli("core show channels count")
