"""What a theme's author is helped with: a theme begun, its colours and templates checked."""
