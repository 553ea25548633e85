"""The practice desk: a make-believe company with real servers on loopback.

One thread, one asyncio loop, three servers: IMAP, an SMTP sink and a PBX speaking AMI. The app's
ordinary adapters connect to them and cannot tell.
"""

import asyncio
import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from random import Random

from supportdesk.domain.errors import SupportDeskError
from supportdesk.practice.company import load_company
from supportdesk.practice.day_runner import DayRunner
from supportdesk.practice.letters import load_letters
from supportdesk.practice.mail_server import PracticeMailServer
from supportdesk.practice.mail_sink import PracticeMailSink, SentMail
from supportdesk.practice.mailroom import Mailroom
from supportdesk.practice.pbx import PracticePbx
from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_plan import FROM_INTERNAL, PbxPlan
from supportdesk.practice.pbx_session import AmiUser
from supportdesk.practice.phone_actor import PhoneActor
from supportdesk.practice.practice_clock import PracticeClock
from supportdesk.practice.script import DayScript, MailIsPosted, load_day

AMI_USER = "supportdesk"
_READ = frozenset({"system", "call", "agent", "reporting", "user"})
_WRITE = frozenset({"system", "call", "agent", "originate", "reporting"})
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeAddresses:
    """Where the practice servers are, and the way in. Valid until the desk stops."""

    company: str
    address: str
    imap_host: str
    imap_port: int
    imap_user: str
    imap_password: str
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str
    ami_host: str
    ami_port: int
    ami_user: str
    ami_secret: str
    queue: str
    founder: str
    context: str


class PracticeDesk:
    """Starts and stops the make-believe company. Both may be called again and again."""

    def __init__(
        self, now: datetime, speed: float = 1.0, *, script: DayScript | None = None
    ) -> None:
        """`now` is aware; mails are dated back from it. `script` replaces day.toml."""
        self._now = now
        self._speed = speed
        self._script = script
        self._run: _Run | None = None

    def start(self) -> PracticeAddresses:
        if self._run is None:
            try:
                self._run = _Run(self._now, self._speed, self._script or load_day())
            except OSError as error:
                raise _unavailable(str(error)) from error
            self._run.start()
        try:
            return self._run.addresses()
        except PracticeUnavailable:
            self.stop()
            raise

    def stop(self) -> None:
        run, self._run = self._run, None
        if run is not None:
            run.stop()

    def sent_mail(self) -> tuple[SentMail, ...]:
        """What the founder has sent so far."""
        return self._run.sent_mail() if self._run is not None else ()


class PracticeUnavailable(SupportDeskError):
    """The practice desk could not be brought up on this machine."""

    is_for_founder = True


class _Run:
    """One life of the desk, from start to stop, on its own thread."""

    def __init__(self, now: datetime, speed: float, script: DayScript) -> None:
        self._now = now
        self._speed = speed
        self._script = script
        self._company = load_company()
        self._random = Random(secrets.randbits(64))
        self._secret = secrets.token_urlsafe(18)
        user = self._company.address
        self._mail = PracticeMailServer(user=user, password=self._secret)
        self._sink = PracticeMailSink(user=user, password=self._secret)
        self._addresses: PracticeAddresses | None = None
        self._ask_to_stop: Callable[[], None] = lambda: None
        self._is_settled = threading.Event()
        self._failure = ""
        self._thread = threading.Thread(target=self._live, name="practice-desk", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._is_settled.wait(_START_SECONDS)

    def stop(self) -> None:
        self._ask_to_stop()
        self._thread.join(_STOP_SECONDS)
        if self._thread.is_alive():
            _log.error("The practice desk did not stop within %.0f s.", _STOP_SECONDS)

    def addresses(self) -> PracticeAddresses:
        if self._addresses is None:
            why = self._failure or f"It was not ready within {_START_SECONDS:.0f} seconds"
            raise _unavailable(why)
        return self._addresses

    def sent_mail(self) -> tuple[SentMail, ...]:
        return tuple(self._sink.kept)

    def _live(self) -> None:
        try:
            asyncio.run(self._day())
        except OSError as error:
            # No loopback, no free port, or no resource file: not ours to mend.
            _log.exception("The practice desk ended.")
            self._failure = str(error)
        finally:
            self._is_settled.set()

    async def _day(self) -> None:
        stop_asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with AsyncExitStack() as servers:
            await self._mail.start()
            servers.push_async_callback(self._mail.stop)
            mailroom = Mailroom(
                self._company, load_letters(), self._mail, token=secrets.token_hex(4)
            )
            await mailroom.fill(self._now)
            model = self._model()
            clock = PracticeClock(loop, now=self._now, speed=self._speed)
            pbx = PracticePbx(model, [self._ami_user()], clock, random=self._random)
            phones = PhoneActor(self._company, model)
            self._act_past(phones, model)
            runner = DayRunner(self._script, mailroom, phones, clock, settle=pbx.settle)
            self._sink.sent = runner.founder_wrote
            await self._sink.start()
            servers.push_async_callback(self._sink.stop)
            await pbx.start()
            servers.push_async_callback(pbx.stop)
            self._ask_to_stop = lambda: _call_threadsafe(loop, stop_asked.set)
            self._addresses = self._told(pbx)
            self._is_settled.set()
            await _run_until(stop_asked, runner)

    def _act_past(self, phones: PhoneActor, model: PbxModel) -> None:
        """Puts the PBX into the state that the script wants at second 0."""
        for due in self._script.before_start():
            model.advance(due.at)
            if not isinstance(due.happening, MailIsPosted):
                phones.act(due.happening)
        model.advance(0)
        model.take_events()

    def _told(self, pbx: PracticePbx) -> PracticeAddresses:
        user = self._company.address
        return PracticeAddresses(
            company=self._company.name,
            address=user,
            imap_host=self._mail.host,
            imap_port=self._mail.port,
            imap_user=user,
            imap_password=self._secret,
            smtp_host=self._sink.host,
            smtp_port=self._sink.port,
            smtp_user=user,
            smtp_password=self._secret,
            ami_host=pbx.host,
            ami_port=pbx.port,
            ami_user=AMI_USER,
            ami_secret=self._secret,
            queue=self._company.queue,
            founder=self._company.founder.interface,
            context=FROM_INTERNAL,
        )

    def _ami_user(self) -> AmiUser:
        return AmiUser(name=AMI_USER, secret=self._secret, read=_READ, write=_WRITE)

    def _model(self) -> PbxModel:
        company = self._company
        members = tuple(colleague.desk for colleague in company.team.values())
        plan = PbxPlan(queue_name=company.queue, members=members, founder=company.founder)
        return PbxModel(
            plan,
            epoch=self._now.timestamp(),
            begin=self._script.begins,
            random=self._random,
        )


def _unavailable(why: str) -> PracticeUnavailable:
    advice = f"{why}. Connect your inbox instead, or see the log and try again."
    return PracticeUnavailable("The practice desk could not start", advice)


async def _run_until(stop_asked: asyncio.Event, runner: DayRunner) -> None:
    """Follows the script until the desk is stopped; a script may end before that."""
    day = asyncio.create_task(runner.run())
    stop = asyncio.create_task(stop_asked.wait())
    try:
        done, _ = await asyncio.wait({day, stop}, return_when=asyncio.FIRST_COMPLETED)
        if day in done:
            day.result()
            await stop
    finally:
        day.cancel()
        stop.cancel()


def _call_threadsafe(loop: asyncio.AbstractEventLoop, deed: Callable[[], None]) -> None:
    # The loop may have ended on its own in the meantime.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(deed)
