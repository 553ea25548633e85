-- schema 1.14
-- The founder's ritual. `item` is a ledger key, `contact` an address in lower case or a number.
CREATE TABLE quote (
    key TEXT PRIMARY KEY,
    words TEXT NOT NULL,
    item TEXT NOT NULL,         -- empty: typed, of no mail and no call
    who TEXT NOT NULL,
    contact TEXT NOT NULL,
    said_at TEXT NOT NULL,
    kept_at TEXT NOT NULL,
    felt TEXT,
    note TEXT NOT NULL,
    talk_seconds REAL
) WITHOUT ROWID;
CREATE INDEX quote_by_item ON quote (item);
CREATE INDEX quote_by_contact ON quote (contact);

CREATE TABLE lesson (
    key TEXT PRIMARY KEY,
    item TEXT NOT NULL,
    words TEXT NOT NULL,
    who TEXT NOT NULL,
    contact TEXT NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

-- One kept quote a day to begin a conversation with; `day` is a local date.
CREATE TABLE starter (
    day TEXT PRIMARY KEY,
    quote TEXT NOT NULL
) WITHOUT ROWID;

-- What the founder chose for the page of a week, and in which order; `week` is its first day.
CREATE TABLE page_choice (
    week TEXT NOT NULL,
    key TEXT NOT NULL,          -- of a quote, a lesson, a note or a promise
    position INTEGER NOT NULL,
    is_on INTEGER NOT NULL,
    PRIMARY KEY (week, key)
) WITHOUT ROWID;

CREATE TABLE promise (
    key TEXT PRIMARY KEY,
    item TEXT NOT NULL,
    words TEXT NOT NULL,
    who TEXT NOT NULL,
    contact TEXT NOT NULL,
    made_at TEXT NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL,
    settled_at TEXT
) WITHOUT ROWID;

CREATE TABLE lift (
    key TEXT PRIMARY KEY,
    item TEXT NOT NULL,
    contact TEXT NOT NULL,      -- the customer's
    carrier TEXT NOT NULL,      -- ledger key of the operator's own mail; empty for none
    by TEXT NOT NULL,
    by_address TEXT NOT NULL,
    why TEXT NOT NULL,
    way TEXT NOT NULL,
    at TEXT NOT NULL,
    thanked_at TEXT,
    seen_at TEXT,
    ended_at TEXT
) WITHOUT ROWID;

-- How far the founder has scrolled: what came between these moments, and the item in view.
CREATE TABLE scroll (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    since TEXT NOT NULL,
    until TEXT,
    place TEXT NOT NULL
);

-- A named person's week on the phones; `monday` is a local date, `ramp` JSON.
CREATE TABLE phone_week (
    key TEXT PRIMARY KEY,
    who TEXT NOT NULL,
    monday TEXT NOT NULL,
    ramp TEXT NOT NULL
) WITHOUT ROWID;
