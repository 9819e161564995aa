"""What is allowed of one parameter."""
