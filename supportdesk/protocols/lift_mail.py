"""Whether a mail to the lift address is an operator's, and whether a mail was moved by hand (F84).

The address alone lifts nothing: customers write to it too, and a From line says what its writer
likes. What counts is a proof that the settings name: the findings of a server that they trust, or
an address that only the team knows; where both are set both are asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from supportdesk.domain.lifts import Operator
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.settings import LiftSettings
from supportdesk.protocols.authentication_results import parse_auth_results
from supportdesk.protocols.mail_headers import field_of, parse_ids, parse_mailers, split_fields

LIFT_HEADERS = (
    "FROM TO CC AUTHENTICATION-RESULTS AUTO-SUBMITTED IN-REPLY-TO REFERENCES"
    " X-FORWARDED-MESSAGE-ID DELIVERED-TO X-DELIVERED-TO X-ORIGINAL-TO ENVELOPE-TO X-ENVELOPE-TO"
)

_DELIVERY = ("delivered-to", "x-delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_Fields = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftMail:
    """A mail to the lift address that is proved to be an operator's.

    Attributes:
        about: Messages that it names as what it is about, the nearest first.
    """

    by: Operator
    about: tuple[MessageId, ...] = ()


def may_lift(message: MessageSummary, up: Iterable[str], operators: Iterable[Operator]) -> bool:
    """It says that it is an operator's and goes to the lift address: worth a look at its head."""
    wanted = set(up)
    return any(one.email.casefold() in wanted for one in message.recipients) and (
        message.sender.email.casefold() in {one.email for one in operators}
    )


def lift_in(header: bytes, settings: LiftSettings, up: Iterable[str]) -> LiftMail | None:
    """Read the fields `LIFT_HEADERS`; None for what is just mail."""
    fields = split_fields(header)
    operator = _writer(fields, settings)
    wanted = set(up)
    is_sent_up = any(email in wanted for email in _addresses(fields, ("to", "cc")))
    is_automatic = field_of(fields, "auto-submitted").strip().lower() not in (b"", b"no")
    if operator is None or not is_sent_up or is_automatic or not settings.has_proof:
        return None
    if settings.authserv_id and not _is_proved(fields, settings.authserv_id, operator):
        return None
    named = [
        one
        for name in ("x-forwarded-message-id", "in-reply-to")
        for one in parse_ids(field_of(fields, name))
    ]
    named += reversed(parse_ids(field_of(fields, "references")))
    return LiftMail(by=operator, about=tuple(dict.fromkeys(named)))


def was_moved(header: bytes, own: Iterable[str]) -> bool:
    """A mail that is first seen in the mailbox for lifts was put there, and not sent there.

    Servers deliver support+lifted@… into the mailbox Lifted. Only one that writes down to which
    address it delivered can show that this was not so.

    Args:
        header: The fields `LIFT_HEADERS`.
        own: The account's own addresses.
    """
    is_told = any(name in _DELIVERY and _has_address(value) for name, value in split_fields(header))
    return is_told and not was_sent_to_detail(header, own)


def was_sent_to_detail(header: bytes, own: Iterable[str]) -> bool:
    """This very copy may lie where it lies because of the address that its sender chose.

    Moving leaves the head as it was. So that the same mail lies elsewhere too says nothing: it may
    have been sent to support@… and to support+lifted@….
    """
    fields = split_fields(header)
    plain = {_without_detail(one.casefold()) for one in own}
    named = (one for one in _addresses(fields, ("to", "cc")) if _without_detail(one) in plain)
    is_delivered = any(name in _DELIVERY and b"+" in value for name, value in fields)
    return is_delivered or any("+" in one for one in named)


def _writer(fields: _Fields, settings: LiftSettings) -> Operator | None:
    """Of several writers, or several From lines, nobody knows which one a server looked at."""
    lines = [value for name, value in fields if name == "from"]
    people = [one for line in lines for one in parse_mailers(line)]
    if len(lines) != 1 or len(people) != 1:
        return None
    email = people[0].email.casefold()
    known = next((one for one in settings.people if one.email == email), None)
    if known is None or known.name:
        return known
    return Operator(name=people[0].name, email=email)


def _is_proved(fields: _Fields, authserv_id: str, operator: Operator) -> bool:
    """Only the topmost field counts: what stands below may have come with the mail."""
    found = parse_auth_results(field_of(fields, "authentication-results"))
    return found.authserv_id == authserv_id.casefold() and found.proves(operator.email)


def _addresses(fields: _Fields, names: Iterable[str]) -> Iterable[str]:
    wanted = set(names)
    return (one for name, value in fields if name in wanted for one in _emails(value))


def _emails(value: bytes) -> Iterable[str]:
    return (one.email.casefold() for one in parse_mailers(value))


def _has_address(value: bytes) -> bool:
    return any(True for _ in _emails(value))


def _without_detail(email: str) -> str:
    local, _, host = email.rpartition("@")
    return f"{local.partition('+')[0]}@{host}"
