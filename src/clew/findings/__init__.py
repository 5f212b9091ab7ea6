"""Stage 3: what follows from the facts, each step SQL beside a small module."""
