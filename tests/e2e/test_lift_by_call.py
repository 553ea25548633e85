"""A call lifted to the founder on a real Asterisk, with the dialplan of docs/lifting.md."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.phone.asterisk import AsteriskPhone
from supportdesk.domain.calls import Caller
from supportdesk.domain.events import CallAnswered, CallEnded, CallerJoined, DialProgressed
from supportdesk.domain.lift_events import CallLifted
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.settings import PhoneSettings
from tests.e2e.asterisk_office import Office, settings_for
from tests.e2e.phone_home import phone_home
from tests.e2e.running import Line, Watch
from tests.lab.phone import AsteriskLab
from tests.lab.softphones import Softphone
from tests.lab.waiting import PATIENCE

pytestmark = [pytest.mark.asterisk, pytest.mark.usefixtures("qapp")]

RING_SECONDS = 6.0
_GUIDE = Path(__file__).parents[2] / "docs" / "lifting.md"
_OUTSIDE = """
[from-trunk]
exten => 708,1,Answer()
 same => n,Queue(founder,,,,60)
exten => 808,1,Answer()
 same => n,Set(__DYNAMIC_FEATURES=lift)
 same => n,Queue(support,,,,60)
exten => *51,1,Answer()
 same => n,UserEvent(SupportdeskLift,Why: I want the boss)
 same => n,Wait(1)
 same => n,Hangup()
"""
"""What an unlucky dialplan lets callers reach: the queue, the feature and the code."""


def _blocks() -> dict[str, str]:
    """What the guide says to put into each file."""
    text = _GUIDE.read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for name, lines in re.findall(r"```ini\n; (\w+\.conf)\n(.*?)```", text, re.DOTALL):
        found[name] = found.get(name, "") + "\n" + lines
    return found


def install_lifts(lab: AsteriskLab) -> None:
    for name, lines in _blocks().items():
        conf = lab.folder / "etc" / name
        more = _OUTSIDE if name == "extensions.conf" else ""
        conf.write_text(f"{conf.read_text()}\n{lines}{more}")
    for module in ("app_queue.so", "features", "dialplan"):
        lab.cli("dialplan reload" if module == "dialplan" else f"module reload {module}")


class LiftedOffice(Office):
    """An adapter that knows which queue is for the founder."""

    def _phone_of(self, settings: PhoneSettings, secret: str) -> AsteriskPhone:
        return AsteriskPhone(settings, lambda: secret, self, SystemClock(), lift_queue="founder")

    def lift(self) -> CallLifted:
        return self.wait_for(CallLifted)


@pytest.fixture
def lab(asterisk_lab: AsteriskLab) -> AsteriskLab:
    install_lifts(asterisk_lab)
    return asterisk_lab


@pytest.fixture
def office(lab: AsteriskLab) -> Iterator[LiftedOffice]:
    with LiftedOffice(settings_for(lab)) as made:
        made.listening()
        yield made


def talk(lab: AsteriskLab, office: LiftedOffice, extension: str = "800") -> tuple[Softphone, ...]:
    """Ann talks to Carla."""
    ann, carla = lab.agent("201"), lab.customer()
    carla.call(extension)
    ann.answer_next()
    office.wait_for(CallAnswered)
    return ann, carla


def transfer(phone: Softphone, lab: AsteriskLab, extension: str) -> None:
    phone.command("transfer", f"sip:{extension}@{lab.settings.sip_host}:5060")


def press(phone: Softphone, lab: AsteriskLab, digits: str) -> None:
    """Press keys in the middle of a talk, and wait until the phone system has taken them."""
    server = lab.ami()
    for digit in digits:
        phone.command("sndcode", digit)
    server.wait_for_event("UserEvent", UserEvent="SupportdeskLift")


def test_a_caller_transferred_to_the_queue_waits_for_the_founder_who_takes_them(
    lab: AsteriskLab, office: LiftedOffice
) -> None:
    fay = lab.agent("100")
    ann, _ = talk(lab, office)
    transfer(ann, lab, "700")
    lift = office.lift()
    assert (lift.by, lift.by_interface, lift.way) == ("Ann Agent", "PJSIP/201", LiftWay.QUEUE)
    assert (lift.number, lift.name) == ("+15550100001", "Carla Customer")
    waiting = office.wait_for(CallerJoined, lambda event: event.caller.queue == "founder").caller
    assert waiting.call_id == lift.call_id
    office.phone.take(waiting)
    fay.answer_next()
    taken = office.wait_for(CallAnswered, lambda event: event.by_interface == "PJSIP/100")
    assert taken.call_id == lift.call_id


def test_a_number_with_a_reason_says_it(lab: AsteriskLab, office: LiftedOffice) -> None:
    ann, _ = talk(lab, office)
    transfer(ann, lab, "701")
    lift = office.wait_for(CallLifted, lambda event: bool(event.why))
    assert (lift.by, lift.why) == ("Ann Agent", "wants to leave")
    office.wait_for(CallerJoined, lambda event: event.caller.queue == "founder")
    assert len({event.way for event in office.of(CallLifted)}) == 1


def test_a_key_in_the_talk_and_the_founder_takes_the_customer_out_of_it(
    lab: AsteriskLab, office: LiftedOffice
) -> None:
    fay = lab.agent("100")
    ann, carla = talk(lab, office, "808")
    press(ann, lab, "*9")
    lift = office.lift()
    assert (lift.by, lift.why, lift.way) == ("Ann Agent", "", LiftWay.CODE)
    assert office.of(CallEnded) == []
    office.phone.take(_caller(lift))
    fay.answer_next()
    taken = office.wait_for(CallAnswered, lambda event: event.by_interface == "PJSIP/100")
    assert taken.call_id == lift.call_id
    ann.wait_for_event("CALL_CLOSED")
    assert office.words[-1] == "You are talking to Carla Customer"
    carla.hang_up()
    assert office.wait_for(CallEnded).call_id == lift.call_id


def test_a_code_on_a_second_line_while_the_customer_is_on_the_first(
    lab: AsteriskLab, office: LiftedOffice
) -> None:
    ann, carla = talk(lab, office)
    ann.call("*51")
    lift = office.lift()
    assert (lift.by, lift.why, lift.way) == ("Ann Agent", "wants to leave", LiftWay.CODE)
    assert lift.name == "Carla Customer"
    carla.hang_up()
    office.wait_for(CallEnded)
    office.phone.take(_caller(lift))
    end = office.wait_for(DialProgressed, lambda event: event.is_over)
    assert end.words == "Carla Customer is no longer there"


def test_nobody_outside_can_lift(lab: AsteriskLab, office: LiftedOffice) -> None:
    _ann, carla = talk(lab, office, "808")
    press(carla, lab, "*9")
    dan = lab.customer(2, name="Dan")
    dan.call("*51")
    dan.wait_for_event("CALL_CLOSED")
    transfer(carla, lab, "708")
    eve = lab.customer(3, name="Eve")
    eve.call("708")
    office.wait_for(CallerJoined, lambda event: event.caller.name == "Eve")
    lab.odd_caller("708", from_header='"x%0d%0a%0d%0aEvent: UserEvent" <sip:1%0d%0aX@a.example>')
    office.wait_until(
        lambda: len([one for one in office.of(CallerJoined) if one.caller.queue == "founder"]) > 1,
        seconds=10,
        what="both to wait in the founder's queue",
    )
    assert office.of(CallLifted) == []


def test_without_the_right_to_hear_codes_it_is_named(lab: AsteriskLab) -> None:
    with LiftedOffice(settings_for(lab, user="codeless")) as office:
        office.listening()
        ann, _ = talk(lab, office)
        ann.call("*51")
        office.wait_until(
            lambda: "`user` to the `read` line" in _advice(office),
            seconds=10,
            what="the missing right to be named",
        )
        assert office.of(CallLifted) == []


# The program, and the card it tells of.


@pytest.fixture
def watch(lab: AsteriskLab, tmp_path: Path) -> Iterator[Watch]:
    lift = '[lift]\nqueue = "founder"\n'
    with Watch(phone_home(tmp_path, lab.ami_port, more=lift)) as running:
        running.wait_until_listening("Office")
        yield running


def test_the_card_comes_with_the_queues_own_notice_and_no_other_alert_does(
    lab: AsteriskLab, watch: Watch
) -> None:
    ann, carla = lab.agent("201"), lab.customer()
    carla.call("800")
    ann.answer_next()
    watch.wait_for_turn("answered", "Carla Customer")
    server = lab.ami()
    transfer(ann, lab, "700")
    server.wait_for_event("QueueCallerJoin", Queue="founder")
    card = _card_soon(watch)
    assert card["title"] == "Ann Agent asks for you on a call"
    assert card["actions"] == ["take_call", "not_now"]
    # Nobody answers in that queue: as for any caller, an alert would be due at once.
    watch.wait_for(lambda _: watch.age_of(card) > RING_SECONDS, seconds=20, what="a ring to pass")
    assert watch.told("alert", "waiting") == []
    carla.hang_up()
    _withdrawn(watch, card)


def test_the_card_comes_with_the_codes_own_notice_and_goes_with_the_talk(
    lab: AsteriskLab, watch: Watch
) -> None:
    ann, carla = lab.agent("201"), lab.customer()
    carla.call("800")
    ann.answer_next()
    watch.wait_for_turn("answered", "Carla Customer")
    server = lab.ami()
    ann.call("*51")
    server.wait_for_event("UserEvent", UserEvent="SupportdeskLift")
    card = _card_soon(watch)
    assert "wants to leave" in card["body"]
    assert "Carla Customer" in card["body"]
    assert card["actions"] == ["take_call", "not_now"]
    carla.hang_up()
    assert _withdrawn(watch, card)["why"] == "the call is over"


def test_a_caller_from_outside_raises_no_card(lab: AsteriskLab, watch: Watch) -> None:
    carla, dan = lab.customer(), lab.customer(2, name="Dan")
    carla.call("708")
    watch.wait_for_turn("waiting", "Carla Customer")
    server = lab.ami()
    dan.call("*51")
    server.wait_for_event("UserEvent", UserEvent="SupportdeskLift")
    carla.hang_up()
    watch.wait_for_turn("missed", "Carla Customer")
    assert watch.told("alert", "lifted") == []
    assert watch.told("happened", "lifted") == []


def _card_soon(watch: Watch) -> Line:
    """A second on a quiet machine."""
    noticed = watch.now()
    card = watch.wait_for(
        lambda line: line["what"] == "alert" and line["kind"] == "lifted",
        seconds=10,
        what="the card of the lift",
    )
    assert datetime.fromisoformat(card["at"]) - noticed < timedelta(seconds=PATIENCE)
    return card


def _withdrawn(watch: Watch, card: Line) -> Line:
    return watch.wait_for(
        lambda line: line["what"] == "withdrawn" and line["key"] == card["key"],
        seconds=10,
        what="the card to be taken back",
    )


def _advice(office: Office) -> str:
    problem = office.health.problem if office.health is not None else None
    return problem.advice if problem is not None else ""


def _caller(lift: CallLifted) -> Caller:
    return Caller(
        phone=lift.source,
        call_id=lift.call_id,
        number=lift.number,
        name=lift.name,
        queue="",
        joined_at=lift.at,
        is_lifted=True,
    )
