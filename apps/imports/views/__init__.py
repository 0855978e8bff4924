"""Pages on which admins bring files in, and see what became of it."""
