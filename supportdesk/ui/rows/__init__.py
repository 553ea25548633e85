"""What the window, the tray and the strip show: frozen values, already in the founder's words.

Owns the vocabulary between the presenter (which fills these in) and the widgets (which only
paint them). Refuses anything that would need a clock, a database or a service to be shown:
ages, sums and sentences arrive finished.
"""

from supportdesk.ui.rows.attachments import FilesView, FileView
from supportdesk.ui.rows.calls import (
    CallerRow,
    CallsView,
    MemberRow,
    MemberState,
    MissedRow,
    RingFigure,
)
from supportdesk.ui.rows.common import (
    Action,
    ActionButton,
    ButtonRank,
    ChipKind,
    ChipView,
    EmptyView,
    Notice,
    Page,
    Tone,
    Trouble,
)
from supportdesk.ui.rows.health import CheckLine, HealthRow, HealthState, HealthView
from supportdesk.ui.rows.inbox_list import ConversationRow, InboxRow, InboxView, SectionRow
from supportdesk.ui.rows.message import (
    NEEDS_REPLY,
    NO_REPLY,
    OPEN_IN_CLIENT,
    REPLY,
    AttachmentView,
    ClockView,
    InvitationView,
    MessageCard,
    MessageLine,
    MessageView,
    NestedView,
    PersonFact,
    PersonLine,
    PersonView,
    ReaderState,
    SealView,
)
from supportdesk.ui.rows.strip import ProgressView, RailView, StripKind, StripSegment, StripView
from supportdesk.ui.rows.tray import PauseChoice, TrayEntry, TrayState, TrayView
from supportdesk.ui.rows.week import DayBar, SpanKind, SpanRow, TalkCard, WeekDot, WeekView

__all__ = [
    "NEEDS_REPLY",
    "NO_REPLY",
    "OPEN_IN_CLIENT",
    "REPLY",
    "Action",
    "ActionButton",
    "AttachmentView",
    "ButtonRank",
    "CallerRow",
    "CallsView",
    "CheckLine",
    "ChipKind",
    "ChipView",
    "ClockView",
    "ConversationRow",
    "DayBar",
    "EmptyView",
    "FileView",
    "FilesView",
    "HealthRow",
    "HealthState",
    "HealthView",
    "InboxRow",
    "InboxView",
    "InvitationView",
    "MemberRow",
    "MemberState",
    "MessageCard",
    "MessageLine",
    "MessageView",
    "MissedRow",
    "NestedView",
    "Notice",
    "Page",
    "PauseChoice",
    "PersonFact",
    "PersonLine",
    "PersonView",
    "ProgressView",
    "RailView",
    "ReaderState",
    "RingFigure",
    "SealView",
    "SectionRow",
    "SpanKind",
    "SpanRow",
    "StripKind",
    "StripSegment",
    "StripView",
    "TalkCard",
    "Tone",
    "TrayEntry",
    "TrayState",
    "TrayView",
    "Trouble",
    "WeekDot",
    "WeekView",
]
