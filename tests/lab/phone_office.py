"""A make-believe office on a practice PBX, in whatever state a picture needs."""

import asyncio
from random import Random

from supportdesk.adapters.clock import SystemClock
from supportdesk.practice.company import load_company
from supportdesk.practice.pbx import PracticePbx
from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_plan import FROM_INTERNAL, IncomingCall, PbxPlan
from supportdesk.practice.pbx_session import AmiUser
from supportdesk.practice.pbx_switch import Party
from supportdesk.practice.phone_actor import PhoneActor
from supportdesk.practice.practice_clock import PracticeClock
from supportdesk.practice.script import MemberPauses, PhoneHappening, PhoneLeaves, SomebodyCalls

SECRET = "for-pictures-only"
_READ = frozenset({"system", "call", "agent", "dialplan"})
_WRITE = frozenset({"reporting", "originate", "call"})
_HOURS = 3600.0


class PhoneOffice:
    """Lives on the asyncio loop that starts it."""

    def __init__(self) -> None:
        self._company = load_company()
        team = tuple(colleague.desk for colleague in self._company.team.values())
        plan = PbxPlan(queue_name=self._company.queue, members=team, founder=self._company.founder)
        now = SystemClock().now()
        random = Random(1)
        self._model = PbxModel(plan, epoch=now.timestamp(), begin=0, random=random)
        self._actor = PhoneActor(self._company, self._model)
        user = AmiUser(name="supportdesk", secret=SECRET, read=_READ, write=_WRITE)
        clock = PracticeClock(asyncio.get_running_loop(), now=now, speed=1)
        self._pbx = PracticePbx(self._model, [user], clock, random=random)

    async def start(self) -> None:
        await self._pbx.start()

    async def stop(self) -> None:
        await self._pbx.stop()

    def settings(self) -> str:
        """The [[phone]] table that connects to it."""
        return (
            f'[[phone]]\nname = "Office"\nkind = "asterisk"\nhost = "{self._pbx.host}"\n'
            f'port = {self._pbx.port}\nuser = "supportdesk"\n'
            f'queues = ["{self._company.queue}"]\n'
            f'founder = "{self._company.founder.interface}"\ncontext = "{FROM_INTERNAL}"\n'
        )

    async def all_are_busy(self) -> None:
        """Everybody talks or has a break, and Pavel Kiss waits."""
        team = list(self._company.team)
        await self._act(MemberPauses(who=team[-1], reason="Lunch"))
        for who, customer in zip(team[:-1], ("noor", "linde", "tomasz", "eszter"), strict=False):
            await self._act(
                SomebodyCalls(
                    customer=customer, answered_by=who, answer_seconds=0.2, talk_seconds=_HOURS
                )
            )
            await asyncio.sleep(0.5)
        caller = self._company.correspondents["pavel"].party
        self._call(caller)

    async def nobody_is_logged_in(self) -> None:
        for who in self._company.team:
            await self._act(PhoneLeaves(who=who))

    async def a_stranger_calls(self) -> None:
        self._call(Party(number="+31205550142"))

    def _call(self, caller: Party) -> None:
        """Somebody patient, whom nobody picks up."""
        self._model.call_queue(
            IncomingCall(caller=caller, patience_seconds=_HOURS, answer_seconds=None)
        )
        self._pbx.settle()

    async def _act(self, happening: PhoneHappening) -> None:
        self._actor.act(happening)
        self._pbx.settle()
