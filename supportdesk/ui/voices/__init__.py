"""Their words: what was kept, how it felt, and what was learned."""
