"""The tables of mail.db. It is a cache: another version is set aside and filled again."""

VERSION = 2

# Times are microseconds since 1970 UTC. Each place where a message lies is a row of its own;
# `is_main` marks the one that speaks for the message when its Message-ID lies in several places.
SCHEMA = """
CREATE TABLE mailboxes (
    account TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uidnext INTEGER NOT NULL,
    highestmodseq INTEGER NOT NULL,
    PRIMARY KEY (account, mailbox)
) WITHOUT ROWID;

CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    is_main INTEGER NOT NULL,
    sender_name TEXT NOT NULL,
    sender_email TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    preview TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    ancestors TEXT NOT NULL,
    flags INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL
);
CREATE UNIQUE INDEX places_by_address ON places (account, mailbox, uidvalidity, uid);
CREATE INDEX places_by_message ON places (account, message_id);
CREATE INDEX places_by_arrival ON places (account, arrived_at, uid) WHERE is_main;

CREATE TABLE texts (
    account TEXT NOT NULL,
    message_id TEXT NOT NULL,
    text TEXT NOT NULL,
    quoted TEXT NOT NULL,
    html TEXT,
    remote_images TEXT NOT NULL,
    cards TEXT NOT NULL,
    parts TEXT NOT NULL,
    notices TEXT NOT NULL,
    words INTEGER NOT NULL,
    images INTEGER NOT NULL,
    PRIMARY KEY (account, message_id)
) WITHOUT ROWID;
"""
