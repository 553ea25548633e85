"""A conversation with all that may stand beside it, and the line that asks for a note."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from supportdesk.domain.side_marks import MailNote
from supportdesk.ui.gallery.make_believe import MESSAGE
from supportdesk.ui.presenter.side import SideFacts, side_view
from supportdesk.ui.rows.note import NoteKind, NoteView

_NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
_WORDS = (
    "Their warehouse sends each order again after a timeout. Karel looks at it; do not offer a "
    "refund before he has answered."
)

BESIDE = replace(
    MESSAGE,
    side=side_view(
        SideFacts(
            claimed_by="anna",
            since=_NOW - timedelta(minutes=12),
            again=_NOW + timedelta(days=3),
            tags=("billing", "vip", "third-time-this-month"),
            notes=(
                MailNote(key="1", item="", words=_WORDS, at=_NOW - timedelta(hours=20)),
                MailNote(key="2", item="", words="He has.", by="karel", at=_NOW, is_shared=True),
            ),
        ),
        _NOW,
    ),
)
NOTE_LINE = NoteView(
    call="1",
    label="Ingrid Solheim",
    words="Called twice",
    kind=NoteKind.MAIL,
    is_wanted=True,
)
