"""What every room stands on: errors, constants, units, files, and numerical tools."""
