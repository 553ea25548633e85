"""What may go wrong with an answer: it is said what did, the text stays, and none goes twice."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.answered_mail import read, text_of
from tests.e2e.answering_office import Office, open_office
from tests.e2e.running import command
from tests.lab.faulty_smtp import FaultySmtp, SmtpFault, SmtpMoment
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot


@pytest.fixture(scope="module")
def office(dovecot_lab: DovecotLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(dovecot_lab, tmp_path_factory.mktemp("office")) as office:
        yield office


def test_one_of_three_refused_and_the_others_get_it_by_a_click(office: Office) -> None:
    app, sink = office.app, office.lab.sink
    message_id = "<three@example.org>"
    key = office.asked(
        message_id,
        sender="One <one@three.example>",
        to=f"{office.user}, two@three.example, three@three.example",
        subject="Three of us",
        text="Hello",
    )
    sink.refuse("two@three.example", "550 5.1.1 No such user here")
    app.open(key)
    app.type("R")
    app.wait_for_composer()
    app.type("To all of you.")
    app.send()
    app.wait_to_read("two@three.example (1 of 3): there is no such address")
    app.wait_for_unsent(1)
    assert not office.sent_with("Re: Three of us")
    app.click(app.wait_to_read("Remove them and send"))
    office.wait_until_done("Re: Three of us")
    (mail,) = office.sent_with("Re: Three of us")
    assert mail.recipients == ("one@three.example", "three@three.example")
    assert text_of(read(mail.content)).startswith("To all of you.")


def test_greylisting_only_delays_it(office: Office) -> None:
    app, sink = office.app, office.lab.sink
    message_id = "<grey@example.org>"
    key = office.asked(
        message_id,
        sender="Grey <grey@grey.example>",
        to=office.user,
        subject="Later",
        text="Hello",
    )
    sink.refuse("grey@grey.example", "451 4.7.1 Greylisted, come back later", times=1)
    app.begin_answer(key)
    app.type("Here I am.")
    app.send()
    wait_until(lambda: sink.asked_for("grey@grey.example") == 1, seconds=30, what="the first try")
    app.wait_for_unsent(1)
    app.wait_to_read("come back later")
    app.click(app.wait_to_read("Try now"))
    office.wait_until_done("Re: Later")
    (mail,) = office.sent_with("Re: Later")
    assert mail.recipients == ("grey@grey.example",)


def test_thirty_megabytes_are_too_much_for_a_server_that_says_so(tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(30_000_000))
    with (
        DovecotLab(most_mail_bytes=20_000_000) as lab,
        open_office(lab, tmp_path) as office,
    ):
        app = office.app
        key = office.asked("<size@example.org>", sender="Ann <ann@size.example>", subject="Size")
        app.begin_answer(key)
        app.type("All of it.")
        office.attach(large)
        app.send()
        app.wait_to_read("MB, and localhost takes 20.0 MB at most")
        assert not lab.sink.messages()
        app.click(app.wait_to_read("Edit: to Ann"))
        app.wait_for_composer()
        assert app.composed()["text"] == "All of it."
        app.click("Do not send large.bin")
        app.send()
        office.wait_until_done("Re: Size")
        (mail,) = office.sent_with("Re: Size")
        assert len(mail.content) < 5_000


def test_a_full_mailbox_is_told_and_the_copy_filed_when_there_is_room(tmp_path: Path) -> None:
    with (
        DovecotLab(most_mailbox_bytes=9_000) as lab,
        open_office(lab, tmp_path) as office,
    ):
        app = office.app
        key = office.asked(
            "<full@example.org>",
            sender="Ann <ann@full.example>",
            subject="Full",
            text="\n".join(["A long line of a long mail that fills the mailbox"] * 120),
        )
        app.begin_answer(key)
        app.type("There you are.")
        app.send()
        app.wait_for_people(0)
        assert len(office.sent_with("Re: Full")) == 1
        app.wait_for_unsent(0)
        wait_until(
            lambda: "is full" in json.dumps(app.status()["problems"]),
            seconds=30,
            what="the full mailbox to be told",
        )
        app.stop()
        office.mailbox.make_room()
        app.start()
        (copy,) = office.mailbox.wait_for_copies("Re: Full")
        assert text_of(copy).startswith("There you are.")
        wait_until(lambda: not app.status()["problems"], seconds=30, what="all to be well again")
        assert len(office.sent_with("Re: Full")) == 1


def test_what_may_have_gone_out_is_never_sent_by_itself(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    lost = SmtpFault(moment=SmtpMoment.ANSWER)
    with (
        FaultySmtp(dovecot_lab.submission_port, dovecot_lab.certificate, [lost]) as wire,
        open_office(dovecot_lab, tmp_path, smtp_port=wire.port) as office,
    ):
        app = office.app
        key = office.asked(
            "<doubt@example.org>", sender="Ann <ann@doubt.example>", subject="Perhaps"
        )
        app.begin_answer(key)
        app.type("It may be there.")
        assert wire.connections == 0, "who only writes is known to no server for sending"
        app.send()
        app.wait_for_state("DOUBTFUL")
        app.wait_for_unsent(1)
        app.wait_to_read("It may have gone out")
        assert len(office.sent_with("Re: Perhaps")) == 1
        app.click(app.wait_to_read("It has gone"))
        copy = office.wait_until_done("Re: Perhaps")
        assert text_of(copy).startswith("It may be there.")
        assert len(office.sent_with("Re: Perhaps")) == 1
        assert wire.connections == 1, "nothing was tried again"


def test_a_wrong_password_for_sending_keeps_the_text_and_says_so(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    with open_office(dovecot_lab, tmp_path, user="nobody@lab.test") as office:
        app = office.app
        key = office.asked(
            "<wrong@example.org>", sender="Ann <ann@wrong.example>", subject="Password"
        )
        app.begin_answer(key)
        app.type("Not lost.")
        app.send()
        app.wait_to_read("refused user or password of nobody@lab.test for sending")
        app.wait_for_unsent(1)
        assert list(app.drafts().values()) == ["Not lost."]
        told = command(app.home, "doctor", "--json")
        assert told.returncode == 1
        parts = {part["name"]: part for part in json.loads(told.stdout)["parts"]}
        assert parts["Support"]["ok"]
        assert not parts["Support, sending"]["ok"]
        assert "nobody@lab.test for sending" in json.dumps(parts["Support, sending"])
        assert not office.sent_with("Re: Password")
