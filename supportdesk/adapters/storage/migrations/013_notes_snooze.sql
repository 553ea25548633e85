-- schema 1.12
-- What stands beside conversations and is no mail. `item` and the keys of `snoozed` are ledger keys.
CREATE TABLE mail_note (
    key TEXT PRIMARY KEY,
    item TEXT NOT NULL,
    about TEXT NOT NULL,        -- the customer's address, in lower case: found when mail.db is not
    words TEXT NOT NULL,
    by TEXT NOT NULL,           -- empty: the founder
    at TEXT NOT NULL,
    is_shared INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE snoozed (
    key TEXT PRIMARY KEY,
    until TEXT NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE tag (
    item TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (item, name)
) WITHOUT ROWID;

-- Claims carry no time: since when each was seen here in its present form.
CREATE TABLE claim_seen (
    item TEXT NOT NULL,
    form TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (item, form)
) WITHOUT ROWID;
