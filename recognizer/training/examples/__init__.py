"""What a network learns from: strokes and pictures, made up, distorted, spoiled."""
