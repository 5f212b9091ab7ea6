"""What pictures and videos look like, as hashes, and what they say of themselves."""
