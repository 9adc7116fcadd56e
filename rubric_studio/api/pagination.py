from rest_framework.pagination import CursorPagination


class CreatedCursor(CursorPagination):
    """`{"next", "previous", "results"}`, oldest first, stable while rows come and go."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = ("created_at", "pk")
