"""What the founder chose, as signals that outlive every page."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Choices(QObject):
    """One place to connect to; the window is built anew behind it when text sizes change."""

    asked = Signal(object, str)
    """Action, and the key of what it is about ("" = nothing in particular)."""
    page_shown = Signal(object)
    """Page, whoever asked for it."""
    conversation_chosen = Signal(str)
    call_chosen = Signal(str)
    calls_filter_changed = Signal(object)
    """CallsFilter: which past calls are wanted."""
    note_typed = Signal(str, str)
    """Ledger key of a call, and what is typed of it so far."""
    note_kept = Signal(str, str)
    note_skipped = Signal(str)
    search_changed = Signal(str)
    message_chosen = Signal(str)
    """Another message of the conversation on show, to be opened in place."""
    item_chosen = Signal(str)
    """A message or call that something on show tells of."""
    link_asked = Signal(str, str)
    """An address in a message, and the words that stand for it."""
    zoom_asked = Signal(int)
    """So many steps larger; 0 is the size of the rest of the window."""
    reading_activity = Signal()
    """A scroll or a selection in the message that is open."""
    list_scrolled = Signal()
    """The founder scrolls a list that may be long, or goes from row to row."""
    day_chosen = Signal(object)
    week_chosen = Signal(object)
    week_step = Signal(int)
    span_chosen = Signal(str)
    span_edit_asked = Signal(str)
    """span_id: the length, the start or the whole of it is wrong."""
    span_delete_asked = Signal(str)
    span_add_asked = Signal(object)
    """The local day on which time is missing."""
    log_undo_asked = Signal()
    log_export_asked = Signal()
    voices_wanted = Signal(object)
    """VoicesFilter: which quotes are wanted."""
    kept_chosen = Signal(str)
    """Key of a quote or a lesson on the Voices page."""
    felt_chosen = Signal(str, object)
    """Key of a quote, and a Felt or None."""
    quote_undo_asked = Signal(str)
    """Key of a quote that shall not be kept after all."""
    kept_left = Signal()
    """How typed words were felt is not asked any more."""
    morning_settled = Signal(object)
    """InView: where the founder is in the morning scroll."""
    alerts_changed = Signal(object)
    look_changed = Signal(object)
    reading_changed = Signal(object)
    ritual_changed = Signal(object)
    """RitualOptions, as the settings say them now."""
    lift_changed = Signal(object)
    """LiftOptions, the same."""
    answering_changed = Signal(object)
    """AnsweringOptions: undo, name and copies, as the settings say it now."""
    log_asked = Signal(object)
    """LogWish: something is to be done with the whole reading log."""
    draft_typed = Signal(str)
    """draft_id: at every change, so a cheap one."""
    draft_changed = Signal(str, object)
    """draft_id and DraftEdit: at most once a second while typed, and before anything else."""
    draft_put_away = Signal(str)
    draft_discarded = Signal(str)
    send_asked = Signal(str)
    undo_asked = Signal(str)
    """Of what is being sent and still counted down."""
    send_now_asked = Signal(str)
    held_chosen = Signal(str, object)
    """draft_id and HeldChoice."""
    files_added = Signal(str, object)
    """draft_id and the paths, as a tuple."""
    picture_pasted = Signal(str, object)
    """draft_id and the QImage."""
    file_removed = Signal(str, str)
    """draft_id and `DraftFileView.key`."""
    replies_asked = Signal(str)
    """The saved replies are to be shown at this draft."""
    reply_chosen = Signal(str, str)
    """draft_id and `ReplyRow.key`."""
    reply_made = Signal(str)
    """A new saved reply, of what is written in this draft."""
    reply_edited = Signal(str, str)
    """draft_id and `ReplyRow.key`: that reply is to be changed or deleted."""
    outbox_chosen = Signal(str)
    """draft_id of a row in the outbox."""
