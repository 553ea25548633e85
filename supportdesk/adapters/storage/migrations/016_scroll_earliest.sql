-- schema 1.15
-- How far back the first scroll of this home looked: nothing before it is news in a later one.
ALTER TABLE scroll ADD COLUMN earliest TEXT;
