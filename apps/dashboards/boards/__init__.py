"""Puts boards together: what is read for them, and which widgets stand on them."""
