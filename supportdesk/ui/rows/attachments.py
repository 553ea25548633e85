"""What the row of attachments shows: files by name, what became of each, what can be done."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.ui.rows.common import ActionButton, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """One file that came with a message.

    Attributes:
        key: What the choices about it refer to.
        icon: By kind: a picture, a table, an archive; "warn" for what can run code.
        size_label: "2.1 MB"; empty when it is not known.
        detail: Where it is and what it is, as finished words.
        caution: What went wrong, or a plain warning that asks for one more choice; a sentence.
        share: How much of it has come, between 0 and 1; None when it is not on its way.
        path: The file once it is here: it can be dragged out.
        buttons: At most three; their targets are `key`.
    """

    key: str
    name: str
    icon: str = "file"
    size_label: str = ""
    detail: str = ""
    tone: Tone = Tone.MUTED
    caution: str = ""
    share: float | None = None
    path: str = ""
    buttons: tuple[ActionButton, ...] = ()

    @property
    def spoken(self) -> str:
        """The whole row for a screen reader."""
        words = (self.name, self.size_label, self.detail, self.caution)
        return ", ".join(part for part in words if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesView:
    """The files of one message.

    Attributes:
        summary: "3 files, 12.4 MB".
        buttons: Save all, and the files that are not listed yet.
    """

    message_key: str
    files: tuple[FileView, ...] = ()
    summary: str = ""
    buttons: tuple[ActionButton, ...] = ()
