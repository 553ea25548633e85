"""What is not sent yet, as other programs learn of it: while nothing runs, and from a run."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from supportdesk.adapters.installation import installation_of
from supportdesk.adapters.storage.answer_table import AnswerTable
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.answers import Recipients
from supportdesk.domain.mail import Mailer
from supportdesk.domain.sending import Outgoing, SendState
from tests.e2e.answering_app import answering_home
from tests.e2e.running import Watch, command
from tests.fakes.answers import a_draft, an_outgoing
from tests.lab.mail import SUPPORT, DovecotLab

CUSTOMER = Mailer(name="Jana Nováková", email="jana@customer.example")


def _keep(home: Path, state: SendState, installation: str = "") -> Outgoing:
    """As a run left it that was killed."""
    desk_db = home / "desk.db"
    draft = replace(
        a_draft(body="It leaves today."),
        sender=Mailer(name="Support", email=SUPPORT),
        recipients=Recipients(to=(CUSTOMER,)),
        answers="",
        references=(),
        base=frozenset(),
    )
    row = replace(
        an_outgoing(state=state),
        installation=installation or installation_of(desk_db),
        answers="",
        question=None,
    )
    with closing(SqliteDeskStore(desk_db)) as store:
        table = AnswerTable(store.connection, store.path)
        table.save_draft(draft, draft.changed_at)
        table.save_outgoing(row)
    return row


def _outbox(home: Path) -> dict[str, Any]:
    answer = command(home, "outbox", "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


def test_what_a_killed_run_left_is_told_and_then_goes_out(tmp_path: Path) -> None:
    with DovecotLab() as mail:
        home = answering_home(tmp_path, mail, SUPPORT)
        empty = command(home, "outbox")
        assert (empty.returncode, empty.stdout) == (0, "Nothing waits to be sent.\n")
        row = _keep(home, SendState.FREEZING)
        (message,) = _outbox(home)["messages"]
        assert message["state"] == "freezing"
        assert (message["to"], message["message_id"]) == (CUSTOMER.name, row.message_id)
        answer = command(home, "outbox")
        assert "being prepared  to Jana Nováková: Re: Where is my order?" in answer.stdout
        assert "nothing of this goes out until it does" in answer.stderr
        with Watch(home) as watch:
            sent = watch.wait_for(
                lambda line: line["what"] == "happened" and line["kind"] == "sent",
                seconds=60,
                what="the message to be sent",
            )
            assert (sent["message_id"], sent["title"]) == (
                row.message_id,
                "Sent to Jana Nováková",
            )
            watch.wait_for(
                lambda line: line["what"] == "state" and line["unsent"] == 0,
                seconds=30,
                what="nothing to be unsent",
            )
            states = [line for line in watch.lines if line["what"] == "state"]
            assert 1 in [line["unsent"] for line in states]
            assert {line["oldest_unsent_at"] for line in states} == {
                None,
                "2026-11-21T10:00:00.000+00:00",
            }
            assert _outbox(home) == {"is_running": True, "messages": []}
            assert watch.stop() == 0
        (arrived,) = mail.sink.messages()
        assert row.message_id.encode() in arrived.content


def test_of_another_computer_nothing_goes_out_and_it_is_said(tmp_path: Path) -> None:
    with DovecotLab() as mail:
        home = answering_home(tmp_path, mail, SUPPORT)
        _keep(home, SendState.WAITING, installation="elsewhere")
        with Watch(home) as watch:
            line = watch.wait_for(
                lambda line: line["what"] == "happened" and line["kind"] == "unsent",
                seconds=60,
                what="the message to be told of",
            )
            assert line["title"] == "Not sent to Jana Nováková: not sent"
            assert "comes from another computer" in line["body"]
            status = command(home, "status")
            assert "not sent yet: 1, the oldest since " in status.stdout
            told = _outbox(home)
            assert told["is_running"] is True
            assert [one["state"] for one in told["messages"]] == ["writing"]
            assert told["messages"][0]["needs_founder"] is True
            watch.wait_for(
                lambda line: any(one["health"] == "listening" for one in line.get("sources", [])),
                seconds=30,
                what="the inbox",
            )
            assert watch.stop() == 0
        assert mail.sink.messages() == []
