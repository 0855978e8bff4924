"""How lists are cut into pages."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """A hundred rows a page; `?page_size=` up to a thousand."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000
