"""Invitations (RFC 5545, 5546) as cards: what, when, where, who, how often."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from supportdesk.adapters.mail.calendar_lines import (
    Component,
    Property,
    read_calendar,
    unfolded,
)
from supportdesk.adapters.mail.calendar_rules import rule_in_words
from supportdesk.adapters.mail.calendar_times import Zones, parse_duration
from supportdesk.domain.cards import Invitation, InvitationMethod
from supportdesk.protocols.mail_headers import clean_text, decode_charset

CALENDAR_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
MAX_EVENTS = 5
_MAX_TEXT = 300
_METHODS = {
    "REQUEST": InvitationMethod.REQUEST,
    "CANCEL": InvitationMethod.CANCEL,
    "REPLY": InvitationMethod.REPLY,
    "COUNTER": InvitationMethod.REPLY,
    "DECLINECOUNTER": InvitationMethod.REPLY,
}


def invitations(raw: bytes, *, charset: str = "", method: str = "") -> tuple[Invitation, ...]:
    """Read the events of a calendar part; charset and method are those of its Content-Type."""
    calendar = read_calendar(decode_charset(unfolded(raw), charset))
    named = next((one.text("METHOD") for one in calendar.children if one.property("METHOD")), "")
    kind = _METHODS.get((named or method).strip().upper(), InvitationMethod.OTHER)
    zones = Zones(calendar)
    return tuple(_card(event, kind, zones) for event in _events(calendar))


def _events(calendar: Component) -> Iterator[Component]:
    """Each event once: changed occurrences of a series repeat its UID."""
    seen: set[str] = set()
    for event in calendar.all("VEVENT"):
        uid = event.text("UID")
        if uid and uid in seen:
            continue
        seen.add(uid)
        yield event
        if len(seen) >= MAX_EVENTS:
            return


def _card(event: Component, kind: InvitationMethod, zones: Zones) -> Invitation:
    start = event.property("DTSTART")
    starts_at = zones.instant(start)
    is_all_day = start is not None and _is_day(start)
    if event.text("STATUS").upper() == "CANCELLED":
        kind = InvitationMethod.CANCEL
    rule = event.property("RRULE")
    return Invitation(
        method=kind,
        summary=clean_text(event.text("SUMMARY"), _MAX_TEXT),
        starts_at=starts_at,
        ends_at=_end(event, starts_at, zones, is_all_day=is_all_day),
        is_all_day=is_all_day,
        place=clean_text(event.text("LOCATION"), _MAX_TEXT),
        organizer=_organizer(event.property("ORGANIZER")),
        repeats=rule_in_words(rule.value, zones) if rule else "",
    )


def _is_day(start: Property) -> bool:
    return start.parameters.get("VALUE", "").upper() == "DATE" or "T" not in start.value.upper()


def _end(
    event: Component, starts_at: datetime | None, zones: Zones, *, is_all_day: bool
) -> datetime | None:
    ends_at = zones.instant(event.property("DTEND"))
    if ends_at is not None or starts_at is None:
        return ends_at
    duration = parse_duration(event.text("DURATION"))
    if duration is None:
        # Without an end a day lasts a day, and a moment a moment (RFC 5545, 3.6.1).
        duration = timedelta(days=1) if is_all_day else None
    try:
        return starts_at + duration if duration is not None else None
    except OverflowError:
        return None


def _organizer(found: Property | None) -> str:
    if found is None:
        return ""
    address = found.value.strip()
    if address.lower().startswith("mailto:"):
        address = address[7:]
    return clean_text(found.parameters.get("CN", "").strip("'\"") or address, _MAX_TEXT)
