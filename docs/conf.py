"""How Sphinx builds these pages; it needs no connection."""

project = "Clew"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Clew"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
