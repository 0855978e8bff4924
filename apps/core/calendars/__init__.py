"""How time is cut: into the months of one calendar or another, and from those into quarters, years, weeks and days."""
