"""Is it working? What is heard, since when, and the next step where it is not."""
