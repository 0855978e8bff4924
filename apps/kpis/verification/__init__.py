"""Counts again at night what is stored, and says where it differs; nothing is mended here."""
