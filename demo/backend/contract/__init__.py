"""The contract: what a backend is asked and answers, field by field. OpenAPI and docs/backend.md follow from it."""
