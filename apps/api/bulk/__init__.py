"""Many rows in one request: added or changed by their external keys, each with an answer of its own."""
