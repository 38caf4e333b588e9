"""Trains the model, and leaves it on the volume."""
