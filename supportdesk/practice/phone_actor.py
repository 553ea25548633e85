"""Lets the people of the script use the practice PBX: they call, take breaks, unplug phones."""

from typing import assert_never

from supportdesk.practice.company import Company
from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_plan import IncomingCall
from supportdesk.practice.pbx_switch import Party
from supportdesk.practice.script import (
    FOUNDER,
    MemberLifts,
    MemberPauses,
    MemberUnpauses,
    PhoneHappening,
    PhoneLeaves,
    PhoneReturns,
    SomebodyCalls,
)


class PhoneActor:
    """Does what a happening says, at the model's present moment."""

    def __init__(self, company: Company, model: PbxModel) -> None:
        self._company = company
        self._model = model

    def act(self, happening: PhoneHappening) -> None:
        model = self._model
        match happening:
            case SomebodyCalls():
                self._call(happening)
            case MemberPauses(who=who, reason=reason):
                model.pause(self._interface(who), reason)
            case MemberUnpauses(who=who):
                model.unpause(self._interface(who))
            case PhoneLeaves(who=who):
                model.set_registered(self._interface(who), registered=False)
            case PhoneReturns(who=who):
                model.set_registered(self._interface(who), registered=True)
            case MemberLifts(who=who, why=why):
                model.lift(self._interface(who), why)
            case _:
                assert_never(happening)

    def _call(self, happening: SomebodyCalls) -> None:
        company = self._company
        customer = company.correspondents.get(happening.customer)
        answerer = company.team.get(happening.answered_by)
        call = IncomingCall(
            caller=customer.party if customer else Party(number=happening.number),
            patience_seconds=happening.patience_seconds,
            answer_seconds=happening.answer_seconds,
            answered_by=answerer.name if answerer else "",
            talk_seconds=happening.talk_seconds,
        )
        if not happening.to:
            self._model.call_queue(call)
        else:
            is_founder = happening.to == FOUNDER
            desk = company.founder if is_founder else company.team[happening.to].desk
            self._model.call_phone(desk.extension, call)

    def _interface(self, who: str) -> str:
        return self._company.team[who].desk.interface
