"""Invitations, forwarded messages and sealed parts in words."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import assert_never

from supportdesk.domain.cards import Invitation, InvitationMethod, NestedMessage, Seal, SealedPart
from supportdesk.domain.mail import MessagePart, MessageSummary, MessageText
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.rows import Action, ActionButton

_MOST_CARDS = 10
_LINE = 200
_LONGEST_NESTED = 40_000
_KINDS = {
    InvitationMethod.REQUEST: "Invitation",
    InvitationMethod.CANCEL: "Cancelled",
    InvitationMethod.REPLY: "Answer to an invitation",
    InvitationMethod.OTHER: "Event",
}
_SEALS = {
    Seal.PGP_SIGNED: "Signed with PGP; not verified here.",
    Seal.SMIME_SIGNED: "Signed with S/MIME; not verified here.",
    Seal.PGP_ENCRYPTED: "Encrypted with PGP; open it in your mail program.",
    Seal.SMIME_ENCRYPTED: "Encrypted with S/MIME; open it in your mail program.",
}
_LOCKED = (Seal.PGP_ENCRYPTED, Seal.SMIME_ENCRYPTED)


def cards_of(
    message: MessageSummary, text: MessageText, *, now: datetime
) -> Iterable[rows.MessageCard]:
    """The cards of a message, in its own order; at most ten of them."""
    calendar = calendar_part(text)
    for card in text.cards[:_MOST_CARDS]:
        match card:
            case Invitation():
                yield _invitation(card, has_file=calendar is not None, key=message.key, now=now)
            case NestedMessage():
                yield _nested(card, now)
            case SealedPart():
                yield _seal(card, message.key)
            case _:
                assert_never(card)


def calendar_part(text: MessageText) -> MessagePart | None:
    """The calendar part as it came, which a calendar program takes."""
    found = (part for part in text.parts if part.media_type == "text/calendar" and part.section)
    return next(found, None)


def _invitation(
    card: Invitation, *, has_file: bool, key: str, now: datetime
) -> rows.InvitationView:
    save = ActionButton(
        action=Action.SAVE_INVITATION, label="Save as .ics", target=key, icon="export"
    )
    is_cancelled = card.method is InvitationMethod.CANCEL
    return rows.InvitationView(
        kind=_KINDS[card.method],
        title=fit(card.summary, _LINE) or "(no title)",
        when=when_words(card, now),
        where=fit(card.place, _LINE),
        who=fit(card.organizer, _LINE),
        repeats=fit(card.repeats, _LINE),
        warning="This event was cancelled." if is_cancelled else "",
        save=save if has_file and not is_cancelled else None,
    )


def when_words(card: Invitation, now: datetime) -> str:
    """When it is in local time; in its own zone as well, where that differs."""
    starts, ends = card.starts_at, card.ends_at
    if starts is None:
        return "Its time cannot be read; the file has it."
    if card.is_all_day:
        return _days(starts, ends, now)
    local = starts.astimezone()
    words = _span(local, ends.astimezone() if ends else None, now)
    own = _span(starts, ends.astimezone(starts.tzinfo) if ends else None, now)
    if starts.utcoffset() == local.utcoffset():
        return words
    return f"{words} here · {own} {_zone(starts)}"


def _zone(at: datetime) -> str:
    """The zone by its name, as Europe/Oslo; else by its distance from UTC."""
    name = str(at.tzinfo)
    if "/" in name:
        return f"({name.replace('_', ' ')})"
    offset = at.utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "(UTC)"
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"(UTC{sign}{hours}:{rest:02})" if rest else f"(UTC{sign}{hours})"


def _span(starts: datetime, ends: datetime | None, now: datetime) -> str:
    words = f"{_day(starts, now)}, {starts:%H:%M}"
    if ends is None or ends <= starts:
        return words
    if ends.date() == starts.date():
        return f"{words} to {ends:%H:%M}"
    return f"{words} to {_day(ends, now)}, {ends:%H:%M}"


def _days(starts: datetime, ends: datetime | None, now: datetime) -> str:
    """An all-day event ends at the midnight after its last day (RFC 5545, 3.6.1)."""
    last = ends - timedelta(days=1) if ends is not None else starts
    if last.date() <= starts.date():
        return f"{_day(starts, now)}, all day"
    return f"{_day(starts, now)} to {_day(last, now)}, all day"


def _day(at: datetime, now: datetime) -> str:
    year = "" if at.year == now.astimezone().year else f" {at.year}"
    return f"{at:%a} {at.day} {at:%b}{year}"


def _nested(card: NestedMessage, now: datetime) -> rows.NestedView:
    sent = card.sent_at.astimezone() if card.sent_at else None
    return rows.NestedView(
        who=fit(card.sender, _LINE) or "(unknown sender)",
        subject=fit(card.subject, _LINE) or "(no subject)",
        when=f"{_day(sent, now)}, {sent:%H:%M}" if sent else "",
        text=card.text[:_LONGEST_NESTED],
    )


def _seal(card: SealedPart, key: str) -> rows.SealView:
    is_locked = card.seal in _LOCKED
    button = ActionButton(
        action=Action.OPEN_IN_CLIENT, label="Open it there", target=key, icon="open", shortcut="o"
    )
    return rows.SealView(
        words=_SEALS[card.seal], is_locked=is_locked, button=button if is_locked else None
    )
