"""What pages show beside the document of their address: drawings, neighbours, ways on.

Each module makes the page of one kind of record from the public faces of the floors below; it is
called for browsers only, so that programs get the plain document.
"""
