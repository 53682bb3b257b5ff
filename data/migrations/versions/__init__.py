"""Schema versions, oldest first; a version that has been released never changes."""
