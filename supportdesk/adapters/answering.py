"""Answering as a part of a running desk: its store, its runner, and what it needs of the others."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from supportdesk.adapters.installation import installation_of
from supportdesk.adapters.outbox_runner import OutboxRunner, Senders
from supportdesk.adapters.places import Places
from supportdesk.adapters.sources import Sources
from supportdesk.adapters.storage.answer_table import AnswerTable
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.week_locale import to_local
from supportdesk.domain.answers import Draft
from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import MessageId
from supportdesk.services.inbox import Inbox
from supportdesk.services.ports import Clock, Publisher, SecretStore
from supportdesk.services.send_steps import InboxView


def answering_on(
    kept_in: SqliteDeskStore,
    inbox: Inbox,
    *,
    places: Places,
    sources: Sources,
    secrets: SecretStore,
    publisher: Publisher,
    clock: Clock,
    say: Callable[[Problem | None], None],
    parent: QObject,
) -> OutboxRunner:
    """The runner, with nothing read and nothing begun. Its rows are in the desk's own file."""
    store = AnswerTable(kept_in.connection, kept_in.path)
    installation = installation_of(kept_in.path)

    def make_senders(publisher: Publisher) -> Senders:
        # A tray that sends nothing does without all of it.
        from supportdesk.adapters.mail.answer_senders import AnswerSenders

        return AnswerSenders(
            secrets=secrets,
            cache_path=places.mail_db,
            outgoing_dir=places.outgoing_dir,
            installation=installation,
            keeps_sent=store.keeps_sent,
            publisher=publisher,
            clock=clock,
        )

    return OutboxRunner(
        store=store,
        inbox=InboxView(conversation=inbox.conversation, message=inbox.message),
        clock=clock,
        publisher=publisher,
        make_senders=make_senders,
        fetcher=sources.thread_fetcher,
        say=say,
        new_message_id=_another_message_id,
        installation=installation,
        outgoing_dir=places.outgoing_dir,
        to_local=to_local,
        parent=parent,
    )


def _another_message_id(draft: Draft) -> MessageId:
    from uuid import uuid4  # as in domain/reading

    from supportdesk.domain.reply_rules import message_id_of

    return message_id_of(uuid4().hex, draft.sender)
