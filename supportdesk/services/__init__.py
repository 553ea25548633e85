"""Folds events into state and returns alerts; pure Python behind ports."""
