"""The attachments of a message in words: where each is, what it could do, what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from supportdesk.domain.mail import MessagePart
from supportdesk.services.file_danger import Judgement, Risk, icon_kind, judge_name
from supportdesk.ui.presenter.words import size_words
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, FilesView, FileView, Tone

SHOWN_AT_FIRST = 6
SHOWN_MORE = 12
"""So many at a time: a hundred at once would hold the window for a moment."""
_ELSEWHERE = "only your mail program can take it out"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What is known of one file now.

    Attributes:
        path: Where it lies once it is here.
        judgement: What was found in it; None until it was looked into.
        is_coming: It was asked for; `done_bytes` of `total_bytes` are here.
        is_held_up: Its account is not heard now: it goes on when it is.
        problem: Why it could not be had, or not be saved.
        saved_to: The founder's own copy.
        is_questioned: It is dangerous, and the founder wants it all the same: ask once more.
    """

    path: str = ""
    judgement: Judgement | None = None
    is_coming: bool = False
    is_held_up: bool = False
    done_bytes: int = 0
    total_bytes: int = 0
    problem: str = ""
    saved_to: str = ""
    is_questioned: bool = False


def file_key(message_key: str, number: int) -> str:
    """The key of the N-th part of a message, as the rows of attachments have it."""
    return f"{message_key}#{number}"


def judged(part: MessagePart, state: FileState) -> Judgement:
    """What to think of a file: by its bytes when they are here, else by its name."""
    return state.judgement or judge_name(part.name, part.media_type)


def files_view(
    message_key: str,
    files: Sequence[tuple[str, MessagePart, FileState]],
    *,
    shown_most: int = SHOWN_AT_FIRST,
) -> FilesView:
    """Show the files of a message.

    Args:
        message_key: The message.
        files: Key, part and state of every part, images in the text among them.
        shown_most: How many the founder wants to see.
    """
    listed = [file for file in files if not file[1].is_inline]
    shown = listed[:shown_most]
    return FilesView(
        message_key=message_key,
        files=tuple(file_view(key, part, state) for key, part, state in shown),
        summary=_summary([part for _, part, _ in listed]),
        buttons=tuple(_shared_buttons(message_key, files, hidden=len(listed) - len(shown))),
    )


def _summary(parts: Sequence[MessagePart]) -> str:
    if len(parts) < 2:
        return ""
    return f"{len(parts)} files, {size_words(sum(part.size_bytes for part in parts))}"


def _shared_buttons(
    message_key: str, files: Sequence[tuple[str, MessagePart, FileState]], *, hidden: int
) -> list[ActionButton]:
    parts = [part for _, part, _ in files]
    fetchable = sum(not part.is_inline and bool(part.section) for part in parts)
    buttons: list[ActionButton] = []
    if hidden:
        buttons.append(_shared(Action.LIST_MORE_FILES, f"{hidden} more", message_key, "more"))
    if fetchable > 1:
        buttons.append(_shared(Action.SAVE_ALL_FILES, "Save all", message_key, "save"))
    return buttons


def _shared(action: Action, label: str, target: str, icon: str) -> ActionButton:
    return ActionButton(action=action, label=label, target=target, icon=icon, rank=ButtonRank.GHOST)


def file_view(key: str, part: MessagePart, state: FileState) -> FileView:
    """Show one file."""
    judgement = judged(part, state)
    is_risky = judgement.risk is Risk.DANGEROUS
    detail, tone = _detail(part, state, judgement)
    kind = icon_kind(part.name, part.media_type)
    return FileView(
        key=key,
        name=part.name,
        icon="warn" if is_risky else f"file-{kind}" if kind else "file",
        size_label=size_words(part.size_bytes) if part.size_bytes else "",
        detail=detail,
        tone=tone,
        caution=judgement.warning if state.is_questioned else state.problem,
        share=_share(state),
        # What could run is not put into the founder's hand by the way.
        path="" if is_risky else state.path,
        buttons=tuple(_buttons(key, part, state, judgement)),
    )


def _share(state: FileState) -> float | None:
    if not state.is_coming:
        return None
    return state.done_bytes / state.total_bytes if state.total_bytes else 0.0


def _detail(part: MessagePart, state: FileState, judgement: Judgement) -> tuple[str, Tone]:
    if state.is_coming:
        return _coming_words(state), Tone.MUTED
    if state.problem and not state.is_questioned:
        return "here" if state.path else "could not be fetched", Tone.BRICK
    where = _where(part, state)
    words = " · ".join(one for one in (judgement.kind, where) if one)
    return words, Tone.AMBER if judgement.risk is Risk.DANGEROUS else Tone.MUTED


def _coming_words(state: FileState) -> str:
    share = f"{state.done_bytes * 100 // state.total_bytes} % has come" if state.total_bytes else ""
    if state.is_held_up:
        waits = "goes on when the mail server is heard again"
        return f"{share}, {waits}" if share else waits
    return share or "asking the mail server"


def _where(part: MessagePart, state: FileState) -> str:
    if state.saved_to:
        saved = PurePath(state.saved_to)
        return f"saved in {saved.parent.name or saved.parent} as {saved.name}"
    if state.path:
        return "here"
    return "on the mail server" if part.section else _ELSEWHERE


def _buttons(
    key: str, part: MessagePart, state: FileState, judgement: Judgement
) -> list[ActionButton]:
    def button(action: Action, label: str, icon: str = "", hint: str = "") -> ActionButton:
        return ActionButton(
            action=action,
            label=label,
            target=key,
            icon=icon,
            hint=f"{hint or label} {part.name}",
            rank=ButtonRank.GHOST,
        )

    if state.is_coming:
        return [button(Action.STOP_FILE, "Stop", "close", "Stop fetching")]
    if state.is_questioned:
        return [
            button(Action.SAVE_FILE_ANYWAY, "Save anyway"),
            button(Action.LEAVE_FILE, "Leave it"),
        ]
    if not (part.section or state.path):
        return []
    if state.problem and not state.path:
        return [button(Action.FETCH_FILE, "Try again", "refresh", "Try again to fetch")]
    buttons = [button(Action.SAVE_FILE, "Save", "save")]
    if state.saved_to:
        show = button(Action.SHOW_FILE, "Show", "folder", "Show in its folder")
        buttons.insert(0, show)
    if judgement.risk is Risk.NONE:
        buttons.insert(0, button(Action.OPEN_FILE, "Open", "open"))
    return buttons
