"""The Calls page: who waits, who answers, who was missed."""
