"""Rows of Linphone's call history as plain values, from both of its schemas.

Up to 5.1 it is `call_history` in call-history.db: a row is written when the call ends, times are
seconds since 1970 as text, addresses are whole SIP headers. From 5.2 on it is `conference_call`
in linphone.db: a row appears when it rings and changes until the call ends, times are UTC as text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

from supportdesk.domain.calls import CallId
from supportdesk.protocols.baresip_messages import number_of

OLD_QUERY: Final = (
    "SELECT id, call_id, direction, status, start_time, connected_time, duration, quality,"
    " CASE direction WHEN 1 THEN caller ELSE callee END, NULL,"
    " CASE direction WHEN 1 THEN callee ELSE caller END"
    " FROM call_history ORDER BY id DESC LIMIT ?"
)
NEW_QUERY: Final = (
    "SELECT c.id, c.call_id, c.direction, c.status, c.start_time, c.connected_time, c.duration,"
    " c.quality, a.value, a.display_name, own.value FROM conference_call AS c"
    " JOIN sip_address AS a ON a.id ="
    " CASE c.direction WHEN 1 THEN c.from_sip_address_id ELSE c.to_sip_address_id END"
    " JOIN sip_address AS own ON own.id ="
    " CASE c.direction WHEN 1 THEN c.to_sip_address_id ELSE c.from_sip_address_id END"
    " ORDER BY c.id DESC LIMIT ?"
)
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]+(?::\d+)?")
_HEADER: Final = re.compile(r'\s*(?:"?(.*?)"?\s*)?<([^>]*)>', re.DOTALL)


class HistoryStatus(Enum):
    """Linphone's own words for how a call went; RINGING is its ABORTED, too."""

    ANSWERED = 0
    RINGING = 1
    MISSED = 2
    DECLINED = 3
    BROKEN_OFF = 4
    ANSWERED_ELSEWHERE = 5
    DECLINED_ELSEWHERE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One call. `is_final`: an answered call has ended, as far as the row tells."""

    call_id: CallId
    number: str
    name: str
    is_outgoing: bool
    status: HistoryStatus
    started_at: datetime
    connected_at: datetime | None
    duration: timedelta
    is_final: bool
    own_domain: str = ""

    @property
    def ended_at(self) -> datetime:
        """The duration counts from the answer, where there was one."""
        return (self.connected_at or self.started_at) + self.duration


def parse_row(values: Sequence[object]) -> HistoryRow | None:
    """A row of either query; None for one that makes no sense, or a status of later days."""
    row_id, call_id, direction, status, start, connected, duration, quality, *addresses = values
    address, name, own = addresses
    started_at = moment(start)
    if started_at is None or not isinstance(status, int) or not 0 <= status <= 6:
        return None
    shown, uri = split_address(_text(address))
    seconds = max(0, duration) if isinstance(duration, int) else 0
    known = HistoryStatus(status)
    is_rated = isinstance(quality, float) and quality >= 0
    return HistoryRow(
        call_id=CallId(_text(call_id) or f"row-{row_id}-{started_at:%Y%m%d%H%M%S}"),
        number=number_of(uri),
        name=_text(name) or shown,
        is_outgoing=direction != 1,
        status=known,
        started_at=started_at,
        connected_at=moment(connected),
        duration=timedelta(seconds=seconds),
        own_domain=domain_of(split_address(_text(own))[1]),
        is_final=known is not HistoryStatus.ANSWERED or seconds > 0 or is_rated,
    )


def moment(value: object) -> datetime | None:
    """Seconds since 1970, or a UTC date; None for "0", nothing and nonsense."""
    text = str(value).strip() if isinstance(value, str | int) else ""
    try:
        if text.isascii() and text.isdigit():
            return datetime.fromtimestamp(int(text), UTC) if int(text) else None
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def split_address(header: str) -> tuple[str, str]:
    """Name and URI of `"Carla" <sip:…>`, or of a bare URI."""
    found = _HEADER.match(header)
    if found is None:
        return "", header.strip()
    return (found[1] or "").replace('\\"', '"').strip(), found[2]


def domain_of(uri: str) -> str:
    """The host of an address; empty for what is none."""
    host = re.sub(r"[;?].*", "", uri).rpartition("@")[2]
    return host if _HOST.fullmatch(host) else ""


def dial_uri(rows: Iterable[HistoryRow]) -> str:
    """Linphone takes numbers with a domain alone: the one that the founder last called from."""
    newest = sorted(rows, key=lambda row: (row.is_outgoing, row.started_at), reverse=True)
    domain = next((row.own_domain for row in newest if row.own_domain), "")
    return f"sip:NUMBER@{domain}" if domain else "tel:NUMBER"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
