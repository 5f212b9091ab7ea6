"""Deconfliction: ask another agency whether it has a number too, without showing the number.

``voprf`` is the protocol of RFC 9497 on the group of ``group``; ``forms`` gives every written form
of one identifier one normal form; ``wire`` is how the files look. A holder makes an ``offering``
once a period, a partner ``asking`` sends blinded points, two officers of the holder are
``answering``, and the partner is ``reading`` what is a hit. ``page`` says in plain words what each
side learns.
"""
