"""The torch source of the two doors, and its export to ONNX. Serving code never imports it."""
