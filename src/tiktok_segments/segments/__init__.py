"""The room segments."""
