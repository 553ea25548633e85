"""What mail servers and phones tell of lifts, as tests need it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.calls import CallId
from supportdesk.domain.events import CallAnswered
from supportdesk.domain.lift_events import CallLifted, LiftMarksSeen, MailLifted
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.mail import Mailer, MessageId, MessageSummary
from supportdesk.domain.settings import LiftSettings, Settings
from tests.fakes.happenings import OFFICE, SUPPORT, T0, a_message, settings_with

CARRIER = MessageId("<up@team.example>")
CARRIER_KEY = f"mail/{SUPPORT}/{CARRIER}"
ANNA = Mailer(name="Anna Lind", email="anna@team.example")
TEAM = LiftSettings(
    operators=("Anna Lind <anna@team.example>",), authserv_id="mx", flag=True, mailbox="Lifted"
)


def lifting(settings: Settings | None = None, lift: LiftSettings = TEAM) -> Settings:
    """Settings of a team that lifts in every way."""
    return replace(settings or settings_with(), lift=lift)


def mail_lifted(
    message_id: str = CARRIER,
    *,
    way: LiftWay = LiftWay.ADDRESS,
    about: Iterable[str] = (),
    at: datetime = T0,
) -> MailLifted:
    is_carried = way is LiftWay.ADDRESS
    return MailLifted(
        source=SUPPORT,
        message_id=MessageId(message_id),
        about=tuple(MessageId(one) for one in about),
        by=ANNA.name if is_carried else "",
        by_address=ANNA.email if is_carried else "",
        way=way,
        at=at,
    )


def a_carrier(
    uid: int = 90,
    *,
    references: Iterable[str] = (),
    subject: str = "Fwd: a word",
    preview: str = "",
    at: datetime = T0,
) -> MessageSummary:
    """Anna's own mail to the lift address."""
    mail = a_message(
        uid,
        message_id=CARRIER,
        references=references,
        subject=subject,
        preview=preview,
        at=at,
    )
    return replace(mail, sender=ANNA)


def marks(
    *keywords: tuple[str, str],
    flagged: Iterable[str] | None = None,
    mailbox: str = "INBOX",
    is_whole: bool = True,
    is_flags_whole: bool = True,
) -> LiftMarksSeen:
    return LiftMarksSeen(
        source=SUPPORT,
        mailbox=mailbox,
        flagged=None if flagged is None else frozenset(MessageId(one) for one in flagged),
        keywords=frozenset((MessageId(one), name) for one, name in keywords),
        is_whole=is_whole,
        is_flags_whole=is_flags_whole,
    )


def call_lifted(
    call_id: str = "1",
    *,
    by: str = "Anna Lind",
    why: str = "",
    way: LiftWay = LiftWay.CODE,
    at: datetime = T0,
) -> CallLifted:
    return CallLifted(
        source=OFFICE,
        call_id=CallId(call_id),
        number="+420111222333",
        name="Pavel Kiss",
        by=by,
        why=why,
        way=way,
        at=at,
    )


def answered_by(name: str, call_id: str = "1", *, at: datetime = T0) -> CallAnswered:
    return CallAnswered(
        phone=OFFICE,
        call_id=CallId(call_id),
        by=name,
        by_interface=f"PJSIP/{name}",
        hold_seconds=4,
        at=at,
    )
