"""The parts of the messages that were shown, and what the founder wants of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from supportdesk.domain.events import MessageTextFetched, PartFetched, PartProgressed
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import (
    MessageId,
    MessagePart,
    MessageSummary,
    MessageText,
    packed_section,
)
from supportdesk.services.desk import Desk
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.presenter.attachments import FileState, file_key

_TEXTS = 20
_WINMAIL_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to do with a file once it is here and judged.

    Attributes:
        target: The place the founder chose for it; `folder` when it was chosen for several.
        opens_until: The founder asked to open it.
    """

    target: str = ""
    folder: str = ""
    opens_until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class KnownFile:
    """One part of a message, and what the founder wants of it."""

    key: str
    message: MessageSummary
    part: MessagePart
    state: FileState = field(default_factory=FileState)
    wish: Wish | None = None
    is_agreed: bool = False


class KnownFiles:
    """Finds files by what names them: their key, their message, an event."""

    def __init__(self, desk: Desk, acts: Acts) -> None:
        self._desk = desk
        self._acts = acts
        self._files: dict[str, KnownFile] = {}
        self._lists: dict[str, tuple[KnownFile, ...]] = {}
        self._texts: dict[tuple[SourceName, MessageId], MessageText] = {}

    def remember_text(self, event: MessageTextFetched) -> None:
        """A text that is too long to be kept in mail.db comes only this way."""
        if event.text is not None:
            identity = (event.account, event.message_id)
            self._texts.pop(identity, None)
            self._texts[identity] = event.text
            while len(self._texts) > _TEXTS:
                del self._texts[next(iter(self._texts))]

    def file(self, key: str) -> KnownFile | None:
        return self._files.get(key)

    def of_account(self, account: SourceName) -> list[KnownFile]:
        return [file for file in self._files.values() if file.message.account == account]

    def of_event(self, event: PartProgressed | PartFetched) -> list[KnownFile]:
        wanted = (event.account, event.message_id, event.section)
        return [
            file
            for file in self._files.values()
            if (file.message.account, file.message.message_id, file.part.section) == wanted
        ]

    def of_message(self, message_key: str) -> tuple[KnownFile, ...]:
        """Every part of a message that was loaded."""
        return self._lists.get(message_key, ())

    def load(self, message_key: str) -> tuple[KnownFile, ...]:
        """Read which parts a message has; what was known of each before stays."""
        message = self._message(message_key)
        text = self._text(message) if message is not None else None
        if message is not None and text is not None:
            self._lists[message_key] = tuple(
                self._file_for(file_key(message_key, number), message, part)
                for number, part in enumerate(_with_packed(text.parts))
            )
        return self.of_message(message_key)

    def _file_for(self, key: str, message: MessageSummary, part: MessagePart) -> KnownFile:
        file = self._files.get(key)
        if file is None or file.part.section != part.section:
            file = KnownFile(key=key, message=message, part=part)
            self._files[key] = file
        file.part = part
        return file

    def _message(self, key: str) -> MessageSummary | None:
        known = self._desk.inbox.message(key)
        if known is not None:
            return known
        account, found, message_id = key.removeprefix("mail/").partition("/<")
        if not found:
            return None
        return self._acts.cached_message(SourceName(account), MessageId(f"<{message_id}"))

    def _text(self, message: MessageSummary) -> MessageText | None:
        fetched = self._texts.get((message.account, message.message_id))
        return fetched or self._acts.cached_text(message)


def _with_packed(parts: Sequence[MessagePart]) -> Iterator[MessagePart]:
    """What lies in a winmail.dat can be had through it."""
    outer = next((part for part in parts if part.section and _is_winmail(part)), None)
    for part in parts:
        if part.section or outer is None:
            yield part
        else:
            yield replace(part, section=packed_section(outer, part))


def _is_winmail(part: MessagePart) -> bool:
    return part.media_type in _WINMAIL_TYPES or part.name.lower() == "winmail.dat"
