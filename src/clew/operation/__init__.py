"""The operation: searches, seizures and persons' status, as sites state them.

There is one set of statements, signed and append-only; everything that is shown of an operation is
worked out from it and kept nowhere. So boards of several sites are merged by joining their sets.
"""
