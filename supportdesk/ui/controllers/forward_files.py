"""What goes along with a forward: the files of the original, or the original as it came.

Both lie on the server: they are fetched, copied like any attached file, and stand in the draft.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from supportdesk.domain.answers import AnswerKind, Draft, DraftFile, DraftId
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import Event, MessageTextFetched, PartFetched
from supportdesk.domain.mail import WHOLE_MESSAGE, MessagePart, MessageSummary, MessageText
from supportdesk.domain.reply_rules import Doubt
from supportdesk.services.file_names import clean_file_name
from supportdesk.services.wording import count
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.compose_controller import ComposeController
from supportdesk.ui.controllers.draft_files_controller import files_coming, with_file
from supportdesk.ui.presenter.words import size_words
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, Notice, Tone

AT_ONCE = 20_000_000
"""More than this is attached only when the founder asks: few servers take it."""
_MESSAGE = "message/rfc822"
_UNWATCHED = "Its mail account is not watched any more."


@dataclass(kw_only=True)
class _Forward:
    """What is known of one forward in this run."""

    message: MessageSummary
    left: list[MessagePart] = field(default_factory=list)
    coming: dict[str, MessagePart] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    is_read: bool = False


class ForwardFiles(QObject):
    """Owns what is on its way; what has come stands in the draft.

    Signals:
        changed: A draft has other files, or something else is said of them.
    """

    changed = Signal()

    def __init__(self, acts: Acts, compose: ComposeController, parent: QObject) -> None:
        super().__init__(parent)
        self._acts = acts
        self._forwards: dict[DraftId, _Forward] = {}
        compose.begun.connect(self._begun)

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        """What buttons ask for; the target is a draft."""
        return {
            Action.ATTACH_ORIGINAL_FILES: self._attach_files,
            Action.ATTACH_ORIGINAL: self._attach_original,
        }

    def notices(self, draft: Draft) -> Sequence[Notice]:
        """What is said of them at the draft."""
        forward = self._forwards.get(draft.draft_id)
        if forward is None:
            return ()
        found = [_failed(name, why) for name, why in forward.problems.items()]
        if forward.coming:
            words = count(len(forward.coming), "file is", "files are")
            found.append(Notice(title=f"{words} still coming", tone=Tone.MUTED))
        if forward.left:
            found.append(_left_notice(forward.left, draft.draft_id))
        elif not forward.coming and not any(one.media_type == _MESSAGE for one in draft.files):
            found.append(_original_notice(draft.draft_id))
        return found

    def doubts(self, draft: Draft) -> tuple[Doubt, ...]:
        """What to ask before it is sent."""
        forward = self._forwards.get(draft.draft_id)
        return () if forward is None else files_coming(len(forward.coming))

    def event_seen(self, event: Event) -> None:
        match event:
            case MessageTextFetched() if event.text is not None:
                self._text_fetched(event.text)
            case PartFetched():
                self._part_fetched(event)
            case _:
                pass

    # --- inside ------------------------------------------------------------------------

    def _begun(self, draft: Draft, message: MessageSummary) -> None:
        if draft.kind is not AnswerKind.FORWARD:
            return
        self._forwards[draft.draft_id] = _Forward(message=message)
        text = self._acts.cached_text(message)
        if text is not None:
            self._text_fetched(text)

    def _text_fetched(self, text: MessageText) -> None:
        """Now it is known which files there are."""
        for draft_id, forward in self._forwards.items():
            asked = forward.message
            is_it = (asked.account, asked.message_id) == (text.account, text.message_id)
            if is_it and not forward.is_read:
                forward.is_read = True
                forward.left = [part for part in text.parts if _goes_along(part)]
                if sum(part.size_bytes for part in forward.left) <= AT_ONCE:
                    self._attach_files(draft_id)

    def _attach_files(self, draft_id: str) -> None:
        forward = self._forwards.get(DraftId(draft_id))
        if forward is not None:
            parts, forward.left, forward.problems = forward.left, [], {}
            for part in parts:
                self._fetch(DraftId(draft_id), forward, part)
            self.changed.emit()

    def _attach_original(self, draft_id: str) -> None:
        forward = self._forwards.get(DraftId(draft_id))
        if forward is not None:
            name = clean_file_name(forward.message.subject or "message")
            size = forward.message.size_bytes
            whole = MessagePart(
                name=f"{name}.eml", media_type=_MESSAGE, size_bytes=size, section=WHOLE_MESSAGE
            )
            forward.problems = {}
            self._fetch(DraftId(draft_id), forward, whole)
            self.changed.emit()

    def _fetch(self, draft_id: DraftId, forward: _Forward, part: MessagePart) -> None:
        forward.coming[part.section] = part
        path = self._acts.fetched_part(forward.message, part)
        if path:
            self._copy(draft_id, part, path)
        elif not self._acts.fetch_part(forward.message, part):
            self._fail(forward, part, _UNWATCHED)

    def _part_fetched(self, event: PartFetched) -> None:
        for draft_id, forward in self._forwards.items():
            asked = forward.message
            is_it = (asked.account, asked.message_id) == (event.account, event.message_id)
            part = forward.coming.get(event.section) if is_it else None
            if part is None:
                continue
            if event.path:
                self._copy(draft_id, part, event.path)
            else:
                self._fail(forward, part, event.problem or "It was stopped.")
                self.changed.emit()

    def _copy(self, draft_id: DraftId, part: MessagePart, path: str) -> None:
        self._acts.attach([path], partial(self._copied, draft_id, part))

    def _copied(
        self, draft_id: DraftId, part: MessagePart, file: DraftFile | None, why: Problem | None
    ) -> None:
        forward = self._forwards[draft_id]
        if forward.coming.pop(part.section, None) is None:
            return
        draft = self._acts.answering.draft(draft_id)
        if file is None:
            self._fail(forward, part, why.title if why is not None else "")
        elif draft is not None:
            is_message = part.media_type == _MESSAGE
            named = replace(file, name=clean_file_name(part.name), media_type=part.media_type)
            kept = named if is_message or part.name else file
            self._acts.answering.typed(replace(draft, files=with_file(draft.files, kept)))
        self.changed.emit()

    def _fail(self, forward: _Forward, part: MessagePart, why: str) -> None:
        forward.coming.pop(part.section, None)
        forward.problems[part.name] = why
        if part.section != WHOLE_MESSAGE:
            forward.left.append(part)


def _goes_along(part: MessagePart) -> bool:
    """As the reader lists them: a picture in the HTML and a signature are no files to anybody."""
    return bool(part.section) and not (part.is_inline or part.media_type.endswith("-signature"))


def _failed(name: str, why: str) -> Notice:
    return Notice(title=f"{name} could not be attached", text=why, tone=Tone.AMBER)


def _left_notice(left: Sequence[MessagePart], draft_id: DraftId) -> Notice:
    size = size_words(sum(part.size_bytes for part in left))
    return Notice(
        title=f"{count(len(left), 'file', 'files')} of the original, {size}, not attached",
        tone=Tone.AMBER,
        buttons=(
            _button(Action.ATTACH_ORIGINAL_FILES, "Attach", draft_id),
            _button(Action.ATTACH_ORIGINAL, "Attach the original as it came", draft_id),
        ),
    )


def _original_notice(draft_id: DraftId) -> Notice:
    return Notice(
        title="The text of the original stands below yours",
        tone=Tone.MUTED,
        buttons=(_button(Action.ATTACH_ORIGINAL, "Attach the original as it came", draft_id),),
    )


def _button(action: Action, label: str, draft_id: DraftId) -> ActionButton:
    return ActionButton(action=action, label=label, target=draft_id, rank=ButtonRank.GHOST)
