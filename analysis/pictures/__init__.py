"""Pictures, tables and pages out of numbers; nothing is computed here that a study should compute."""
