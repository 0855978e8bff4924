"""Boards that people arrange themselves: each widget in its place, all read at once, each drawn by its kind."""
