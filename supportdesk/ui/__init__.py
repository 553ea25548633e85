"""Qt widgets and item models; the only place with QtWidgets."""
