"""Receiving: what other agencies sent, under its origin, merged by the laws and taken out again."""

from clew.exchange.receiving.forgetting import forget, resume
from clew.exchange.receiving.taking import Arrival, Preview, origin_name, preview, take_in

__all__ = ["Arrival", "Preview", "forget", "origin_name", "preview", "resume", "take_in"]
