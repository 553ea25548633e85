"""Turns what the services know into what the window shows. Pure functions, one module a view."""
