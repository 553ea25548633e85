"""Rows of drafts and outgoing messages in desk.db, and the values that they stand for."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from supportdesk.adapters.storage.desk_rows import Row, Value, instant, stored_instant
from supportdesk.domain.answers import (
    AnswerKind,
    Draft,
    DraftFile,
    DraftId,
    DraftVersion,
    Recipients,
)
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId
from supportdesk.domain.sending import Outgoing, SendState

# The order of each list is the order of the values in its row.
DRAFT_COLUMNS = "id, account, kind, answers, message_id, fields, body, quote, cursor, changed_at"
FILE_COLUMNS = "draft, place, sha256, name, media_type, size_bytes"
VERSION_COLUMNS = "draft, number, body, at"
OUTGOING_COLUMNS = (
    "id, account, message_id, answers, question, state, since, tries, next_at, problem,"
    " refused, place, mark, poised_at, sent_at, is_sent_anyway, installation"
)


def draft_row(draft: Draft, at: datetime) -> Row:
    return (
        draft.draft_id,
        draft.account,
        draft.kind.name,
        draft.answers,
        draft.message_id,
        json.dumps(_fields(draft)),
        stored_text(draft.body),
        stored_text(draft.quote),
        draft.cursor,
        stored_instant(at),
    )


def draft_of(row: Row, files: Iterable[Row]) -> Draft:
    draft_id, account, kind, answers, message_id, fields, body, quote, cursor, at = row
    more = json.loads(str(fields))
    return Draft(
        draft_id=DraftId(str(draft_id)),
        kind=AnswerKind[str(kind)],
        account=SourceName(str(account)),
        message_id=MessageId(str(message_id)),
        sender=_mailer(more["sender"]),
        changed_at=instant(at),
        answers=str(answers),
        references=tuple(MessageId(one) for one in more["references"]),
        recipients=Recipients(
            to=_mailers(more["to"]), cc=_mailers(more["cc"]), bcc=_mailers(more["bcc"])
        ),
        subject=str(more["subject"]),
        body=str(body),
        cursor=int(cursor or 0),
        quote=str(quote),
        is_formatted=bool(more["is_formatted"]),
        files=tuple(file_of(one) for one in files),
        base=frozenset(more["base"]),
        copied_to=_address(more["copied_to"]),
    )


def file_row(draft_id: DraftId, place: int, file: DraftFile) -> Row:
    return (draft_id, place, file.sha256, stored_text(file.name), file.media_type, file.size_bytes)


def file_of(row: Row) -> DraftFile:
    _draft, _place, sha256, name, media_type, size_bytes = row
    return DraftFile(
        name=str(name),
        media_type=str(media_type),
        size_bytes=int(size_bytes or 0),
        sha256=str(sha256),
    )


def version_of(row: Row) -> DraftVersion:
    _draft, number, body, at = row
    return DraftVersion(number=int(number or 0), body=str(body), at=instant(at))


def outgoing_row(outgoing: Outgoing) -> Row:
    return (
        outgoing.draft_id,
        outgoing.account,
        outgoing.message_id,
        outgoing.answers,
        _stored_address(outgoing.question),
        outgoing.state.name,
        stored_instant(outgoing.since),
        outgoing.tries,
        _stored_moment(outgoing.next_at),
        _stored_problem(outgoing.problem),
        json.dumps(outgoing.refused),
        _stored_address(outgoing.place),
        outgoing.mark,
        _stored_moment(outgoing.poised_at),
        _stored_moment(outgoing.sent_at),
        int(outgoing.is_sent_anyway),
        outgoing.installation,
    )


def outgoing_of(row: Row) -> Outgoing:
    draft_id, account, message_id, answers, question, state, since, tries, *more = row
    next_at, problem, refused, place, mark, poised_at, sent_at, is_anyway, installation = more
    return Outgoing(
        draft_id=DraftId(str(draft_id)),
        account=SourceName(str(account)),
        message_id=MessageId(str(message_id)),
        answers=str(answers),
        question=_stored_place(question),
        state=SendState[str(state)],
        since=instant(since),
        tries=int(tries or 0),
        next_at=_moment(next_at),
        problem=_problem(problem),
        refused=tuple((str(who), str(why)) for who, why in json.loads(str(refused))),
        place=_stored_place(place),
        mark=str(mark),
        poised_at=_moment(poised_at),
        sent_at=_moment(sent_at),
        is_sent_anyway=bool(is_anyway),
        installation=str(installation),
    )


def stored_text(text: str) -> str:
    """Half of a surrogate pair, which an input method can leave, is no text to SQLite."""
    return text.encode("utf-8", errors="replace").decode()


def _fields(draft: Draft) -> dict[str, object]:
    to = draft.recipients
    return {
        "sender": _pair(draft.sender),
        "to": [_pair(one) for one in to.to],
        "cc": [_pair(one) for one in to.cc],
        "bcc": [_pair(one) for one in to.bcc],
        "subject": draft.subject,
        "references": draft.references,
        "is_formatted": draft.is_formatted,
        "base": sorted(draft.base),
        "copied_to": draft.copied_to and _triple(draft.copied_to),
    }


def _pair(mailer: Mailer) -> list[str]:
    return [mailer.name, mailer.email]


def _mailer(pair: Any) -> Mailer:
    name, email = pair
    return Mailer(name=str(name), email=str(email))


def _mailers(pairs: Iterable[Any]) -> tuple[Mailer, ...]:
    return tuple(_mailer(pair) for pair in pairs)


def _triple(address: MessageAddress) -> list[str | int]:
    return [address.mailbox, address.uidvalidity, address.uid]


def _address(triple: Any) -> MessageAddress | None:
    if not triple:
        return None
    mailbox, uidvalidity, uid = triple
    return MessageAddress(mailbox=str(mailbox), uidvalidity=int(uidvalidity), uid=int(uid))


def _stored_address(address: MessageAddress | None) -> str | None:
    return None if address is None else json.dumps(_triple(address))


def _stored_place(stored: Value) -> MessageAddress | None:
    return None if stored is None else _address(json.loads(str(stored)))


def _stored_moment(at: datetime | None) -> str | None:
    return None if at is None else stored_instant(at)


def _moment(stored: Value) -> datetime | None:
    return None if stored is None else instant(stored)


def _stored_problem(problem: Problem | None) -> str | None:
    if problem is None:
        return None
    return json.dumps([problem.title, problem.advice, problem.is_for_founder, problem.sort])


def _problem(stored: Value) -> Problem | None:
    if stored is None:
        return None
    title, advice, is_for_founder, sort = json.loads(str(stored))
    return Problem(
        title=str(title), advice=str(advice), is_for_founder=bool(is_for_founder), sort=str(sort)
    )
