"""IMAP, message decoding and washing."""
