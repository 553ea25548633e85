"""The practice desk: a make-believe company with real servers on loopback."""
