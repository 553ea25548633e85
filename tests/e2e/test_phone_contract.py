"""Every phone adapter keeps the same contract, on the real system that it is for."""

import shutil
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from supportdesk.adapters.phone.asterisk import AsteriskPhone
from supportdesk.adapters.phone.baresip import BaresipPhone
from supportdesk.adapters.phone.hook import HookPhone
from supportdesk.adapters.phone.linphone import LinphonePhone
from supportdesk.domain.events import CallAnswered, CallerJoined
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.protocols.hook_calls import HookEvent, HookTurn
from tests.adapters.phone_contract import (
    CLOCK,
    NAME,
    PhoneContract,
    PhoneOffice,
    Watched,
)
from tests.fakes.heard_events import HeardEvents, run_for
from tests.lab.asterisk_conf import SECRET
from tests.lab.linphone import LinphoneLab
from tests.lab.phone import AMI_USER, AsteriskLab
from tests.lab.softphone_pair import SoftphonePair
from tests.lab.softphones import Softphone

pytestmark = pytest.mark.usefixtures("qapp")

TALK_SECONDS = 1.5


class Kept:
    """Adapters are Qt objects: they live as long as their office."""

    def __init__(self) -> None:
        self.phones: list[QObject] = []


class AsteriskOffice(PhoneOffice, Kept):
    def __init__(self, lab: AsteriskLab) -> None:
        super().__init__()
        self._lab = lab
        self._ann: Softphone = lab.agent("201")
        self._carla = lab.customer()
        self._heard: HeardEvents | None = None

    def adapter(self, heard: HeardEvents) -> Watched:
        self._heard = heard
        settings = PhoneSettings(
            name=NAME,
            kind=PhoneKind.ASTERISK,
            host="127.0.0.1",
            port=self._lab.ami_port,
            user=AMI_USER,
            queues=("support",),
            founder="PJSIP/100",
        )
        phone = AsteriskPhone(settings, lambda: SECRET, heard, CLOCK)
        self.phones.append(phone)
        return phone

    def call_missed(self) -> None:
        mark = self._ann.mark()
        self._carla.call("800")
        self._ann.wait_for_event("CALL_INCOMING", start=mark)
        run_for(0.5)
        self._carla.hang_up()

    def call_answered(self) -> None:
        mark = self._ann.mark()
        self._carla.call("800")
        self._ann.answer_next(start=mark)
        run_for(TALK_SECONDS)
        self._carla.hang_up()

    def break_down(self) -> None:
        self._lab.kill()

    def come_back(self) -> None:
        self._lab.start_server()
        self._ann.wait_until_registered()


class BaresipOffice(PhoneOffice, Kept):
    def __init__(self, pair: SoftphonePair) -> None:
        super().__init__()
        self._pair = pair
        self._heard = HeardEvents()
        self._phone: BaresipPhone | None = None

    def adapter(self, heard: HeardEvents) -> Watched:
        self._heard = heard
        settings = PhoneSettings(
            name=NAME,
            kind=PhoneKind.BARESIP,
            host=self._pair.founder_host,
            port=self._pair.control_port,
        )
        self._phone = BaresipPhone(settings, heard, CLOCK)
        self.phones.append(self._phone)
        return self._phone

    def call_missed(self) -> None:
        mark = self._pair.customer.mark()
        self._pair.ring()
        self._pair.customer.wait_for_event("CALL_RINGING", start=mark)
        run_for(0.5)
        self._pair.customer.hang_up()

    def call_answered(self) -> None:
        start = len(self._heard.events)
        self._pair.ring()
        joined = self._heard.wait_for(CallerJoined, start=start)
        assert self._phone is not None
        self._phone.take(joined.caller)
        self._heard.wait_for(CallAnswered, start=start)
        run_for(TALK_SECONDS)
        self._pair.customer.hang_up()

    def break_down(self) -> None:
        self._pair.founder.kill()

    def come_back(self) -> None:
        self._pair.founder.start_process()


class LinphoneOffice(PhoneOffice, Kept):
    is_live = False

    def __init__(self, lab: LinphoneLab) -> None:
        super().__init__()
        self._lab = lab
        self._aside = lab.folder / "aside"

    def adapter(self, heard: HeardEvents) -> Watched:
        settings = PhoneSettings(name=NAME, kind=PhoneKind.LINPHONE, folder=str(self._lab.data))
        phone = LinphonePhone(settings, heard, CLOCK)
        self.phones.append(phone)
        return phone

    def call_missed(self) -> None:
        self._lab.ring()
        run_for(0.5)
        self._lab.customer.hang_up()

    def call_answered(self) -> None:
        self._lab.ring()
        self._lab.answer()
        run_for(TALK_SECONDS)
        self._lab.customer.hang_up()

    def break_down(self) -> None:
        self._lab.stop_linphone()
        shutil.move(self._lab.data, self._aside)

    def come_back(self) -> None:
        shutil.move(self._aside, self._lab.data)
        self._lab.start_linphone()


class WatchedHook(HookPhone):
    """A hook has nothing to begin or to let go of: others knock, as long as anybody listens."""

    is_on = False

    def start(self) -> None:
        self.is_on = True

    def stop(self) -> None:
        self.is_on = False

    def check_now(self) -> None:
        pass


class HookOffice(PhoneOffice):
    always_listens = True

    def __init__(self) -> None:
        self._phone: WatchedHook | None = None
        self._count = 0

    def adapter(self, heard: HeardEvents) -> Watched:
        self._phone = WatchedHook(NAME, heard)
        return self._phone

    def call_missed(self) -> None:
        self._tell(HookTurn.RINGING, is_new=True)
        self._tell(HookTurn.MISSED)

    def call_answered(self) -> None:
        self._tell(HookTurn.RINGING, is_new=True)
        self._tell(HookTurn.ANSWERED)
        run_for(TALK_SECONDS)
        self._tell(HookTurn.ENDED)

    def break_down(self) -> None:
        raise AssertionError("there is nothing to break down")

    def come_back(self) -> None:
        raise AssertionError("there is nothing to come back")

    def _tell(self, turn: HookTurn, *, is_new: bool = False) -> None:
        assert self._phone is not None
        self._count += is_new
        event = HookEvent(
            turn=turn,
            number="+15550100001",
            name="Carla Customer",
            call_id=f"call-{self._count}",
            at=CLOCK.now(),
        )
        if self._phone.is_on:
            self._phone.receive(event)


@pytest.mark.asterisk
class TestAsterisk(PhoneContract):
    @pytest.fixture
    def office(self, asterisk_lab: AsteriskLab) -> PhoneOffice:
        return AsteriskOffice(asterisk_lab)


@pytest.mark.linphone
class TestBaresip(PhoneContract):
    @pytest.fixture
    def office(self) -> Iterator[PhoneOffice]:
        with SoftphonePair() as pair:
            yield BaresipOffice(pair)


@pytest.mark.linphone
class TestLinphone(PhoneContract):
    @pytest.fixture
    def office(self, linphone_lab: LinphoneLab) -> PhoneOffice:
        return LinphoneOffice(linphone_lab)


class TestHook(PhoneContract):
    @pytest.fixture
    def office(self) -> PhoneOffice:
        return HookOffice()
