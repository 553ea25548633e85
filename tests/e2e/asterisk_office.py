"""A phone adapter on a real PBX, with everything it publishes on a list."""

from typing import Self

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.phone.asterisk import AsteriskPhone
from supportdesk.adapters.phone.baresip import BaresipPhone
from supportdesk.domain.calls import Member, MemberState
from supportdesk.domain.events import (
    DialProgressed,
    MemberChanged,
    MemberLeft,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import PhoneKind, PhoneSettings, Security
from tests.fakes.heard_events import HeardEvents, run_for
from tests.lab.asterisk_conf import SECRET
from tests.lab.phone import AMI_USER, AsteriskLab

OFFICE = SourceName("Office")


def settings_for(
    lab: AsteriskLab,
    *,
    host: str = "127.0.0.1",
    user: str = AMI_USER,
    queues: tuple[str, ...] = ("support",),
    founder: str = "PJSIP/100",
    security: Security = Security.NONE,
    ca_file: str = "",
) -> PhoneSettings:
    is_tls = security is Security.TLS
    return PhoneSettings(
        name=OFFICE,
        kind=PhoneKind.ASTERISK,
        host=host,
        port=lab.ami_tls_port if is_tls else lab.ami_port,
        security=security,
        ca_file=ca_file,
        user=user,
        queues=queues,
        founder=founder,
    )


class Office(HeardEvents):
    """A started adapter, which publishes to this."""

    def __init__(self, settings: PhoneSettings, secret: str = SECRET) -> None:
        super().__init__()
        self.phone = self._phone_of(settings, secret)

    def __enter__(self) -> Self:
        self.phone.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.phone.stop()

    @property
    def member_states(self) -> dict[str, MemberState]:
        """What somebody who only reads the events believes of the members."""
        members: dict[str, Member] = {}
        for event in self.events:
            match event:
                case PhoneSnapshotTaken():
                    members = {member.interface: member for member in event.members or ()}
                case MemberChanged(member=member):
                    members[member.interface] = member
                case MemberLeft():
                    members.pop(event.interface, None)
                case _:
                    pass
        return {member.name: member.state for member in members.values()}

    @property
    def words(self) -> list[str]:
        """What the founder read while a call was being placed."""
        return [event.words for event in self.events if isinstance(event, DialProgressed)]

    def run_for(self, seconds: float) -> None:
        """Let time pass in which something must not happen."""
        run_for(seconds)

    def _phone_of(self, settings: PhoneSettings, secret: str) -> AsteriskPhone | BaresipPhone:
        if settings.kind is PhoneKind.BARESIP:
            return BaresipPhone(settings, self, SystemClock())
        return AsteriskPhone(settings, lambda: secret, self, SystemClock())
