"""The weekly nudge of the real program on a real mailbox: once, over restarts and kills (F68)."""

from pathlib import Path

import pytest

from tests.e2e.mail_account import letter
from tests.e2e.running import Watch, make_home
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

_SETTINGS = """
[[mail]]
name = "Support"
address = "{user}"
host = "localhost"
port = {port}
user = "{user}"
ca_file = "{ca_file}"

[reading]
period = "last_7_days"
nudge_at = "00:00"
"""


def deliver(lab: DovecotLab, watch: Watch, address: str, *numbers: int) -> None:
    for number in numbers:
        sender = f"Customer {number} <c{number}@example.org>"
        lab.deliver(letter(number, sender=sender, body="word " * 300), to=address)
    wanted = {f"<{number}@example.org>" for number in numbers}
    wait_until(
        lambda: {line["message_id"] for line in watch.told("happened", "mail")} >= wanted,
        seconds=30,
        what="all of them to be told",
    )


def test_it_comes_once_however_often_the_program_starts(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    address = dovecot_lab.new_address()
    settings = _SETTINGS.format(
        user=address, port=dovecot_lab.imaps_port, ca_file=dovecot_lab.ca_file
    )
    home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
    with Watch(home) as first:
        first.wait_until_listening("Support")
        deliver(dovecot_lab, first, address, 1, 2)
        first.wait_until_noted()
        assert first.told("alert", "weekly") == [], "there was nothing to read at its hour"
    with Watch(home) as second:
        nudge = second.wait_for(
            lambda line: line["what"] == "alert" and line["kind"] == "weekly",
            seconds=40,
            what="the nudge",
        )
        second.wait_until_noted()
        second.kill()
    assert nudge["title"].startswith("2 people wrote ")
    assert nudge["body"] == "About 3 minutes of reading. 0 of 30 min in 7 days."
    assert nudge["actions"] == ["read_them", "not_today"]
    assert nudge["covers"] == [f"mail/Support/<{number}@example.org>" for number in (1, 2)]
    with Watch(home) as third:
        third.wait_until_listening("Support")
        deliver(dovecot_lab, third, address, 3)
        third.wait_until_noted()
        assert third.told("alert", "weekly") == []
