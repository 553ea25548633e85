-- schema 1.6
-- Which run of a reading clock saw a span, what a hand did to it, and the rows of one such act.
ALTER TABLE span ADD COLUMN clock TEXT NOT NULL DEFAULT '';
ALTER TABLE span ADD COLUMN edit TEXT NOT NULL DEFAULT '';
ALTER TABLE span ADD COLUMN act TEXT NOT NULL DEFAULT '';
CREATE INDEX span_talk ON span (started_at) WHERE kind = 'TALK';
CREATE INDEX span_corrects ON span (corrects) WHERE corrects <> '';

DROP TRIGGER span_keeps_what_it_is;
CREATE TRIGGER span_keeps_what_it_is BEFORE UPDATE ON span
WHEN NEW.span_id <> OLD.span_id OR NEW.kind <> OLD.kind OR NEW.item <> OLD.item
    OR NEW.started_at <> OLD.started_at OR NEW.utc_offset_seconds <> OLD.utc_offset_seconds
    OR NEW.corrects <> OLD.corrects OR NEW.reason <> OLD.reason
    OR NEW.clock <> OLD.clock OR NEW.edit <> OLD.edit OR NEW.act <> OLD.act
    OR NEW.counted_seconds < OLD.counted_seconds
BEGIN
    SELECT RAISE(ABORT, 'a span only grows');
END;
