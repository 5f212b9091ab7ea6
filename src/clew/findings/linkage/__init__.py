"""Which accounts may be one person's, by what they have in common: inferences, never certainties.

``comparisons`` says what is compared, ``traits`` and ``names`` what is known of each account,
``model`` how much each agreement weighs, ``link`` compares, ``errors`` says how often such links
were wrong.
"""

from clew.findings.linkage.infer import Inferred, Link, infer, links_between

__all__ = ["Inferred", "Link", "infer", "links_between"]
