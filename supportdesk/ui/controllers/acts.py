"""What controllers ask of the rest of the app; bootstrap implements it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from PySide6.QtGui import QImage

from supportdesk.domain.answers import DraftFile
from supportdesk.domain.calls import Caller
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessagePart, MessageSummary, MessageText
from supportdesk.domain.search import OldMail, SearchAnswer
from supportdesk.domain.settings import (
    AlertSettings,
    AnsweringSettings,
    LiftSettings,
    LookSettings,
    MailSettings,
    PhoneSettings,
    ReadingSettings,
    RitualSettings,
    Settings,
)
from supportdesk.domain.side_marks import MailNote
from supportdesk.services.claims import ClaimWish
from supportdesk.services.desk_state import Turn
from supportdesk.services.forgetting import ForgottenDone
from supportdesk.services.log_union import LogDone
from supportdesk.services.saved_replies import ReplyFolder
from supportdesk.services.spelling import Speller
from supportdesk.ui.controllers.answering import Answering
from supportdesk.ui.controllers.file_acts import FileActs
from supportdesk.ui.controllers.ritual_acts import RitualActs

Source = MailSettings | PhoneSettings
Options = (
    AlertSettings
    | AnsweringSettings
    | LiftSettings
    | LookSettings
    | ReadingSettings
    | RitualSettings
)
Answer = Callable[[str, Problem | None], None]
"""Called once with words when it worked, or with the problem."""
LogThen = Callable[[LogDone], None]
"""Called once, later, with what a notice says of it, also when it did not go."""
ForgottenThen = Callable[[ForgottenDone], None]
"""Called once, later, also when it did not go."""
AttachedThen = Callable[[DraftFile | None, Problem | None], None]
"""Called with our copy of a file, or with why there is none."""
PictureDone = Callable[[str, QImage | None, str], None]
"""Called with the name in the HTML (`remote:N`, `cid:ID`), and the picture or why there is none."""


class Acts(Protocol):
    """Each returns at once; what comes of it comes as events, or through the callback."""

    def now(self) -> datetime: ...

    def perform(self, act: Callable[[datetime], Turn]) -> None:
        """Do something with the desk and tell what came of it."""
        ...

    def cached_text(self, message: MessageSummary) -> MessageText | None: ...

    def fetch_text(self, message: MessageSummary) -> None: ...

    def search(self, words: str, limit: int, done: Callable[[SearchAnswer], None]) -> None:
        """Search over everything as the founder types.

        Every search gives up the one before it, whose `done` is then not called any more; empty
        words only do that. While the index is being made, and once it is whole, `done` is called
        again for the search on show.
        """
        ...

    def list_history(self, done: Callable[[OldMail], None]) -> None:
        """All customers' mail that the inbox does not hold now, newest first."""
        ...

    def cached_messages(self, ids: Sequence[int]) -> list[MessageSummary | None]:
        """A page of `OldMail.ids`, in their order; None for what is gone."""
        ...

    def cached_message(
        self, account: SourceName, message_id: MessageId
    ) -> MessageSummary | None: ...

    def cached_conversation(
        self, account: SourceName, message_id: MessageId
    ) -> tuple[MessageSummary, ...]:
        """The messages that refer to each other around this one, oldest first; bounded."""
        ...

    def check_now(self) -> None: ...

    def open_link(self, url: str) -> bool:
        """Hand a link to the desktop; False when nothing there takes it."""
        ...

    def hand_over(self, url: str, done: Callable[[bool], None]) -> None:
        """Hand a link to the desktop once it is known that a program there takes its kind.

        `done` is called later, with False when none does and nothing was opened.
        """
        ...

    def load_remote_images(self, urls: Sequence[str], done_each: PictureDone) -> Callable[[], None]:
        """Fetch what the founder asked to see, decoded; what is returned gives up the rest.

        Args:
            urls: `MessageText.remote_images` as it is: `remote:N` is its N-th.
            done_each: Called for each that is not empty, in the order in which they come.
        """
        ...

    def fetch_part(self, message: MessageSummary, part: MessagePart) -> bool:
        """Leads to PartProgressed and one PartFetched; False when the account is not watched."""
        ...

    def give_up_part(self, message: MessageSummary, part: MessagePart) -> None: ...

    def fetched_part(self, message: MessageSummary, part: MessagePart) -> str:
        """Where a part that was fetched lies; empty when it is not here."""
        ...

    @property
    def files(self) -> FileActs:
        """What is done with parts that are here."""
        ...

    def read_picture(self, name: str, path: str, done: PictureDone) -> None:
        """Decode a fetched part (`PartFetched.path`) for the image called `name`."""
        ...

    def attach(self, paths: Sequence[str], then_each: AttachedThen) -> None:
        """Copy files for a draft: what is sent is what was there when it was attached."""
        ...

    def attach_picture(self, image: QImage, then: AttachedThen) -> None:
        """The same for a picture that was pasted."""
        ...

    def copy(self, text: str) -> None: ...

    def take(self, caller: Caller) -> bool:
        """Ring for the founder and hand the caller over; False when the phone cannot."""
        ...

    def call_back(self, phone: SourceName, number: str, name: str) -> bool:
        """Ring for the founder, then for the number; False when no phone can."""
        ...

    def show_live_board(self) -> None:
        """Open the small window that stays on top, or close it when it is open."""
        ...

    def settings(self) -> Settings: ...

    def claim(self, wish: ClaimWish) -> None:
        """Carried out on the server; what came of it comes as an event."""
        ...

    def share_tags(self) -> None:
        """Tags have changed: where they are shared, colleagues see it."""
        ...

    def share_note(self, key: str) -> None:
        """Its words are as they shall be: where notes are shared, colleagues see them."""
        ...

    def take_back_note(self, note: MailNote) -> None:
        """It was removed here; where it is shared it goes there, too."""
        ...

    @property
    def answering(self) -> Answering:
        """Drafts and messages on their way."""
        ...

    @property
    def ritual(self) -> RitualActs:
        """What the founder's ritual does outside of the window."""
        ...

    @property
    def saved_replies(self) -> ReplyFolder:
        """The founder's own texts; nothing is read before somebody asks for them."""
        ...

    def speller(self, language: str) -> Speller:
        """A spell check of this language, not begun yet."""
        ...

    def keep_source(self, source: Source, was_named: str) -> Problem | None:
        """Write a new or changed account and follow it; the problem when it cannot be written.

        Args:
            source: The table as it shall be.
            was_named: The name of the table it replaces; "" for a new one.
        """
        ...

    def keep_options(self, options: Options) -> Problem | None:
        """Write one table of options and follow it."""
        ...

    def keep_secret(self, name: str, secret: str, done: Answer) -> None: ...

    def check_mail(
        self, settings: MailSettings, secret: str, smtp_secret: str, done: Answer
    ) -> None:
        """Try to log in and look, without changing anything; also where it sends, if it does."""
        ...

    def check_phone(self, settings: PhoneSettings, secret: str, done: Answer) -> None: ...

    def export_log(self, folder: str, then: LogThen) -> None:
        """Write the whole reading log into this folder, as CSV and JSON."""
        ...

    def import_log(self, file: str, then: LogThen) -> None:
        """Join an exported log, or another desk.db, to this one."""
        ...

    def measure_log(self, then: LogThen) -> None:
        """Say how many minutes of how many weeks there are; no words when there is nothing."""
        ...

    def delete_log(self, then: LogThen) -> None:
        """Delete every row of the log for good; the window has asked before."""
        ...

    def export_calls(self, folder: str, done: Answer) -> None:
        """Write all calls that are kept into this folder, as CSV and JSON."""
        ...

    def look_for_person(self, who: str, then: ForgottenThen) -> None:
        """Say how much is kept of whoever has this address or number; no words for nothing."""
        ...

    def forget_person(self, who: str, then: ForgottenThen) -> None:
        """Delete all that is kept of them here, for good; the window has asked before."""
        ...

    def open_practice_desk(self) -> None: ...

    @property
    def is_practice(self) -> bool:
        """On the practice desk nothing is kept: connecting is for the founder's own home."""
        ...

    def leave_practice_desk(self) -> None: ...

    def play_sound(self, done: Callable[[str], None]) -> None:
        """As a caller who waits sounds; `done` is called later, with what came of it in words."""
        ...

    def list_sound_devices(self, done: Callable[[Sequence[tuple[str, str]]], None]) -> None:
        """What can play sounds, by the sound server's name and by that of people."""
        ...

    def starts_with_session(self) -> bool:
        """As the desktop has it; False too when it cannot be asked."""
        ...

    def start_with_session(self, *, wanted: bool) -> Problem | None:
        """From the next session on; what stood in the way, if anything did."""
        ...

    def quit(self) -> None: ...
