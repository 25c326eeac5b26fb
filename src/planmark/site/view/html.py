"""HTML inside a view."""

from markupsafe import Markup

Html = Markup
"""HTML that is safe to show as it is: made by the Markdown reader, with nothing in it that runs or loads."""
