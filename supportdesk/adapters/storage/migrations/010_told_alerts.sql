-- schema 1.9
-- What alerts led to, for a click long after they have gone; what was decided on each happening,
-- and why; which pop-ups stand on the screen. The first two are pruned at each start.
ALTER TABLE alert ADD COLUMN page TEXT NOT NULL DEFAULT 'ITEM';
ALTER TABLE alert ADD COLUMN sound TEXT NOT NULL DEFAULT 'NONE';

CREATE TABLE told_alert (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    item TEXT NOT NULL,
    covers TEXT NOT NULL,       -- JSON list of keys
    page TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    alert_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    until TEXT,
    words TEXT NOT NULL
);
CREATE INDEX decision_key ON decision (key);
CREATE INDEX decision_alert_key ON decision (alert_key);

CREATE TABLE popup (
    alert_key TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    number INTEGER NOT NULL
) WITHOUT ROWID;
