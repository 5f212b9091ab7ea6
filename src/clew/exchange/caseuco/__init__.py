"""CASE and UCO: graphs of JSON-LD, and whether they keep to the ontology's shapes."""
