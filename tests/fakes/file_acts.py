"""What is done with attachments on the desktop, recorded."""

from collections.abc import Sequence

from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import MessagePart
from supportdesk.services.file_danger import Judgement, Risk
from supportdesk.ui.controllers.file_acts import FileToSave, Judged, Saved


class FakeFileActs:
    """Implements FileActs; answers at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.judgement = Judgement(risk=Risk.NONE)
        self.problem: Problem | None = None
        self.takes_files = True

    def judge(self, path: str, part: MessagePart, done: Judged) -> None:
        self.asked.append(f"judge {path}")
        done(self.judgement)

    def open(self, path: str) -> bool:
        self.asked.append(f"open {path}")
        return self.takes_files

    def save_as(self, path: str, target: str, sender: str, done: Saved) -> None:
        self.asked.append(f"save {path} as {target} from {sender}")
        done([] if self.problem else [target], self.problem)

    def save_into(self, files: Sequence[FileToSave], folder: str, sender: str, done: Saved) -> None:
        names = ", ".join(one.name for one in files)
        self.asked.append(f"save {names} into {folder} from {sender}")
        done([] if self.problem else [f"{folder}/{one.name}" for one in files], self.problem)

    def show_in_folder(self, path: str) -> None:
        self.asked.append(f"show {path}")

    def last_folder(self) -> str:
        return "/home/founder/Downloads"
