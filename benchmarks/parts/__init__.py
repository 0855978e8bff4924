"""What is measured: each part asks one question of a run and returns the lines of its answer."""
