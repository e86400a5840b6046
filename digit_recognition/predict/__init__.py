"""The endpoint that answers a drawing: gate, body, answer, refusal."""
