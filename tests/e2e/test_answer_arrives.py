"""An answer written in the real app: at the customer, in Sent once, and under its question.

The server is a real Dovecot, with a sink behind its submission that keeps what it got; that the
answer belongs to the question is said by mutt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from tests.e2e.answered_mail import TeamMailbox, question, read, text_of
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.lab.mail import DovecotLab
from tests.lab.mutt import list_in_mutt
from tests.lab.smtp_sink import SentMail
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

NAME = SourceName("Support")
ANSWER = "Dobrý den Žofie,\n\nvaše medovníky odešly. Grüße, 谢谢, شكرا 🍯"
ASKED = "Kde jsou moje medovníky? 🐻"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The app on a mailbox of its own, and what can be seen of it from outside."""

    app: AnsweringApp
    lab: DovecotLab
    user: str

    @property
    def mailbox(self) -> TeamMailbox:
        return TeamMailbox(self.lab, self.user)

    def sent_with(self, subject: str) -> list[SentMail]:
        """What the customers got under a subject, which each test has to itself."""
        kept = self.lab.sink.messages()
        return [mail for mail in kept if read(mail.content)["Subject"] == subject]

    def asked(self, message_id: str, mail: bytes) -> str:
        """A mail comes in; its key."""
        self.lab.deliver(mail, to=self.user)
        self.app.wait_for_people(1)
        return mail_key(NAME, MessageId(message_id))

    def wait_until_done(self) -> EmailMessage:
        """The answer is at the customer and its copy in Sent; return that copy."""
        self.app.wait_for_unsent(0)
        self.app.wait_for_people(0)
        (copy,) = self.mailbox.wait_for_sent(1)
        return copy


@pytest.fixture
def office(dovecot_lab: DovecotLab, tmp_path: Path) -> Iterator[Office]:
    user = dovecot_lab.new_address()
    home = answering_home(
        tmp_path,
        dovecot_lab,
        user,
        also={"aliases": ["medovniky@müller.example", f"help+{user}"]},
        smtp={"port": dovecot_lab.submissions_port, "security": "tls"},
    )
    with AnsweringApp(home) as app:
        app.wait_until_listening("Support")
        yield Office(app=app, lab=dovecot_lab, user=user)
    dovecot_lab.sink.refuse_nobody()


def test_a_reply_arrives_once_and_stands_under_its_question(office: Office) -> None:
    app, mailbox = office.app, office.mailbox
    message_id = "<objednavka-1@xn--mnchen-3ya.example>"
    key = office.asked(
        message_id,
        question(
            message_id,
            sender="Žofie Černá 北京 <zofie@xn--mnchen-3ya.example>",
            to=f"Podpora <help+{office.user}>",
            subject=ASKED,
            text="Dobrý den,\npořád nic nepřišlo. 🐻",
        ),
    )
    app.begin_answer(key)
    app.type(ANSWER)
    app.send()
    copy = office.wait_until_done()

    (mail,) = office.sent_with(f"Re: {ASKED}")
    arrived = read(mail.content)
    assert mail.sender == f"help+{office.user}"
    assert mail.recipients == ("zofie@xn--mnchen-3ya.example",)
    assert arrived["From"].addresses[0].addr_spec == f"help+{office.user}"
    assert arrived["To"].addresses[0].display_name == "Žofie Černá 北京"
    assert arrived["In-Reply-To"] == message_id
    assert arrived["References"] == message_id
    assert text_of(arrived).startswith(ANSWER)
    assert "\n> pořád nic nepřišlo. 🐻" in text_of(arrived)
    assert copy["Message-ID"] == arrived["Message-ID"]
    assert text_of(copy) == text_of(arrived)

    mailbox.wait_for_flag("\\Answered", message_id)
    assert "\\Seen" not in mailbox.flags("INBOX", message_id)
    assert "$SD" not in mailbox.flags("INBOX", message_id), "the sending mark is taken back"
    mailbox.put_together("Both")
    rows = list_in_mutt(office.lab, office.user, "Both")
    assert [(row.message_id, row.tree) for row in rows] == [
        (message_id, ""),
        (str(copy["Message-ID"]), "└─>"),
    ]
    assert len(office.sent_with(f"Re: {ASKED}")) == 1
    assert len(mailbox.messages("Sent")) == 1


def test_a_reply_to_all_goes_to_all_but_ourselves(office: Office) -> None:
    app = office.app
    message_id = f"<{'x' * 180}@outlook.example>"
    key = office.asked(
        message_id,
        question(
            message_id,
            sender="Müller, Jörg <joerg@example.org>",
            to=f'Podpora <{office.user}>, "Quoted, name" <two@example.org>',
            cc=f"Boss <boss@example.org>, Us <help+{office.user}>",
            subject="Äpfel & Birnen",
            text="Wer antwortet?",
        ),
    )
    app.open(key)
    app.type("R")
    app.wait_for_composer()
    app.type("Wir alle.")
    app.send()
    copy = office.wait_until_done()

    (mail,) = office.sent_with("Re: Äpfel & Birnen")
    arrived = read(mail.content)
    assert mail.recipients == ("joerg@example.org", "two@example.org", "boss@example.org")
    assert arrived["To"].addresses[0].addr_spec == "joerg@example.org"
    assert arrived["In-Reply-To"] == message_id
    assert copy["Message-ID"] == arrived["Message-ID"]
    office.mailbox.wait_for_flag("\\Answered", message_id)
    office.mailbox.put_together("Both")
    assert [row.tree for row in list_in_mutt(office.lab, office.user, "Both")] == ["", "└─>"]


def test_one_of_three_refused_and_the_others_get_it_by_a_click(office: Office) -> None:
    app, sink = office.app, office.lab.sink
    message_id = "<three@example.org>"
    key = office.asked(
        message_id,
        question(
            message_id,
            sender="One <one@three.example>",
            to=f"{office.user}, two@three.example, three@three.example",
            subject="Three of us",
            text="Hello",
        ),
    )
    sink.refuse("two@three.example", "550 5.1.1 No such user here")
    app.open(key)
    app.type("R")
    app.wait_for_composer()
    app.type("To all of you.")
    app.send()
    app.wait_for_state("REFUSED")
    app.wait_for_unsent(1)
    assert not office.sent_with("Re: Three of us")
    app.click(app.wait_to_read("Remove them and send"))
    office.wait_until_done()
    (mail,) = office.sent_with("Re: Three of us")
    assert mail.recipients == ("one@three.example", "three@three.example")
    assert text_of(read(mail.content)).startswith("To all of you.")


def test_greylisting_only_delays_it(office: Office) -> None:
    app, sink = office.app, office.lab.sink
    message_id = "<grey@example.org>"
    key = office.asked(
        message_id,
        question(
            message_id,
            sender="Grey <grey@grey.example>",
            to=office.user,
            subject="Later",
            text="Hello",
        ),
    )
    sink.refuse("grey@grey.example", "451 4.7.1 Greylisted, come back later", times=1)
    app.begin_answer(key)
    app.type("Here I am.")
    app.send()
    wait_until(lambda: sink.asked_for("grey@grey.example") == 1, seconds=30, what="the first try")
    app.wait_for_unsent(1)
    app.wait_for_state("WAITING")
    app.wait_to_read("come back later")
    app.click(app.wait_to_read("Try now"))
    office.wait_until_done()
    (mail,) = office.sent_with("Re: Later")
    assert mail.recipients == ("grey@grey.example",)
