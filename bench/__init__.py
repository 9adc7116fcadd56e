"""Figures of docs/performance.md, each printed by a command that stands beside it there."""
