"""Pages of allowances: runs, slips and objections. Every one asks for a fresh sign-in."""
