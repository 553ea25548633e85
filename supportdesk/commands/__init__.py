"""One module a command: each takes plain arguments and returns an exit status."""
