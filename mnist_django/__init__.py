"""The site: settings, addresses, entry points. Wiring alone."""
