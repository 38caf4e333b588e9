"""The model behind a REST API."""
