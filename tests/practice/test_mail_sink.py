import smtplib
from collections.abc import Iterator

import pytest

from supportdesk.practice.mail_sink import PracticeMailSink, SentMail
from tests.practice.on_loop import LoopThread, loop_thread

USER, PASSWORD = "support@larder.app", "pa$$ word"
MAIL = b"From: support@larder.app\r\nTo: ingrid@solheimbakeri.example\r\n\r\nHei\r\n"


class Sink:
    def __init__(self, loop: LoopThread, server: PracticeMailSink) -> None:
        self.loop = loop
        self.server = server
        self.told: list[SentMail] = []
        server.sent = self.told.append


@pytest.fixture
def sink() -> Iterator[Sink]:
    with loop_thread() as loop:
        server = PracticeMailSink(user=USER, password=PASSWORD)
        loop.run(server.start())
        yield Sink(loop, server)
        loop.run(server.stop())


def test_keeps_what_is_sent_and_tells_it(sink: Sink) -> None:
    with smtplib.SMTP(sink.server.host, sink.server.port, timeout=10) as smtp:
        smtp.login(USER, PASSWORD)
        refused = smtp.sendmail(USER, ["ingrid@solheimbakeri.example"], MAIL)
    assert refused == {}
    assert sink.told == sink.server.kept
    (mail,) = sink.told
    assert mail.sender == USER
    assert mail.recipients == ("ingrid@solheimbakeri.example",)
    assert mail.message == MAIL


def test_wrong_password_is_refused(sink: Sink) -> None:
    with smtplib.SMTP(sink.server.host, sink.server.port, timeout=10) as smtp:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login(USER, "wrong")
        smtp.rset()


def test_utf8_addresses_are_taken(sink: Sink) -> None:
    with smtplib.SMTP(sink.server.host, sink.server.port, timeout=10) as smtp:
        smtp.login(USER, PASSWORD)
        smtp.sendmail(USER, ["jürgen@backhauslinde.example"], MAIL, mail_options=["SMTPUTF8"])
    assert sink.told[0].recipients == ("jürgen@backhauslinde.example",)


def test_stopping_closes_clients(sink: Sink) -> None:
    smtp = smtplib.SMTP(sink.server.host, sink.server.port, timeout=10)
    sink.loop.run(sink.server.stop())
    with pytest.raises(smtplib.SMTPServerDisconnected):
        smtp.noop()
    smtp.close()
    sink.loop.run(sink.server.stop())
