"""From when on two fingerprints mean anything: the two limits that every comparison goes by."""

NEAR = 31
"""Bits: the distance up to which no two different photographs were found to come."""
ENOUGH = 50
"""Quality from which a fingerprint tells a picture from others."""
