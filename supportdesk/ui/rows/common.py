"""Pages, actions, buttons, chips, notices: what every view is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Page(StrEnum):
    """The pages of the main window, in the order of the rail."""

    INBOX = "inbox"
    CALLS = "calls"
    VOICES = "voices"
    WEEK = "week"
    HEALTH = "health"
    SETTINGS = "settings"
    MORNING = "morning"
    """Has no place in the rail: one comes to it by the tray, a key or the list, and goes back."""


class Action(StrEnum):
    """What the founder can ask for; sent with the key of what it is about ("" = nothing)."""

    REPLY = "reply"
    REPLY_ALL = "reply-all"
    FORWARD = "forward"
    ANSWER_ELSEWHERE = "answer-elsewhere"
    """In the default mail program, as far as a link to it can hold."""
    SEND_ANYWAY = "send-anyway"
    """Of these down to EDIT_DRAFT the target is a draft."""
    SEND_AGAIN = "send-again"
    SEND_TO_OTHERS = "send-to-others"
    """Without those whom the server refused."""
    LOOK_AGAIN = "look-again"
    IT_HAS_GONE = "it-has-gone"
    GIVE_UP = "give-up"
    SHOW_NEWS = "show-news"
    ATTACH_FILE = "attach-file"
    ATTACH_ORIGINAL_FILES = "attach-original-files"
    ATTACH_ORIGINAL = "attach-original"
    """The message that is forwarded, as it came."""
    EDIT_DRAFT = "edit-draft"
    SHOW_VERSIONS = "show-versions"
    """What the text of this draft was before."""
    SHOW_OUTBOX = "show-outbox"
    OPEN_IN_CLIENT = "open-in-client"
    NO_REPLY = "no-reply"
    NEEDS_REPLY = "needs-reply"
    UNDO = "undo"
    """Exactly the act that the target names; with any other target the newest one."""
    COPY_MESSAGE = "copy-message"
    COPY_LINK = "copy-link"
    PRINT = "print"
    SHOW_ORIGINAL = "show-original"
    SHOW_IMAGES = "show-images"
    SAVE_INVITATION = "save-invitation"
    SPLIT = "split"
    JOIN = "join"
    SENDER_IS_ROBOT = "sender-is-robot"
    SENDER_IS_PERSON = "sender-is-person"
    SNOOZE = "snooze"
    """Asks until when."""
    SNOOZE_UNTIL = "snooze-until"
    """The target is the moment, in ISO form, UTC."""
    WAKE = "wake"
    CLAIM = "claim"
    LET_GO = "let-go"
    ADD_TAG = "add-tag"
    REMOVE_TAG = "remove-tag"
    """The target is the name of the label."""
    NOTE_MAIL = "note-mail"
    EDIT_NOTE = "edit-note"
    """Of this one and the next the target is an internal note."""
    REMOVE_NOTE = "remove-note"
    NOTE_CALL = "note-call"
    PROMISE_KEPT = "promise-kept"
    """Of this one and the next two the target is a promise."""
    PROMISE_MOVE = "promise-move"
    PROMISE_DROPPED = "promise-dropped"
    KEEP_QUOTE = "keep-quote"
    """Words of the message on show; of a call, or of nothing known, they are typed."""
    LEARNED = "learned"
    """What did we learn? From the conversation on show, or from this call."""
    OPEN_SOURCE = "open-source"
    """Of this one down to REMOVE_KEPT the target is a quote or a lesson."""
    COPY_QUOTE = "copy-quote"
    COPY_QUOTE_MASKED = "copy-quote-masked"
    COPY_MARKDOWN = "copy-markdown"
    COPY_MARKDOWN_MASKED = "copy-markdown-masked"
    EDIT_KEPT = "edit-kept"
    """The note beside a quote, or the words of a lesson; never those of a customer."""
    REMOVE_QUOTE_NOTE = "remove-quote-note"
    QUOTES_OF_PERSON = "quotes-of-person"
    REMOVE_KEPT = "remove-kept"
    SHOW_ALL_QUOTES = "show-all-quotes"
    UNDO_VOICES = "undo-voices"
    OPEN_WEEK_WORDS = "open-week-words"
    SHOW_PHONE_WEEK = "show-phone-week"
    COPY_WEEK_WORDS = "copy-week-words"
    JOIN_NUMBER = "join-number"
    """The target is the number; without one the founder is asked for it."""
    EDIT_PERSON = "edit-person"
    """The target is a call of theirs; any other means the customer of the message on show."""
    TAKE_CALL = "take-call"
    THANK_LIFT = "thank-lift"
    OPEN_LIFTED = "open-lifted"
    LIFT_NOT_NOW = "lift-not-now"
    CALL_BACK = "call-back"
    MISSED_DONE = "missed-done"
    MISSED_NOT_DONE = "missed-not-done"
    ALL_MISSED_DONE = "all-missed-done"
    UNDO_MISSED_DONE = "undo-missed-done"
    SHOW_CALLS = "show-calls"
    """The target is a `CallsTab`."""
    SHOW_INBOX = "show-inbox"
    SHOW_WEEK = "show-week"
    SHOW_VOICES = "show-voices"
    SHOW_MORNING = "show-morning"
    OPEN_PIECE = "open-piece"
    """Of the morning scroll: show this mail or call on its own page."""
    UNDO_CORRECTION = "undo-correction"
    SHOW_EXPORT = "show-export"
    """The target is the folder into which the log was exported."""
    EXPORT_CALLS = "export-calls"
    EXPORT_QUOTES = "export-quotes"
    LIVE_BOARD = "live-board"
    WHY_DEAF = "why-deaf"
    TRY_AGAIN = "try-again"
    COPY_REPORT = "copy-report"
    BEGIN_TRIAL = "begin-trial"
    PLAY_SOUND = "play-sound"
    START_WITH_SESSION = "start-with-session"
    """The target is "on" or "off"."""
    RESUME_ALERTS = "resume-alerts"
    OPEN_PRACTICE_DESK = "open-practice-desk"
    CONNECT_MAIL = "connect-mail"
    CONNECT_PHONE = "connect-phone"
    EDIT_SOURCE = "edit-source"
    LIST_FILES = "list-files"
    """Asked by the row of attachments itself, with the key of the message: how is each file?"""
    LIST_MORE_FILES = "list-more-files"
    FETCH_FILE = "fetch-file"
    STOP_FILE = "stop-file"
    OPEN_FILE = "open-file"
    SAVE_FILE = "save-file"
    SAVE_FILE_ANYWAY = "save-file-anyway"
    LEAVE_FILE = "leave-file"
    SHOW_FILE = "show-file"
    SAVE_ALL_FILES = "save-all-files"
    SAVE_IMAGES = "save-images"
    FIND_MORE = "find-more"
    SHOW_ALL_KEYS = "show-all-keys"
    QUIT = "quit"


class Tone(StrEnum):
    """How loud a piece of text is."""

    NORMAL = "normal"
    STRONG = "strong"
    MUTED = "muted"
    AMBER = "amber"
    BRICK = "brick"
    GOOD = "good"


class ButtonRank(StrEnum):
    """PRIMARY is filled: at most one a screen, and the strip owns it while a caller is yours."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    GHOST = "ghost"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionButton:
    """A button and what it asks for. `icon` names a file of resources/icons."""

    action: Action
    label: str
    target: str = ""
    icon: str = ""
    shortcut: str = ""
    hint: str = ""
    rank: ButtonRank = ButtonRank.SECONDARY
    is_enabled: bool = True
    why_not: str = ""


class ChipKind(StrEnum):
    """The marks a row may carry; fill = needs or got something, outline = fact."""

    CLAIMED = "claimed"
    LIFTED = "lifted"
    ANSWERED = "answered"
    PROMISE = "promise"
    KNOCK = "knock"
    MISSED = "missed"
    ROBOT = "robot"
    PLAIN = "plain"
    FILE = "file"
    ACCOUNT = "account"
    DEAF = "deaf"
    TAG = "tag"
    NOTE = "note"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipView:
    """A mark and its words, always together."""

    label: str
    kind: ChipKind = ChipKind.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A banner: what, and the next step. Tone decides ground and mark, unless it has an icon."""

    title: str
    text: str = ""
    tone: Tone = Tone.BRICK
    icon: str = ""
    buttons: tuple[ActionButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An error in the founder's words: what, who is to blame, what to do, what is safe."""

    title: str
    advice: str
    culprit: str = ""
    next_step: str = ""
    safe: str = "Nothing is lost: your entries stay, nothing was saved yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyView:
    """An empty state that ends the job: one sentence, at most two offers."""

    head: str
    sentence: str
    buttons: tuple[ActionButton, ...] = ()
