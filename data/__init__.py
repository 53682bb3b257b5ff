"""The ground floor: store, coordinates, files, journal and code tables (底层)."""
