-- schema 1.5
-- Stretches in which a phone was not heard; `missed` is NULL where it cannot tell how many.
CREATE TABLE gap (
    phone TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    missed INTEGER,
    PRIMARY KEY (phone, since)
) WITHOUT ROWID;
CREATE INDEX gap_until ON gap (until);
