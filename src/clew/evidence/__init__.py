"""Stage 1: taking evidence in. Every entry of every folder and archive becomes one item."""
