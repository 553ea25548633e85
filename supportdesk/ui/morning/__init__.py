"""The morning scroll: one column of whole words, oldest first, and an end."""
