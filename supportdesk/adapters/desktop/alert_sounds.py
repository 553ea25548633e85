"""Lets alerts be heard where the notifications of the desktop make no sound of their own.

A daemon that sounds may hang, and its alert goes to somebody who does not: it is heard then.
"""

from PySide6.QtCore import QObject, Slot

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.sounds import SoundPlayer
from supportdesk.domain.alerts import AlertRaised, AlertUpdated, AlertWithdrawn, Notice, Sound
from supportdesk.services.ports import PresenterSkill

_KEPT_AT_MOST = 50


class AlertSounds(QObject):
    """Told of each notice after the presenters were, plays what is to be heard."""

    def __init__(
        self, presenters: AlertChain, player: SoundPlayer, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._presenters = presenters
        self._player = player
        # Left to a desktop that sounds, and perhaps handed on by it to one that does not.
        self._left_to_desktop: dict[str, Sound] = {}
        presenters.shown.connect(self._is_shown)

    @Slot(object)
    def noticed(self, notice: Notice) -> None:
        match notice:
            case AlertRaised() | AlertUpdated() if notice.is_news:
                self._left_to_desktop.pop(notice.alert.key, None)
                if notice.alert.sound is not Sound.NONE:
                    self._sound(notice.alert.key, notice.alert.sound)
            case AlertWithdrawn():
                self._left_to_desktop.pop(notice.alert.key, None)
            case _:
                pass

    @Slot(str)
    def _is_shown(self, key: str) -> None:
        sound = self._left_to_desktop.pop(key, None)
        if sound is not None and not self._desktop_sounds(key):
            self._player.play(sound)

    def _sound(self, key: str, sound: Sound) -> None:
        if not self._desktop_sounds(key):
            self._player.play(sound)
            return
        self._left_to_desktop[key] = sound
        while len(self._left_to_desktop) > _KEPT_AT_MOST:
            del self._left_to_desktop[next(iter(self._left_to_desktop))]

    def _desktop_sounds(self, key: str) -> bool:
        state = self._presenters.shown_by(key)
        return state is not None and PresenterSkill.SOUND in state.can
