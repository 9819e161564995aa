"""What is allowed of two parameters."""
