"""My week: minutes with customers, by day, by week, by span."""
