"""One page that opens in a browser: limits and regions while sliders move."""
