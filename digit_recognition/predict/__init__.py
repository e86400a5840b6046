"""What a request for an answer passes: gate, body, answer or refusal."""
