"""What stands behind script/*: the environment, the embedded servers and the supervisor."""
