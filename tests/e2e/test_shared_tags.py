"""Two whole apps that share tags: what one gives or takes off the other sees, sooner or later."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.answering_app import AnsweringApp
from tests.e2e.two_founders import founders_at, key_of, mailbox_with
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot


@pytest.fixture
def lab() -> Iterator[DovecotLab]:
    """One of its own: its server is stopped."""
    lab = DovecotLab()
    lab.start()
    yield lab
    lab.stop()


def seen(name: str) -> str:
    return f"Tag {name}: take it off"


def give(app: AnsweringApp, name: str) -> None:
    app.press("#")
    app.type(name)
    app.press("Return")
    app.wait_to_read(seen(name))


def wait_until_gone(app: AnsweringApp, name: str) -> None:
    wait_until(lambda: seen(name) not in app.names(), seconds=60, what=f"{name} taken off")


def test_what_one_tags_the_other_sees_and_takes_off(lab: DovecotLab, tmp_path: Path) -> None:
    user = mailbox_with(lab, 1)
    with founders_at(lab, user, tmp_path, waiting=1, more="share_tags = true") as founders:
        anna, ben = founders["anna"], founders["ben"]
        for app in (anna, ben):
            app.open(key_of(0))
        give(anna, "účet")
        give(anna, "vip")
        ben.wait_to_read(seen("účet"))
        ben.wait_to_read(seen("vip"))

        # Who was not running meanwhile finds what was taken off, and what was given.
        anna.stop()
        ben.click(seen("účet"))
        wait_until_gone(ben, "účet")
        give(ben, "late")
        wait_until(
            lambda: any("$SD-tag-late" in one for one in lab.imap_commands()),
            seconds=30,
            what="the tag on the server",
        )
        anna.start()
        anna.wait_until_listening("Support")
        anna.open(key_of(0))
        anna.wait_to_read(seen("late"))
        wait_until_gone(anna, "účet")
        assert seen("vip") in anna.names()

        # Without the server it is kept here and said, and shared once it is back.
        lab.stop_server()
        give(anna, "offline")
        anna.wait_to_read("Not shared")
        anna.stop()
        anna.start()
        anna.open(key_of(0))
        anna.wait_to_read(seen("offline"))
        lab.start_server()
        ben.wait_to_read(seen("offline"))
