"""Acts a script out on a PBX model, in no time."""

from collections.abc import Iterator
from random import Random

from supportdesk.practice.ami_wire import AmiEvent
from supportdesk.practice.company import load_company
from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_plan import PbxPlan
from supportdesk.practice.phone_actor import PhoneActor
from supportdesk.practice.script import DayScript, Due, MailIsPosted


def act_out(script: DayScript, *, until: float) -> list[tuple[float, AmiEvent]]:
    """Every event with the second it was told at."""
    company = load_company()
    plan = PbxPlan(
        queue_name=company.queue,
        members=tuple(colleague.desk for colleague in company.team.values()),
        founder=company.founder,
    )
    model = PbxModel(plan, epoch=1_795_290_990, begin=script.begins, random=Random(1))
    actor = PhoneActor(company, model)
    told: list[tuple[float, AmiEvent]] = []

    def pass_to(moment: float) -> None:
        while (due := model.next_due()) is not None and due <= moment:
            model.advance(due)
            told.extend((due, event) for event in model.take_events())
        model.advance(moment)
        told.extend((moment, event) for event in model.take_events())

    for due in (*script.before_start(), *_until(script, until)):
        pass_to(due.at)
        if not isinstance(due.happening, MailIsPosted):
            actor.act(due.happening)
            told.extend((due.at, event) for event in model.take_events())
    pass_to(until)
    return told


def _until(script: DayScript, until: float) -> Iterator[Due]:
    for due in script.from_start():
        if due.at > until:
            return
        yield due
