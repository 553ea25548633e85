"""Writing an answer: the composer and what stands around it."""
