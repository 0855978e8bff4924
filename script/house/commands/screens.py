"""benchmarks/screens: how fast charts are drawn, and whether a wall display grows (see benchmarks/README.md)."""

from benchmarks import screens

main = screens.main
