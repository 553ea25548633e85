"""The decoder's own test set: a message or more for each way in which mail goes wrong."""
