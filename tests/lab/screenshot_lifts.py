"""Pictures of what the team lifts to the founder: the real app on a real mailbox."""

from email.message import EmailMessage
from pathlib import Path
from typing import Final

from tests.e2e.answering_app import answering_home
from tests.e2e.desktop_app import DesktopApp
from tests.lab.accessibility import act_on, find_control
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab
from tests.lab.looks import open_window, take_in_looks
from tests.lab.mail import DovecotLab

_ASIDE: Final = ("1900", "860")
_LOOKS: Final = (("light", 1), ("dark", 1), ("light", 2))
_LIFT: Final = (
    '[lift]\noperators = ["Anna Lind <anna@larder.app>"]\nauthserv_id = "mx.larder.app"\n'
)
_THANKS: Final = "Thank you, here is what I learned"
_QUESTION: Final = "<flour@vaffelhuset.example>"


class LiftStates:
    """Anna forwards Ingrid's mail; the founder reads it and thanks her."""

    def __init__(self, lab: DesktopLab, mail: DovecotLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._mail = mail
        self._camera = Camera(lab, folder)
        self._scratch = scratch

    def take_all(self) -> None:
        user = self._mail.new_address()
        home = answering_home(self._scratch / "lifted", self._mail, user, more=_LIFT)
        with DesktopApp(self._lab, home) as app:
            app.wait_until_listening("Support")
            open_window(app)
            self._deliver(user, "Pavel Kiss", "Saturday is missing", "It was our best day.")
            self._deliver(
                *(user, "Ingrid Solheim", "Flour order went out twice again"),
                *("Third Friday in a row. I trust the sheet, not the send button.", _QUESTION),
            )
            self._lift(user)
            find_control(self._lab, role="push button", name="Read", seconds=60)
            self._take(app, "lifted")
            act_on(self._lab, role="push button", name="Read")
            find_control(self._lab, role="push button", name=_THANKS, seconds=60)
            self._take(app, "lifted-open", _LOOKS[:2])

    def _take(
        self, app: DesktopApp, name: str, looks: tuple[tuple[str, int], ...] = _LOOKS
    ) -> None:
        # Beside the window, so that nothing is hovered.
        self._lab.exec("xdotool", "mousemove", *_ASIDE)
        self._camera.settle()
        take_in_looks(app, self._camera, name, looks)

    def _deliver(
        self, user: str, who: str, subject: str, words: str, message_id: str = "<other@x.example>"
    ) -> None:
        mail = EmailMessage()
        mail["From"] = f"{who} <{who.split()[0].lower()}@shop.example>"
        mail["To"] = user
        mail["Subject"] = subject
        mail["Message-ID"] = message_id
        mail.set_content(words)
        self._mail.deliver(mail.as_bytes(), to=user)

    def _lift(self, user: str) -> None:
        up = user.replace("@", "+up@")
        mail = EmailMessage()
        mail["Authentication-Results"] = "mx.larder.app; dmarc=pass header.from=larder.app"
        mail["From"] = "Anna Lind <anna@larder.app>"
        mail["To"] = up
        mail["Subject"] = "Fwd: Flour order went out twice again"
        mail["Message-ID"] = "<up@larder.app>"
        mail["In-Reply-To"] = _QUESTION
        mail.set_content("Wants to leave. Worth your ear.")
        self._mail.deliver(mail.as_bytes(), to=up)
