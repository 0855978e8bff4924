"""Goals as pages: a list with progress, a sheet to enter many at once, a form for a single one."""
