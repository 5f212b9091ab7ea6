"""What is written down: one row class a table, in the order of the data flow."""

from clew.records import evidence, facts, findings, judgements, media, network, recovered, roles

__all__ = ["evidence", "facts", "findings", "judgements", "media", "network", "recovered", "roles"]
