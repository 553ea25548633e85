"""What is on its way out, as files: the bytes that are sent, and to whom.

The message names no hidden recipients, so its envelope lies beside it. It is written first: where
there are bytes to be sent it is known for whom they are.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from supportdesk.adapters.atomic_file import write_atomically
from supportdesk.domain.answers import DraftId
from supportdesk.domain.errors import StoreError

_ATTACHED = "files"
_WIRE, _ENVELOPE, _COPY = ".eml", ".json", ".draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Whom the server is told that it is from and for."""

    sender: str
    recipients: tuple[str, ...]


class OutgoingFiles:
    """The folder of what is on its way out. Raises StoreError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def attached(self) -> Path:
        """What was attached to drafts, by the sha256 of its bytes."""
        return self._folder / _ATTACHED

    def wire(self, draft_id: DraftId) -> Path:
        """The bytes that are sent, at each try the same."""
        return self._folder / f"{draft_id}{_WIRE}"

    def draft_copy(self, draft_id: DraftId) -> Path:
        """Where what is put into Drafts is made."""
        return self._folder / f"{draft_id}{_COPY}"

    def save_envelope(self, draft_id: DraftId, envelope: Envelope) -> None:
        content = {"sender": envelope.sender, "recipients": envelope.recipients}
        self.make_folder()
        try:
            write_atomically(self._path(draft_id), json.dumps(content).encode())
        except OSError as error:
            raise _not_kept(error) from error

    def make_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _not_kept(error) from error

    def envelope(self, draft_id: DraftId) -> Envelope:
        """Whom it is for. Raises StoreError where its files are not there or not readable."""
        try:
            if not self.wire(draft_id).exists():
                raise FileNotFoundError(2, "its file is gone")
            content = json.loads(self._path(draft_id).read_bytes())
            return Envelope(
                sender=str(content["sender"]), recipients=tuple(map(str, content["recipients"]))
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                "What was to be sent cannot be read any more",
                "Its text is kept as a draft: open it and send it again.",
            ) from error

    def remove(self, draft_id: DraftId) -> None:
        """It has gone out and is filed; a file that cannot be removed is none of anybody's way."""
        for path in (self.wire(draft_id), self._path(draft_id)):
            _unlink(path)

    def keep_only(self, drafts: Collection[DraftId], attached: Collection[str]) -> None:
        """Remove what belongs to no draft any more."""
        for path in self._folder.glob(f"*{_WIRE}"):
            if path.stem not in drafts:
                self.remove(DraftId(path.stem))
        for path in self.attached.glob("*"):
            if path.name not in attached:
                _unlink(path)

    def _path(self, draft_id: DraftId) -> Path:
        return self._folder / f"{draft_id}{_ENVELOPE}"


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # Windows does not remove what somebody reads; the next start does


def _not_kept(error: OSError) -> StoreError:
    return StoreError(
        f"What is to be sent cannot be written to the disk ({error.strerror or error})",
        "Nothing was sent. Make room on the disk; supportdesk tries again by itself.",
    )
