"""The tabs, each with its builder, handlers, scripts and styles."""
