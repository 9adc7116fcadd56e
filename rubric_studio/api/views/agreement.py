from typing import ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from rubric_studio.accounts.models import Scope
from rubric_studio.api.views.base import Resource
from rubric_studio.grading.labelling.blindness import still_to_label_in
from rubric_studio.rubrics.access import get_collection
from rubric_studio.steering.collection.agreement import measure_collection
from rubric_studio.steering.collection.as_json import agreement_json
from rubric_studio.steering.collection.cells import collection_cells


class CollectionAgreement(Resource):
    """Judges against experts over all questions of a collection."""

    scopes: ClassVar = {"GET": Scope.RUBRICS_READ}

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, slug: str) -> Response:
        collection = get_collection(self.member, slug)
        cells = collection_cells(collection, still_to_label_in(collection, self.member))
        return Response(agreement_json(cells, measure_collection(cells)))
