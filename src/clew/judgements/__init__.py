"""What people decide: how a judgement is made, written to the ledger, and read again."""
