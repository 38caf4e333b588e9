"""What the trainer, the UI and the server share: the model, its input, and the files that it is kept in."""
