"""The site: settings, addresses, entry points, the admin's login. Knows nothing of drawings."""
