-- schema 1.10
-- The last trouble of each source, kept over restarts; `until` is NULL while it lasts.
CREATE TABLE trouble (
    source TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    advice TEXT NOT NULL,
    is_for_founder INTEGER NOT NULL,
    sort TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT
) WITHOUT ROWID;
