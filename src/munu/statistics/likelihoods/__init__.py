"""Chi-squared of counts, minimised over nuisances."""
