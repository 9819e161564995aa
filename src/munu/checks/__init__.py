"""Warnings about physics that is possible but suspicious."""
