"""Formats of others that more than one stage reads: what their records say, and no domain word."""
