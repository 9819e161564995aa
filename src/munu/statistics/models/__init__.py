"""Chi-squared of parameters: counts as a function of them."""
