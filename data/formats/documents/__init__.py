"""Documents in the reading process: their text with its places, and marks in them (文档)."""
