"""What the attachments of a message ask of the rest of the app."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import MessagePart
from supportdesk.services.file_danger import Judgement

Judged = Callable[[Judgement], None]
Saved = Callable[[Sequence[str], Problem | None], None]
"""Called once with the paths of the copies that were made, and the problem that ended it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToSave:
    """A fetched file and the name that its sender gave it."""

    path: str
    name: str


class FileActs(Protocol):
    """Each returns at once; what may take time is done elsewhere and told by the callback."""

    def judge(self, path: str, part: MessagePart, done: Judged) -> None:
        """Look into a file that is here, without running or unpacking anything."""
        ...

    def open(self, path: str) -> bool:
        """Show a file with what the desktop has for it; False when there is nothing."""
        ...

    def save_as(self, path: str, target: str, sender: str, done: Saved) -> None:
        """Copy to exactly this place; what lies there is replaced."""
        ...

    def save_into(self, files: Sequence[FileToSave], folder: str, sender: str, done: Saved) -> None:
        """Copy into a folder, overwriting nothing."""
        ...

    def show_in_folder(self, path: str) -> None: ...

    def last_folder(self) -> str:
        """Where files were saved last; the downloads before that."""
        ...
