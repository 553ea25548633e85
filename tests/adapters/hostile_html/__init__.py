"""HTML that tries to load, run, read or deceive, written for this project from the known ways."""
