"""A user's poets: rename, delete, restore, export and import."""
