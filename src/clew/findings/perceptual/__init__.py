"""Matching and clustering by what pictures and videos look like."""
