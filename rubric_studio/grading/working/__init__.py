"""The workers' side of a run: leases, calls, rows."""
