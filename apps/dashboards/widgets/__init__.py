"""What stands on a board: each widget is handed its numbers and names the template that draws it."""
