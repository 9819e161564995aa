"""What every result can do: JSON, CSV and tables."""
