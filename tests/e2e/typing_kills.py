"""A typist at the composer of the real app on a lab desktop, and kills at random moments.

Each key goes through the X server, as one from a keyboard does, and is noted with the text that it
leads to. After a kill desk.db says which of these texts was kept; how old the oldest key is that it
lacks is what was lost.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from supportdesk.domain.app_links import link_to
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from tests.e2e.answering_app import answering_home
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.draft_row import DraftRow, draft_in
from tests.lab.accessibility import TextControl, text_control
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

MAY_BE_LOST_SECONDS = 2.0
QUESTION = MessageId("<order-17@customer.example>")
_MAIL = f"""From: Jana Novotna <jana@customer.example>
To: {{user}}
Subject: Where is my order?
Message-ID: {QUESTION}
Date: Sat, 21 Nov 2026 10:00:00 +0000

It has been three weeks.
"""
_LETTERS = "etaoin shrdlu cmfwyp vbgk "
_LONGEST_SECONDS = 4.0
_BETWEEN_KEYS = (0.02, 0.18)
_WHILE_THINKING = (0.5, 3.0)
_THINK = "think"
_KEYSYMS = {" ": "space", "\n": "Return"}
_EDITOR = "Text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the composer after a key, and when that key was pressed."""

    at: float
    text: str
    cursor: int

    @property
    def row(self) -> DraftRow:
        return DraftRow(body=self.text, cursor=self.cursor)

    def after(self, key: str, at: float) -> "Typed":
        """As a plain text editor does it."""
        text, cursor = self.text, self.cursor
        match key:
            case "BackSpace":
                shorter = text[: max(0, cursor - 1)] + text[cursor:]
                return replace(self, at=at, text=shorter, cursor=max(0, cursor - 1))
            case "Left":
                return replace(self, at=at, cursor=max(0, cursor - 1))
            case "ctrl+End":
                return replace(self, at=at, cursor=len(text))
            case letter:
                longer = text[:cursor] + letter + text[cursor:]
                return replace(self, at=at, text=longer, cursor=cursor + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What one kill cost.

    Attributes:
        lost_seconds: Age of the oldest key that is not on disk; 0 when all are.
        lost_keys: How many they are.
        is_found: What was kept is one of the texts that stood there.
        is_back: The next run shows that very text, with the cursor there.
    """

    typed_keys: int
    lost_seconds: float
    lost_keys: int
    is_found: bool
    is_back: bool


class TypistAtTheApp:
    """The app on a desktop, with one mail to answer; begun answers go on after each kill."""

    def __init__(self, app: DesktopApp, seed: int) -> None:
        self._app = app
        self._lab = app.lab
        self._chance = random.Random(seed)

    def begin(self) -> None:
        """Start the app and open the answer, with the keyboard in it."""
        self._app.start()
        self._app.wait_until_listening("Support")
        link = link_to(mail_key(SourceName("Support"), QUESTION)) + "?action=reply"

        def is_open() -> bool:
            # The mail may not have been fetched yet at the first start.
            self._app.run("open", link)
            return self._editor() is not None

        wait_until(is_open, seconds=60, what="the composer")
        self._lab.activate("^supportdesk$")
        wait_until(self._has_keyboard, seconds=30, what="the keyboard in the composer")

    def type_and_be_killed(self) -> Killed:
        """Some seconds of typing, a kill in the midst of it, and what the next run shows."""
        kept_before = self._kept()
        states = [Typed(at=time.monotonic(), text=kept_before.body, cursor=kept_before.cursor)]
        kill_at = time.monotonic() + self._chance.uniform(0.05, _LONGEST_SECONDS)
        for key in self._keys():
            if time.monotonic() >= kill_at:
                break
            pause = self._chance.uniform(*(_WHILE_THINKING if key == _THINK else _BETWEEN_KEYS))
            if key != _THINK:
                states.append(states[-1].after(key, time.monotonic()))
                self._lab.press(_KEYSYMS.get(key, key))
            self._pause(max(0.0, min(pause, kill_at - time.monotonic())))
        killed_at = time.monotonic()
        self._app.kill()
        kept = self._kept()
        found = [place for place, one in enumerate(states) if one.row == kept]
        self.begin()
        return _cost(states, found, killed_at, is_back=self._shown() == kept)

    def _keys(self) -> Iterator[str]:
        while True:
            kind = self._chance.random()
            if kind < 0.80:
                yield self._chance.choice(_LETTERS)
            elif kind < 0.88:
                yield "BackSpace"
            elif kind < 0.93:
                yield "Left"
            elif kind < 0.95:
                yield "ctrl+End"
            elif kind < 0.98:
                yield _THINK
            else:
                yield "\n"

    def _pause(self, seconds: float) -> None:
        """A typist's fingers: it is the time between the keys that is random here."""
        self._lab.exec("sleep", f"{seconds:.3f}")

    def _kept(self) -> DraftRow:
        return draft_in(self._app.home)

    def _editor(self) -> TextControl | None:
        return text_control(self._lab, name=_EDITOR)

    def _has_keyboard(self) -> bool:
        editor = self._editor()
        return editor is not None and editor.is_focused

    def _shown(self) -> DraftRow | None:
        editor = self._editor()
        return None if editor is None else DraftRow(body=editor.text, cursor=editor.caret)


def _cost(states: list[Typed], found: list[int], killed_at: float, *, is_back: bool) -> Killed:
    """The newest of the states that look like what was kept counts against nobody."""
    last = found[-1] if found else 0
    missing = states[last + 1 :]
    return Killed(
        typed_keys=len(states) - 1,
        lost_seconds=killed_at - missing[0].at if missing else 0.0,
        lost_keys=len(missing),
        is_found=bool(found),
        is_back=is_back,
    )


@contextmanager
def typist(folder: Path, seed: int) -> Iterator[TypistAtTheApp]:
    """On a desktop and a mail server of its own; the composer is open."""
    settings = DesktopSettings(keyring=Keyring.NONE, notifier=Notifier.NONE)
    with DovecotLab() as mail, DesktopLab(settings) as lab:
        user = mail.new_address()
        mail.deliver(_MAIL.format(user=user).encode(), to=user)
        app = DesktopApp(lab, answering_home(folder, mail, user))
        made = TypistAtTheApp(app, seed)
        try:
            made.begin()
            yield made
        finally:
            if app.is_running:
                app.stop()
