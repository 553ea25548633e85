-- schema 1.13
-- How a tag stands with the mail server: local, wanted, set, shared or going.
ALTER TABLE tag ADD COLUMN standing TEXT NOT NULL DEFAULT 'local';
