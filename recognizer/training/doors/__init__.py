"""The source of the two graphs in torch, and their export. Serving code never imports it."""
