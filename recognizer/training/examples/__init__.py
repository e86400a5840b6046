"""Training examples: strokes and pictures, made up, distorted, degraded."""
