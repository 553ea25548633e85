-- schema 1.1
-- Alerts that were kept but perhaps not shown when the process died.
CREATE TABLE untold (
    key TEXT PRIMARY KEY
) WITHOUT ROWID;

-- A pause outlives the run in which the founder asked for it.
CREATE TABLE pause (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    since TEXT NOT NULL,
    until TEXT NOT NULL
);

-- Whose mailbox it was: the same account may be pointed at another one. Empty when not known.
ALTER TABLE baseline ADD COLUMN user TEXT NOT NULL DEFAULT '';
ALTER TABLE baseline ADD COLUMN host TEXT NOT NULL DEFAULT '';
