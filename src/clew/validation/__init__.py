"""What a laboratory can check on its own machine: the promises, the machine, and any one figure."""
