"""What KPIBoard costs, measured as ratios in one run: see README.md."""
