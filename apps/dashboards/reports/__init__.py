"""Reports as pages: where deals come through, how the pipeline moved, what became of each month's deals, how recurring revenue moved."""
