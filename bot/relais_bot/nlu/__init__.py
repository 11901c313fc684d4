"""How well the trained model understands: lines with their meaning, scores, and the comparison with other models."""
