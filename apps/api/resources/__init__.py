"""The rows that programs list, read and write."""
