"""What munu check remarks on."""
