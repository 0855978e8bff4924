"""The numbers that programs ask for."""
