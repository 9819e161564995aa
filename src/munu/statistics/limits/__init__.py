"""Limits and curves of one parameter."""
