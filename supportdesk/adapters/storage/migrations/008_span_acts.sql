-- schema 1.7
-- What the founder did to the log last is found without reading the log.
CREATE INDEX span_act ON span (act) WHERE act <> '';
