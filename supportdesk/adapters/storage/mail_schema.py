"""The tables of mail.db. It is a cache: another version is set aside and filled again.

Times are microseconds since 1970 UTC. Each place where a message lies is a row of `places`;
`is_main` marks the one that speaks for the message when its Message-ID lies in several places.
`places.flags` holds the bits of `mail_rows`: 1 seen, 2 answered, 4 robot, 8 ours, 16 copy in Sent,
32 has attachments (as its Content-Type lets one guess, until its text is read), 64 its `sent_at`
was found by reading, since the envelope has none: whether two are the same is not told by that.

For whoever follows this database with an index of their own:
- `places.id` only grows and is never used again, so all that is new has an id above the last one
  seen. Mail is fetched newest first: ids say nothing about age, `arrived_at` does.
- `text_changes` gets a row, in the same transaction, for each message whose text was saved, whose
  subject, sender or main place became another one, or which is gone (its places and its text are
  deleted by then). Rows are worked off by id and deleted by whoever keeps the index; a message may
  be named twice. Flags alone, and a new uid of a main place that stays, change nothing there.
- `told` is how far in `places.id` the desk has surely heard of an account's new mail: what lies
  above that is told again by the next run, and the desk's ledger sorts out what it knew.
"""

VERSION = 3

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
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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

CREATE TABLE text_changes (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    message_id TEXT NOT NULL
);

CREATE TABLE told (
    account TEXT PRIMARY KEY,
    place_id INTEGER NOT NULL
) WITHOUT ROWID;
"""
