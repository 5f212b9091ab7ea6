"""Stage 4, exchange: what leaves a case for other agencies, sealed, and what comes in from them.

``routing`` proposes who goes where, ``packing`` gathers what is sent, ``sealing`` closes a package
for its named receivers and opens one in the order in which nothing unverified reaches the disk,
``receiving`` merges what came in under its origin, ``renderings`` writes others' formats, and
``deconfliction`` asks whether another agency holds a number without showing it.
"""
