"""The fourth floor: HTTP, pages and sign-in."""
