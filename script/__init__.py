"""The house's own scripts: what starts, tests, checks and locks the product."""
