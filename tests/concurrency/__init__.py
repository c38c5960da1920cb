"""What several transactions do to the same rows at the same time."""
