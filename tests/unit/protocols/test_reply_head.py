"""The head of a message, as an answer to it needs it."""

from datetime import UTC, datetime

from supportdesk.domain.mail import Mailer, MessageId
from supportdesk.protocols.reply_head import read_head

HEAD = b"""Delivered-To: sales@lab.test
X-Original-To: <alias@lab.test>
Delivered-To: sales@lab.test
Delivered-To: nobody
From: =?utf-8?q?J=C3=B6rg?= <joerg@example.org>
Reply-To: Office <office@example.org>, second@example.org
To: "Support, all" <support@lab.test>
Cc: a@example.org,
 b@example.org
Subject: Where is
 my order?
Date: Sat, 21 Nov 2026 10:00:00 +0100
Message-ID: <q@example.org>
References: <first@example.org> <q@example.org>
In-Reply-To: <second@example.org>

""".replace(b"\n", b"\r\n")


def test_all_that_an_answer_needs_is_read() -> None:
    head = read_head(HEAD)
    assert head.message_id == MessageId("<q@example.org>")
    assert head.sender == Mailer(name="Jörg", email="joerg@example.org")
    assert [one.email for one in head.reply_to] == ["office@example.org", "second@example.org"]
    assert head.to == (Mailer(name="Support, all", email="support@lab.test"),)
    assert [one.email for one in head.cc] == ["a@example.org", "b@example.org"]
    assert head.delivered_to == ("sales@lab.test", "alias@lab.test")
    assert head.subject == "Where is my order?"
    assert head.references == ("<first@example.org>", "<second@example.org>")
    assert head.date == datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_what_is_missing_stays_empty() -> None:
    head = read_head(b"Subject: x\r\n\r\n")
    assert head.message_id is None
    assert head.sender == Mailer(name="", email="")
    assert (head.reply_to, head.to, head.cc, head.delivered_to) == ((), (), (), ())
    assert head.references == ()
    assert head.date is None
