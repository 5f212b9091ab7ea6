"""What leaves the case: the rows of those who are named, and of nobody else anything but counts."""
