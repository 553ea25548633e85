"""Pictures of the inbox as it may be: the real app on a real mail server, at two sizes and shades.

Mail is that of the practice desk, laid into a Dovecot, with a newsletter of our own that has what
newsletters have: tables in tables, pictures of its own and of the network, a pixel that tracks.
"""

import contextlib
import imaplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from supportdesk.adapters.clock import SystemClock
from supportdesk.practice.company import load_company
from supportdesk.practice.letters import load_letters
from supportdesk.practice.post_office import PostOffice
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab
from tests.lab.looks import open_window, take_in_looks
from tests.lab.mail import PASSWORD, DovecotLab

_NEWS = "Larder News, November: what bakeries taught us"


class States:
    """One desktop, one mail server, and the app on them with a home of its own."""

    def __init__(self, lab: DesktopLab, mail: DovecotLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._mail = mail
        self._camera = Camera(lab, folder)
        self._scratch = scratch
        self._homes = 0

    def take_all(self) -> None:
        """The full inbox in its states, then one that is empty and one that is not heard."""
        address = self._mail.new_address()
        fill(self._mail, address, self._masthead())
        with self._app(address) as app:
            self._camera.starting_with("list item", "Ingrid Solheim, ")
            self._open_row("Ingrid Solheim, ", "Flour order went out twice again")
            take_in_looks(app, self._camera, "inbox")
            self._search("bakeries taught")
            self._open_row("Larder News, ", _NEWS)
            self._leave_search()
            take_in_looks(app, self._camera, "newsletter")
            self._search("flour")
            take_in_looks(app, self._camera, "search")
        with self._app(self._mail.new_address()) as app:
            app.wait_until_listening("Support")
            take_in_looks(app, self._camera, "empty")
        with self._app(address) as app:
            self._camera.starting_with("list item", "Ingrid Solheim, ")
            self._mail.stop_server()
            self._camera.starting_with("panel", "Live strip: Not listening")
            take_in_looks(app, self._camera, "not-listening")
            self._mail.start_server()

    def _masthead(self) -> bytes:
        """The picture on top of the newsletter, made here so that no file has to be kept."""
        target = self._scratch / "masthead.png"
        made = self._lab.exec(
            *("convert", "-size", "1040x240", "gradient:#F3E3C3-#C9A66B"),
            *("-font", "DejaVu-Sans-Bold", "-pointsize", "64", "-fill", "#3A2C17"),
            *("-gravity", "West", "-annotate", "+48+0", "Larder News", str(target)),
        )
        if made.returncode != 0:
            raise RuntimeError(made.stderr)
        return target.read_bytes()

    # --- the app ---------------------------------------------------------------------------

    @contextlib.contextmanager
    def _app(self, address: str) -> Iterator[DesktopApp]:
        self._homes += 1
        scratch = self._scratch / f"home-{self._homes}"
        company = load_company()
        ours = [company.address, *(one.address for one in company.team.values())]
        settings = (
            f'[[mail]]\nname = "Support"\naddress = "{address}"\nhost = "localhost"\n'
            f"aliases = {ours}\n"
            f'port = {self._mail.imaps_port}\nca_file = "{self._mail.ca_file}"\n'
        )
        home = make_home(scratch, settings, {"mail/Support": PASSWORD})
        with DesktopApp(self._lab, home) as app:
            open_window(app)
            yield app

    def _open_row(self, words: str, subject: str) -> None:
        self._lab.click(*self._camera.starting_with("list item", words).centre)
        self._camera.starting_with("label", subject)
        self._camera.settle()

    def _search(self, words: str) -> None:
        act_on(self._lab, role="push button", name="Search (/)")
        self._camera.settle()
        self._lab.type(words)
        self._camera.settle()

    def _leave_search(self) -> None:
        self._lab.press("slash", "Escape")
        self._camera.settle()


# --- the mail --------------------------------------------------------------------------------


def fill(mail: DovecotLab, address: str, masthead: bytes) -> None:
    """The letters that lie there before the practice day begins, and the newsletter."""
    now = SystemClock().now()
    office = PostOffice(load_company(), token="picture")
    context = ssl.create_default_context(cafile=str(mail.ca_file))
    with imaplib.IMAP4_SSL("localhost", mail.imaps_port, ssl_context=context, timeout=30) as link:
        link.login(address, PASSWORD)
        link.create("Sent")
        for letter in load_letters().before:
            at = now - timedelta(minutes=letter.minutes_ago)
            posted = office.post(letter, at=at)
            mailbox = "INBOX" if posted.mailbox.upper() == "INBOX" else "Sent"
            flags = r"(\Seen \Answered)" if letter.answered else r"(\Seen)"
            link.append(mailbox, flags, imaplib.Time2Internaldate(at), posted.raw)
        news = newsletter(address, now - timedelta(minutes=48), masthead)
        link.append("INBOX", "", imaplib.Time2Internaldate(now - timedelta(minutes=48)), news)


def newsletter(address: str, at: datetime, masthead: bytes) -> bytes:
    """Long, of tables in tables, with pictures inside and outside, and a tracking pixel."""
    message = EmailMessage()
    message["From"] = "Larder News <news@larder.example>"
    message["To"] = address
    message["Subject"] = _NEWS
    message["Date"] = at.astimezone(UTC)
    message["Message-ID"] = f"<news-{at:%Y%m%d%H%M}@larder.example>"
    message["List-Id"] = "Larder News <news.larder.example>"
    message.set_content("What bakeries taught us this month. It is better with its pictures.")
    message.add_alternative(_news_html(), subtype="html")
    html_part = message.get_payload()[1]  # type: ignore[index]  # the alternative just added
    html_part.add_related(  # type: ignore[union-attr]  # an EmailMessage
        masthead, maintype="image", subtype="png", cid="<masthead@larder.example>"
    )
    return message.as_bytes()


def _news_html() -> str:
    stories = "".join(_story(number) for number in range(1, 9))
    head = '<img src="cid:masthead@larder.example" width="520" height="120" alt="Larder News">'
    return (
        '<html><body bgcolor="#f4f4f4"><table width="100%"><tr><td align="center">'
        f'<table width="600"><tr><td>{head}</td></tr>'
        "<tr><td><h1>What bakeries taught us</h1><p>Eight things we heard on the phone this "
        "month, and what we changed because of them. No surveys, only what you said.</p>"
        f"</td></tr>{stories}</table></td></tr></table>"
        '<img src="https://t.larder.example/open.gif?u=48151623" width="1" height="1">'
        "</body></html>"
    )


def _story(number: int) -> str:
    title, words = _STORIES[(number - 1) % len(_STORIES)]
    return (
        "<tr><td><table><tr>"
        f'<td><img src="https://larder.example/news/{number}.jpg" width="160" height="110" '
        f'alt="{title}"></td>'
        f"<td><h2>{title}</h2><p>{words}</p>"
        f'<p><a href="https://larder.example/news/{number}">Read how it works</a></p></td>'
        "</tr></table></td></tr>"
    )


_STORIES = (
    (
        "The send button says that it has sent",
        "Ingrid pressed it twice because the page stayed grey. Now it turns green, says when, and "
        "a second press within a minute asks first. Nobody should own 800 kg of spelt by mistake.",
    ),
    (
        "Saturday ends when your shop does",
        "Pavel sells until two and his day ended at midnight. Closing times are now by weekday, "
        "and the till count follows them.",
    ),
    (
        "Sesame is back on the label",
        "An update lost a line for eleven days. We found every label that was printed without it "
        "and wrote to each of you by hand.",
    ),
    (
        "Import stops at no row",
        "Row 212 had a fraction as a date. The import now tells which rows it did not understand "
        "and takes all the others.",
    ),
)
