"""The pages: each view checks access, asks, and renders."""
