"""The room clustering."""
