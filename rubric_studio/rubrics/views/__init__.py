"""The pages: fetch with access, form, refuse, do, answer."""
