"""A page to draw a digit on, and what the model takes it for."""
