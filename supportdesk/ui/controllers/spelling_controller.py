"""The spell check of composers: there while one is on show, in the language of the settings."""

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.services.spelling import Speller
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Notice, Tone
from supportdesk.ui.theme.theme import Theme

_MARKS = "spelling"


class SpellingController(QObject):
    """Owns who is asked. Without a language in the settings nothing is imported or started.

    Signals:
        said: A `Notice` for beside the message.
        heard: Some words are known to be wrong.
    """

    said = Signal(object)
    heard = Signal()

    def __init__(self, window: MainWindow, acts: Acts, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._acts = acts
        self._theme = theme
        self._speller: Speller | None = None
        self._language = ""
        self._composers = window.composers
        self._composers.docked.connect(self._docked)
        window.choices.draft_put_away.connect(lambda _draft_id: self._rest_soon())

    def stop(self) -> None:
        if self._speller is not None:
            self._speller.stop()

    def _docked(self, composer: object) -> None:
        language = self._acts.settings().answering.spelling
        if composer is None or not language:
            self._rest_soon()
            return
        # Only who asks for it pays for it.
        from supportdesk.ui.compose.composer import Composer
        from supportdesk.ui.compose.spelling_marks import SpellingMarks

        if not isinstance(composer, Composer):
            return
        speller = self._speller_of(language)
        speller.begin()
        document = composer.editor.document()
        if document.property(_MARKS) != language:
            for old in document.findChildren(SpellingMarks):
                old.setDocument(None)
            document.setProperty(_MARKS, language)
            marks = SpellingMarks(self._theme, composer.editor, speller)
            self.heard.connect(marks.rehighlight)

    def _rest_soon(self) -> None:
        """One that moves into a window of its own is there in a moment."""
        QTimer.singleShot(0, self, self._rest)

    def _rest(self) -> None:
        if self._speller is not None and not self._composers.is_any_on_show:
            self._speller.end()

    def _speller_of(self, language: str) -> Speller:
        if self._speller is None or language != self._language:
            if self._speller is not None:
                self._speller.stop()
            self._speller = self._acts.speller(language)
            self._language = language
            self._speller.listen(self.heard.emit, self._failed)
        return self._speller

    def _failed(self, title: str, advice: str) -> None:
        self.said.emit(Notice(title=title, text=advice, tone=Tone.AMBER))
