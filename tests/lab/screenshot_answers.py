"""Pictures of answering: the real app on a real mail server, in its states, light and dark.

What is in doubt on them is real, too: the server refuses, delays or is answered from beside. Only
the age of what waits is made up, because nobody can wait three hours for a picture.
"""

import contextlib
import imaplib
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from supportdesk.adapters.clock import SystemClock
from supportdesk.practice.company import load_company
from tests.e2e.answering_app import answering_home
from tests.e2e.desktop_app import DesktopApp
from tests.lab.accessibility import act_on, controls
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab
from tests.lab.looks import open_window, take_in_looks
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.screenshot_states import fill
from tests.lab.waiting import wait_until

_SHADES = (("light", 1), ("dark", 1))
_ANSWER = (
    "Dear Ingrid,\n\nyou are right, and I am sorry: the button says nothing while it waits for the "
    "mill. I have seen it happen here now.\n\n- the second order of today is cancelled\n"
    "- from *Thursday* on the button stays pressed"
)
_OF_ANNA = (
    "Hello Ingrid,\n\nthe second order is taken back, the mill has just told me. Please throw "
    "nothing away, they fetch the pallet tomorrow.\n\nAnna\n"
)
_REPLIES = {
    "Double order, cancelled": "Dear {name},\n\nthe second order is cancelled.\n",
    "How to reset the tablet": "Dear {name},\n\nplease hold both keys for five seconds.\n",
    "Opening hours over Christmas": "Dear {name},\n\nwe are here until the 23rd.\n",
    "We are on it": "Dear {name},\n\nthank you. We look into it now and write today.\n",
}
_WAITED = timedelta(hours=3, minutes=12)


class AnswerStates:
    """One desktop, one mail server, and the app on them with a home of its own."""

    def __init__(self, lab: DesktopLab, mail: DovecotLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._mail = mail
        self._camera = Camera(lab, folder)
        self._scratch = scratch
        self._homes = 0

    def take_all(self) -> None:
        self._take_composer()
        self._take_outbox()

    def _take_composer(self) -> None:
        """Written, a saved reply offered, sent and still undone, held by a colleague's answer."""
        address = self._mail.new_address()
        with self._app(address) as app:
            self._begin("Ingrid Solheim, ")
            self._write(_ANSWER)
            take_in_looks(app, self._camera, "answer")
            self._lab.press("ctrl+shift+s")
            self._camera.starting_with("text", "Find a saved reply")
            take_in_looks(app, self._camera, "saved-replies", _SHADES)
            self._lab.press("Escape")
            self._camera.settle()
            self._lab.press("ctrl+Return")
            self._camera.starting_with("push button", "Go on writing")
            take_in_looks(app, self._camera, "answer-undo", _SHADES)
            self._lab.press("u")
            self._camera.starting_with("text", "Text")
            self._answer_beside(address)
            self._camera.starting_with("push button", "Show it")
            take_in_looks(app, self._camera, "answer-news", _SHADES)
            self._lab.press("ctrl+Return")
            act_on(self._lab, role="push button", name="Send without waiting")
            self._camera.starting_with("push button", "Send your text as it is")
            take_in_looks(app, self._camera, "answer-held")

    def _take_outbox(self) -> None:
        """One is refused, one has waited for three hours."""
        sink, people = self._mail.sink, load_company().correspondents
        sink.refuse(people["pavel"].address, "451 4.7.1 come back later")
        sink.refuse(people["deirdre"].address, "550 5.1.1 no such mailbox here")
        with self._app(self._mail.new_address()) as app:
            self._send("Pavel Kiss, ", "Dear Pavel,\n\nyour day ends at two now.")
            self._wait_for_problems(app, 1)
            self._send("Deirdre Walsh, ", "Dear Deirdre,\n\nthe totals are on the sheet now.")
            self._wait_for_problems(app, 2)
            app.stop()
            _make_old(app.home)
            app.start()
            open_window(app)
            act_on(self._lab, role="push button", name="Show what has not been sent yet")
            self._camera.starting_with("push button", "Edit: to Pavel Kiss")
            take_in_looks(app, self._camera, "outbox", _SHADES)
        sink.refuse_nobody()

    # --- what the founder does ---------------------------------------------------------------

    def _begin(self, row: str) -> None:
        self._lab.click(*self._camera.starting_with("list item", row).centre)
        self._camera.settle()
        self._lab.press("r")
        self._camera.starting_with("text", "Text")
        # Until the server has said whom it goes to.
        wait_until(lambda: not self._named("asking the server"), seconds=60, what="the head")

    def _write(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self._lab.press("Return")
            if line:
                # A line of a list begins as an option of xdotool does.
                self._lab.exec("xdotool", "type", "--delay", "20", "--", line)
        self._camera.settle()

    def _send(self, row: str, text: str) -> None:
        self._begin(row)
        self._write(text)
        self._lab.press("ctrl+Return")
        act_on(self._lab, role="push button", name="Send without waiting")

    def _named(self, words: str) -> bool:
        return any(words in node.name for node in controls(self._lab) if node.is_showing)

    # --- what happens beside -----------------------------------------------------------------

    def _answer_beside(self, address: str) -> None:
        """Anna has answered from a mail program of her own."""
        now, company = SystemClock().now().astimezone(), load_company()
        with self._link(address) as link:
            link.select("INBOX", readonly=True)
            _, found = link.uid("SEARCH", "SUBJECT", '"went out twice again"')
            newest = found[0].split()[-1].decode()
            _, head = link.uid("FETCH", newest, "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
            question = head[0][1].decode().partition(":")[2].strip()
            message = EmailMessage()
            message["From"] = f"Anna (Larder) <{company.address}>"
            message["To"] = company.correspondents["ingrid"].address
            message["Subject"] = "Re: Flour order went out twice again"
            message["Date"] = now
            message["Message-ID"] = f"<anna-{now:%Y%m%d%H%M%S}@larder.example>"
            message["In-Reply-To"] = message["References"] = question
            message.set_content(_OF_ANNA)
            link.append("Sent", r"(\Seen)", imaplib.Time2Internaldate(now), message.as_bytes())

    def _wait_for_problems(self, app: DesktopApp, count: int) -> None:
        def are_there() -> bool:
            with closing(sqlite3.connect(app.home / "desk.db")) as desk:
                rows = desk.execute("SELECT count(*) FROM outgoing WHERE problem IS NOT NULL")
                return bool(rows.fetchone()[0] == count)

        wait_until(are_there, seconds=120, what=f"{count} messages that are not sent")

    # --- the app -----------------------------------------------------------------------------

    @contextlib.contextmanager
    def _app(self, address: str) -> Iterator[DesktopApp]:
        self._homes += 1
        scratch = self._scratch / f"answers-{self._homes}"
        scratch.mkdir()
        company = load_company()
        ours = [company.address, *(one.address for one in company.team.values())]
        fill(self._mail, address, b"")
        home = answering_home(
            scratch,
            self._mail,
            address,
            undo_seconds=99,
            also={"aliases": ours, "name_in_from": "Tom\u00e1\u0161 (Larder)"},
        )
        _save_replies(home)
        with DesktopApp(self._lab, home) as app:
            app.wait_until_listening("Support")
            open_window(app)
            yield app

    @contextlib.contextmanager
    def _link(self, address: str) -> Iterator[imaplib.IMAP4_SSL]:
        context = ssl.create_default_context(cafile=str(self._mail.ca_file))
        port = self._mail.imaps_port
        with imaplib.IMAP4_SSL("localhost", port, ssl_context=context, timeout=30) as link:
            link.login(address, PASSWORD)
            yield link


def _save_replies(home: Path) -> None:
    folder = home / "saved-replies"
    folder.mkdir()
    for number, (name, words) in enumerate(_REPLIES.items()):
        (folder / f"{number}.txt").write_text(f"{name}\n{words}", encoding="utf-8")


def _make_old(home: Path) -> None:
    """The one that only waits was sent three hours ago."""
    since = SystemClock().now() - _WAITED
    with closing(sqlite3.connect(home / "desk.db")) as desk, desk:
        desk.execute(
            "UPDATE outgoing SET since = ? WHERE upper(state) = 'WAITING'", (since.isoformat(),)
        )
