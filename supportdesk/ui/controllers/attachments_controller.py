"""The attachments of the messages that were shown: fetched when asked, judged, opened, saved.

Nothing opens by itself: a file opens when the founder asked for it and it comes while they still
wait, with its message on show. What could run is saved only after one more question.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject

from supportdesk.domain.errors import Problem
from supportdesk.domain.events import (
    Event,
    HealthChanged,
    MessageTextFetched,
    PartFetched,
    PartProgressed,
)
from supportdesk.domain.health import Hearing
from supportdesk.services.desk import Desk
from supportdesk.services.file_danger import Judgement, Risk
from supportdesk.services.file_names import clean_file_name
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.file_acts import FileToSave
from supportdesk.ui.controllers.known_files import KnownFile, KnownFiles, Wish
from supportdesk.ui.file_dialog import ask_for_folder, ask_where_to_save
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.attachments import (
    SHOWN_AT_FIRST,
    SHOWN_MORE,
    files_view,
    judged,
)
from supportdesk.ui.rows import Action

_PATIENCE = timedelta(seconds=10)
"""So long after the click a file still opens by it; later it waits to be opened."""
_UNWATCHED = "Its mail account is not watched any more."
_NO_PROGRAM = "Nothing on this computer opens this kind of file. It can be saved."


class AttachmentsController(QObject):
    """Answers the row of attachments; the window shows what it says."""

    def __init__(self, window: MainWindow, desk: Desk, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._acts = acts
        self._shown = ""
        self._shown_most: dict[str, int] = {}
        self._known = KnownFiles(desk, acts)

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        """What each choice of the row leads to; targets are keys of files or of the message."""
        by_file = {
            Action.FETCH_FILE: self._fetch,
            Action.STOP_FILE: self._stop,
            Action.OPEN_FILE: self._open,
            Action.SAVE_FILE: self._save,
            Action.SAVE_FILE_ANYWAY: self._save_anyway,
            Action.LEAVE_FILE: self._leave,
            Action.SHOW_FILE: self._show_in_folder,
        }
        return {
            **{action: partial(self._with_file, act) for action, act in by_file.items()},
            Action.LIST_FILES: self.list_files,
            Action.LIST_MORE_FILES: self._list_more,
            Action.SAVE_ALL_FILES: lambda key: self._save_several(key, are_inline=False),
            # Asked by a menu of the message, which names its conversation.
            Action.SAVE_IMAGES: lambda _: self._save_several(self._on_show(), are_inline=True),
        }

    # --- events ------------------------------------------------------------------------

    def event_seen(self, event: Event) -> None:
        """Take note of texts and of files on their way."""
        match event:
            case MessageTextFetched():
                self._known.remember_text(event)
            case PartProgressed():
                self._part_progressed(event)
            case PartFetched():
                self._part_fetched(event)
            case HealthChanged():
                self._health_changed(event)
            case _:
                pass

    def _part_progressed(self, event: PartProgressed) -> None:
        for file in self._known.of_event(event):
            if file.state.is_coming:
                file.state = replace(
                    file.state,
                    done_bytes=event.done_bytes,
                    total_bytes=event.total_bytes,
                    is_held_up=False,
                )
                self._show_if_listed(file)

    def _part_fetched(self, event: PartFetched) -> None:
        for file in self._known.of_event(event):
            file.state = replace(
                file.state, is_coming=False, path=event.path, problem=event.problem
            )
            if not event.path:
                file.wish = None
            elif file.wish is not None or not file.part.is_inline:
                self._judge(file)
            self._show_if_listed(file)

    def _health_changed(self, event: HealthChanged) -> None:
        """What is on its way stands still while its account is not heard."""
        is_held_up = event.health.hearing is not Hearing.LISTENING
        for file in self._known.of_account(event.health.source):
            if file.state.is_coming and file.state.is_held_up != is_held_up:
                file.state = replace(file.state, is_held_up=is_held_up)
                self._show_if_listed(file)

    # --- showing -----------------------------------------------------------------------

    def list_files(self, message_key: str) -> None:
        """The row is on show: say how each file of its message is."""
        self._shown = message_key
        files = self._known.load(message_key)
        for file in files:
            path = self._acts.fetched_part(file.message, file.part)
            if path != file.state.path and not file.state.is_coming:
                file.state = replace(file.state, path=path, judgement=None)
                if path and not file.part.is_inline:
                    self._judge(file)
        self._show()

    def _list_more(self, message_key: str) -> None:
        self._shown_most[message_key] = self._most_of(message_key) + SHOWN_MORE
        self._show()

    def _most_of(self, message_key: str) -> int:
        return self._shown_most.get(message_key, SHOWN_AT_FIRST)

    def _show_if_listed(self, file: KnownFile) -> None:
        if file.message.key == self._shown:
            self._show()

    def _show(self) -> None:
        files = self._known.of_message(self._shown)
        if not files:
            return  # nothing is known of them: their names stay as they are
        self._window.show_files(
            files_view(
                self._shown,
                [(file.key, file.part, file.state) for file in files],
                shown_most=self._most_of(self._shown),
            )
        )

    # --- choices -----------------------------------------------------------------------

    def _fetch(self, file: KnownFile) -> None:
        if file.state.is_coming or file.state.path:
            return
        file.state = replace(
            file.state,
            is_coming=True,
            is_held_up=False,
            done_bytes=0,
            total_bytes=0,
            problem="",
            judgement=None,
        )
        if not self._acts.fetch_part(file.message, file.part):
            file.state = replace(file.state, is_coming=False, problem=_UNWATCHED)
            file.wish = None
        self._show_if_listed(file)

    def _stop(self, file: KnownFile) -> None:
        file.wish = None
        file.state = replace(file.state, is_coming=False)
        self._acts.give_up_part(file.message, file.part)
        self._show_if_listed(file)

    def _open(self, file: KnownFile) -> None:
        file.wish = Wish(opens_until=self._acts.now() + _PATIENCE)
        file.state = replace(file.state, problem="")
        self._go_on(file)

    def _save(self, file: KnownFile) -> None:
        if self._is_doubtful(file):
            self._question(file)
        else:
            self._choose_place(file)

    def _save_anyway(self, file: KnownFile) -> None:
        file.is_agreed = True
        file.state = replace(file.state, is_questioned=False)
        if file.wish is None:
            self._choose_place(file)
        else:
            self._go_on(file)
        self._show_if_listed(file)

    def _leave(self, file: KnownFile) -> None:
        file.wish = None
        file.state = replace(file.state, is_questioned=False)
        self._show_if_listed(file)

    def _show_in_folder(self, file: KnownFile) -> None:
        if file.state.saved_to:
            self._acts.files.show_in_folder(file.state.saved_to)

    def _choose_place(self, file: KnownFile) -> None:
        ask_where_to_save(
            self._window,
            f"Save {file.part.name}",
            self._acts.files.last_folder(),
            clean_file_name(file.part.name),
            lambda path: self._place_chosen(file, path),
        )

    def _place_chosen(self, file: KnownFile, path: str) -> None:
        file.wish = Wish(target=path)
        self._go_on(file)

    def _save_several(self, message_key: str, *, are_inline: bool) -> None:
        files = [
            file
            for file in self._known.of_message(message_key)
            if file.part.is_inline == are_inline and (file.part.section or file.state.path)
        ]
        ask_for_folder(
            self._window,
            "Save into this folder",
            self._acts.files.last_folder(),
            lambda folder: self._folder_chosen(files, folder),
        )

    def _on_show(self) -> str:
        key = self._window.reader_state().message_key or ""
        self._known.load(key)
        return key

    def _folder_chosen(self, files: Sequence[KnownFile], folder: str) -> None:
        for file in files:
            file.wish = Wish(folder=folder)
            if self._is_doubtful(file):
                self._question(file)
            else:
                self._go_on(file)

    # --- inside ------------------------------------------------------------------------

    def _is_doubtful(self, file: KnownFile) -> bool:
        return judged(file.part, file.state).risk is Risk.DANGEROUS and not file.is_agreed

    def _question(self, file: KnownFile) -> None:
        file.state = replace(file.state, is_questioned=True)
        self._show_if_listed(file)

    def _go_on(self, file: KnownFile) -> None:
        """Do what the founder wants as far as it can be done now."""
        if file.state.path and not self._acts.fetched_part(file.message, file.part):
            # Room was made meanwhile: it comes once more.
            file.state = replace(file.state, path="", judgement=None)
        if not file.state.path:
            self._fetch(file)
        elif file.state.judgement is None:
            self._judge(file)
        else:
            self._fulfil(file)

    def _judge(self, file: KnownFile) -> None:
        path = file.state.path
        self._acts.files.judge(path, file.part, lambda found: self._was_judged(file, path, found))

    def _was_judged(self, file: KnownFile, path: str, found: Judgement) -> None:
        if file.state.path != path:
            return
        file.state = replace(file.state, judgement=found)
        if file.wish is not None:
            self._fulfil(file)
        self._show_if_listed(file)

    def _fulfil(self, file: KnownFile) -> None:
        wish, path = file.wish, file.state.path
        if wish is None:
            return
        if wish.opens_until is not None:
            file.wish = None
            self._open_now(file, wish.opens_until)
        elif self._is_doubtful(file):
            # Its bytes are worse than its name: ask before anything is copied.
            self._question(file)
        else:
            file.wish = None
            sender, done = file.message.sender.email, partial(self._was_saved, file)
            if wish.target:
                self._acts.files.save_as(path, wish.target, sender, done)
            else:
                wanted = [FileToSave(path=path, name=file.part.name)]
                self._acts.files.save_into(wanted, wish.folder, sender, done)

    def _open_now(self, file: KnownFile, until: datetime) -> None:
        is_safe = judged(file.part, file.state).risk is Risk.NONE
        is_waited_for = self._acts.now() <= until and file.message.key == self._shown
        if is_safe and is_waited_for and not self._acts.files.open(file.state.path):
            file.state = replace(file.state, problem=_NO_PROGRAM)
            self._show_if_listed(file)

    def _was_saved(self, file: KnownFile, paths: Sequence[str], problem: Problem | None) -> None:
        words = f"{problem.title}. {problem.advice}" if problem is not None else ""
        saved_to = paths[0] if paths else file.state.saved_to
        file.state = replace(file.state, saved_to=saved_to, problem=words)
        file.is_agreed = False
        self._show_if_listed(file)

    # --- which files -------------------------------------------------------------------

    def _with_file(self, act: Callable[[KnownFile], None], key: str) -> None:
        file = self._known.file(key)
        if file is not None:
            act(file)
