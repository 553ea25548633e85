-- schema 1.11
-- Drafts, what their text was before, the files that go along, and what is on its way out.
-- The files themselves and the wire forms lie in the folder outgoing/ beside this database.
CREATE TABLE draft (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    answers TEXT NOT NULL,      -- ledger key
    message_id TEXT NOT NULL,
    fields TEXT NOT NULL,       -- JSON: from, to whom, subject, ancestors, what was in sight
    body TEXT NOT NULL,
    quote TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    changed_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE draft_version (
    draft TEXT NOT NULL,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (draft, number)
) WITHOUT ROWID;

CREATE TABLE draft_file (
    draft TEXT NOT NULL,
    place INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (draft, place)
) WITHOUT ROWID;

CREATE TABLE outgoing (
    id TEXT PRIMARY KEY,        -- of its draft
    account TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    answers TEXT NOT NULL,
    question TEXT,              -- JSON: mailbox, uidvalidity, uid
    state TEXT NOT NULL,
    since TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at TEXT,
    problem TEXT,               -- JSON
    refused TEXT NOT NULL,      -- JSON
    place TEXT,                 -- JSON: of its copy in Sent
    mark TEXT NOT NULL,
    poised_at TEXT,
    sent_at TEXT,
    is_sent_anyway INTEGER NOT NULL,
    installation TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE keeps_sent (
    account TEXT PRIMARY KEY,
    keeps INTEGER NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;
