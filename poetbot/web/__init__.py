"""The app in the browser: one file per tab, the theme, and every word of the interface."""
