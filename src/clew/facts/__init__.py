"""Stage 2: what the evidence says, from stored files to tables of facts."""
