"""Pages of people, imports and phases."""
