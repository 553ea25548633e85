"""Accounts, phones, alerts and look: the pages and dialogs the founder edits."""
