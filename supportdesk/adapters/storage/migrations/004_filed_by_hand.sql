-- schema 1.3
-- What the founder knows better than headers do: which messages are one conversation, and who is
-- a person. Messages by their ledger key, so that they survive moves and a new UIDVALIDITY.
CREATE TABLE filed_by_hand (
    key TEXT PRIMARY KEY,
    conversation TEXT NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE judged_senders (
    email TEXT PRIMARY KEY,
    is_robot INTEGER NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;
