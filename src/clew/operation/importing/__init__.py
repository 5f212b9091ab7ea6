"""Lists as others keep them, taken in as statements: every row is taken, or said why not."""
