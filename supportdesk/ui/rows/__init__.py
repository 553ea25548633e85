"""What the window, the tray and the strip show: frozen values, already in the founder's words.

Owns the vocabulary between the presenter (which fills these in) and the widgets (which only
paint them). Refuses anything that would need a clock, a database or a service to be shown:
ages, sums and sentences arrive finished.

The tray shows a handful of them and runs all day, so a module is imported when one of its names is
first asked for: all of them are 1 MB.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportdesk.ui.rows.attachments import FilesView, FileView
    from supportdesk.ui.rows.calls import (
        BoardLevel,
        BoardView,
        CallEntry,
        CallerRow,
        CallMark,
        CallsFilter,
        CallsTab,
        CallsView,
        DayChoice,
        FigurePart,
        MemberRow,
        MemberState,
        PastCalls,
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
    from supportdesk.ui.rows.inbox_list import (
        ConversationRow,
        InboxRow,
        InboxView,
        ListProgress,
        NothingFound,
        SectionRow,
        listed,
    )
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
        PersonOffer,
        PersonView,
        ReaderState,
        SealView,
    )
    from supportdesk.ui.rows.row_source import FixedRows, RowSource, SourceRow
    from supportdesk.ui.rows.strip import ProgressView, RailView, StripKind, StripSegment, StripView
    from supportdesk.ui.rows.tray import (
        PauseChoice,
        PresentChoice,
        PresentingLine,
        TrayEntry,
        TrayState,
        TrayView,
    )
    from supportdesk.ui.rows.week import (
        COUNTED_KINDS,
        DayBar,
        SpanChoice,
        SpanKind,
        SpanRow,
        TalkCard,
        WeekDot,
        WeekView,
    )

__all__ = [
    "COUNTED_KINDS",
    "NEEDS_REPLY",
    "NO_REPLY",
    "OPEN_IN_CLIENT",
    "REPLY",
    "Action",
    "ActionButton",
    "AttachmentView",
    "BoardLevel",
    "BoardView",
    "ButtonRank",
    "CallEntry",
    "CallMark",
    "CallerRow",
    "CallsFilter",
    "CallsTab",
    "CallsView",
    "CheckLine",
    "ChipKind",
    "ChipView",
    "ClockView",
    "ConversationRow",
    "DayBar",
    "DayChoice",
    "EmptyView",
    "FigurePart",
    "FileView",
    "FilesView",
    "FixedRows",
    "HealthRow",
    "HealthState",
    "HealthView",
    "InboxRow",
    "InboxView",
    "InvitationView",
    "ListProgress",
    "MemberRow",
    "MemberState",
    "MessageCard",
    "MessageLine",
    "MessageView",
    "NestedView",
    "NothingFound",
    "Notice",
    "Page",
    "PastCalls",
    "PauseChoice",
    "PersonFact",
    "PersonLine",
    "PersonOffer",
    "PersonView",
    "PresentChoice",
    "PresentingLine",
    "ProgressView",
    "RailView",
    "ReaderState",
    "RingFigure",
    "RowSource",
    "SealView",
    "SectionRow",
    "SourceRow",
    "SpanChoice",
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
    "listed",
]

# Looked through in this order: what the tray needs comes first.
_MODULES = (
    "common",
    "tray",
    "strip",
    "attachments",
    "calls",
    "health",
    "inbox_list",
    "message",
    "row_source",
    "week",
)

if not TYPE_CHECKING:  # a type checker would take any name for one that is there

    def __getattr__(name: str) -> object:
        for module in _MODULES if name in __all__ else ():
            found = getattr(import_module(f"{__name__}.{module}"), name, None)
            if found is not None:
                globals()[name] = found
                return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
