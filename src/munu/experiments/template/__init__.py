"""Templates of experiment files."""
