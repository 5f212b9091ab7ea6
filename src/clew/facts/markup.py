"""The standard library's HTML parser, without the one error that it raises.

HTML knows no errors: whatever is written has a reading. The parser of the standard library keeps
to that but for ``<![`` with an unknown word behind it, at which it raises ``AssertionError``; a
browser reads a comment there, up to the next ``>``.

References:
    - HTML Living Standard, 13.2.5.42 (markup declaration open state), 13.2.5.41 (bogus comment)

"""

from html.parser import HTMLParser


class Markup(HTMLParser):
    """A page that comes piece by piece; nothing in it raises."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002
        """Pass over ``<![…``; one of no known kind is a comment that ends with the next ``>``."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)
