"""The foundations of every room: errors, constants, units, files, and numerical tools."""
