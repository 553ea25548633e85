-- schema 1.2
-- What a phone system's counters said when it was last heard: calls missed while nothing ran are
-- the difference to what they say next.
CREATE TABLE phone_memory (
    phone TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    heard_at TEXT NOT NULL,
    counts TEXT NOT NULL        -- JSON list of [queue, abandoned, completed]
) WITHOUT ROWID;
