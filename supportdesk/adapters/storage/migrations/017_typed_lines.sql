-- schema 1.16
-- Words that are being typed for a quote, a lesson or a note beside a quote: a kill loses none.
CREATE TABLE typed_line (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,         -- quote, beside-quote, lesson
    item TEXT NOT NULL,         -- the mail, call, quote or lesson they are for; empty for none
    who TEXT NOT NULL,
    contact TEXT NOT NULL,
    words TEXT NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

-- How what was noted of a call felt, as of a quote.
ALTER TABLE call_note ADD COLUMN felt TEXT;

-- The draft that thanks for a lifted call; none, or sent and done with.
ALTER TABLE lift ADD COLUMN thanks_draft TEXT;
