-- schema 1.4
-- People: the addresses and numbers that the founder knows to be of one customer. An address or a
-- number has one owner.
CREATE TABLE person (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE person_address (
    kind TEXT NOT NULL CHECK (kind IN ('email', 'number')),
    value TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (kind, value)
) WITHOUT ROWID;

-- What the founder wrote about calls, word for word; by the ledger key of the call.
CREATE TABLE call_note (
    key TEXT PRIMARY KEY,
    call TEXT NOT NULL,
    number TEXT NOT NULL,
    label TEXT NOT NULL,
    words TEXT NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;
