"""The kit: small painted widgets, lists and layouts that every page is made of."""
