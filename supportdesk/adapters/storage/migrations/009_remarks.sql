-- schema 1.8
-- What is to be said about this file. From here on a file that is closed is not in WAL mode: see
-- copied_open.py.
CREATE TABLE remark (key TEXT PRIMARY KEY) WITHOUT ROWID;
