-- schema 1.0
-- Instants are ISO 8601 text in UTC with microseconds, so that they sort as text. Enums are
-- stored by the name of their member: the words that the founder reads may change.

CREATE TABLE told (
    key TEXT PRIMARY KEY,
    at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE baseline (
    account TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uidnext INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (account, mailbox)
) WITHOUT ROWID;

CREATE TABLE alert (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    actions TEXT NOT NULL,      -- JSON list of names
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    item TEXT NOT NULL,
    covers TEXT NOT NULL,       -- JSON list of keys
    urgency TEXT NOT NULL,
    is_digest INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE call (
    phone TEXT NOT NULL,
    call_id TEXT NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    queue TEXT NOT NULL,
    started_at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    by TEXT NOT NULL,
    wait_seconds REAL NOT NULL,
    talk_seconds REAL NOT NULL,
    reason TEXT,
    closed_at TEXT,
    PRIMARY KEY (phone, call_id)
) WITHOUT ROWID;
CREATE INDEX call_started_at ON call (started_at);

CREATE TABLE read_here (
    key TEXT PRIMARY KEY,
    at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE needs_no_reply (
    key TEXT PRIMARY KEY,
    at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE last_heard (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    at TEXT NOT NULL
);

CREATE TABLE span (
    span_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    label TEXT NOT NULL,
    started_at TEXT NOT NULL,
    utc_offset_seconds INTEGER NOT NULL,
    counted_seconds REAL NOT NULL,
    dropped TEXT NOT NULL,      -- JSON list of [rule, seconds]
    corrects TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX span_started_at ON span (started_at);

-- Spans are append-only (DESIGN section 6): a correction is a row of its own.
CREATE TRIGGER span_is_never_deleted BEFORE DELETE ON span BEGIN
    SELECT RAISE(ABORT, 'a span is never deleted');
END;
CREATE TRIGGER span_keeps_what_it_is BEFORE UPDATE ON span
WHEN NEW.span_id <> OLD.span_id OR NEW.kind <> OLD.kind OR NEW.item <> OLD.item
    OR NEW.started_at <> OLD.started_at OR NEW.corrects <> OLD.corrects
    OR NEW.counted_seconds < OLD.counted_seconds
BEGIN
    SELECT RAISE(ABORT, 'a span only grows');
END;
