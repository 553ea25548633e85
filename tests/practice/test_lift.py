"""A colleague of the practice desk lifts a call, as the adapter for a real Asterisk hears it."""

from datetime import UTC, datetime
from random import Random

from supportdesk.domain.health import SourceName
from supportdesk.domain.lift_events import CallLifted
from supportdesk.practice.company import load_company
from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_plan import PbxPlan
from supportdesk.practice.phone_actor import PhoneActor
from supportdesk.practice.script import MemberLifts, SomebodyCalls, load_day
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_calls import CallBook, PhoneIdentity

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def _office() -> tuple[PhoneActor, PbxModel]:
    company = load_company()
    team = tuple(colleague.desk for colleague in company.team.values())
    plan = PbxPlan(queue_name=company.queue, members=team, founder=company.founder)
    model = PbxModel(plan, epoch=1_700_000_000, begin=0, random=Random(1))
    return PhoneActor(company, model), model


def test_the_code_comes_from_the_phone_of_whoever_talks() -> None:
    actor, model = _office()
    actor.act(
        SomebodyCalls(customer="deirdre", answered_by="priya", answer_seconds=1, talk_seconds=60)
    )
    model.advance(5)
    actor.act(MemberLifts(who="priya", why="worth your ear"))
    book = CallBook(PhoneIdentity(name=SourceName("Office")))
    packets = [Packet(event.encode()[:-4]) for event in model.take_events()]
    told = [one for packet in packets for one in book.apply(packet, NOW)]
    [lift] = [one for one in told if isinstance(one, CallLifted)]
    assert (lift.by, lift.why) == ("Priya Nair", "worth your ear")
    assert lift.name.startswith("Deirdre")
    assert book.lines[lift.call_id].lifted_by is not None


def test_who_talks_to_nobody_lifts_nothing() -> None:
    actor, model = _office()
    actor.act(MemberLifts(who="priya", why="worth your ear"))
    assert [event.name for event in model.take_events()] == []


def test_in_the_script_of_the_day_somebody_lifts() -> None:
    assert [one.happening for one in load_day().lap if isinstance(one.happening, MemberLifts)]
