"""Class views, one module a resource. Each states the scope that every method needs."""
