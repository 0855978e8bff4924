"""Imports for programs: asked for by a kept mapping, looked at, cancelled, resumed and undone. For admins, as their pages are."""

import base64
import binascii
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from apps.imports import parsing, selectors, services, sources, tasks, undoing, unpacking
from apps.imports.keys import MappingError
from apps.imports.mapping import Mapping
from apps.imports.models import Import, ImportedFile, Part, Rejection, SavedMapping
from apps.reps import access

MOST_FILES, MOST_REJECTIONS = 50, 100


class AdminsOnly(BasePermission):
    message = _("Only admins bring files in. Ask an admin, or use the token of an integration that acts as one.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return access.may_import(request.user)  # type: ignore[arg-type]


class NotNow(APIException):
    """An import stands in another way than what is asked of it needs."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class ImportedFileSerializer(serializers.ModelSerializer[ImportedFile]):
    is_kept = serializers.SerializerMethodField()

    class Meta:
        model = ImportedFile
        fields = ["name", "size", "sha256", "is_kept"]

    def get_is_kept(self, file: ImportedFile) -> bool:
        return bool(file.stored)


class ImportPartSerializer(serializers.ModelSerializer[Part]):
    file = serializers.CharField(source="file.name")

    class Meta:
        model = Part
        fields = ["file", "entity", "is_done", *selectors.COUNTED]


class ImportSerializer(serializers.ModelSerializer[Import]):
    by = serializers.CharField(source="by.name", default=None, allow_null=True, help_text=_("Who asked for it; null for a command."))
    fetched_from = serializers.CharField(source="feed.name", default=None, allow_null=True, help_text=_("The source it was fetched from, if any."))
    files = ImportedFileSerializer(many=True)
    parts = ImportPartSerializer(many=True, help_text=_("One file feeding one kind of row, with what its rows became."))

    class Meta:
        model = Import
        fields = [
            "id",
            "title",
            "by",
            "fetched_from",
            "state",
            "asked_at",
            "started_at",
            "finished_at",
            "undone_at",
            "rows",
            "rows_done",
            "fault",
            "files",
            "parts",
        ]


class RejectionSerializer(serializers.ModelSerializer[Rejection]):
    file = serializers.CharField(source="part.file.name")

    class Meta:
        model = Rejection
        fields = ["file", "line", "column", "value", "reason", "remedy"]


class OneImportSerializer(ImportSerializer):
    rejections = serializers.SerializerMethodField(help_text=_("The first hundred rows that were rejected, with why and what to do."))

    class Meta(ImportSerializer.Meta):
        fields = [*ImportSerializer.Meta.fields, "rejections"]

    @extend_schema(responses=RejectionSerializer(many=True))
    def get_rejections(self, this: Import) -> list[dict[str, Any]]:
        found = Rejection.objects.filter(part__of=this).select_related("part__file").order_by("part__position", "line", "column", "pk")
        return list(RejectionSerializer(found[:MOST_REJECTIONS], many=True).data)


class SentFile(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, help_text=_("As the export is called: the mapping may know the file by it."))
    content = serializers.CharField(trim_whitespace=False, required=False, allow_blank=True, help_text=_("Of a text file."))
    base64 = serializers.CharField(required=False, help_text=_("Of any file, such as a workbook or a package. One of the two."))

    def validate(self, file: dict[str, Any]) -> dict[str, Any]:
        if ("content" in file) == ("base64" in file):
            raise serializers.ValidationError({"content": [_("Send either the text as “content”, or the bytes as “base64”.")]})
        try:
            file["bytes"] = file["content"].encode() if "content" in file else base64.b64decode(file["base64"], validate=True)
        except (binascii.Error, UnicodeEncodeError) as error:
            raise serializers.ValidationError({"content" if "content" in file else "base64": [_("It cannot be read. Encode it again.")]}) from error
        return file


class ImportAsked(serializers.Serializer[Any]):
    mapping = serializers.CharField(max_length=80, help_text=_("The name of a mapping that was kept, or of one that is shipped."))
    files = SentFile(many=True, allow_empty=False, max_length=MOST_FILES)  # type: ignore[call-arg]

    def validate_mapping(self, name: str) -> Mapping:
        kept = SavedMapping.objects.filter(name=name).first()
        if kept is None and name not in parsing.shipped():
            raise serializers.ValidationError(_("There is no mapping of this name. Bring such a file in by browser once, and keep its mapping under a name."))
        return parsing.parse(kept.text) if kept else parsing.read(name)


class Imports(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Import]):
    """What was imported, the last first. More files are imported with POST; a program that sends rows rather uses the bulk requests of their kinds."""

    queryset = Import.objects.all()
    serializer_class = ImportSerializer
    permission_classes = [*api_settings.DEFAULT_PERMISSION_CLASSES, AdminsOnly]  # type: ignore[list-item]
    lookup_value_converter = "int"
    filterset_fields = {"state": ["exact", "in"], "asked_at": ["gte", "lte"]}
    ordering_fields = ["id", "asked_at"]

    def get_queryset(self) -> QuerySet[Import]:
        parts = Prefetch("parts", Part.objects.select_related("file").order_by("position"))
        return Import.objects.select_related("by", "feed").prefetch_related("files", parts)

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return ImportSerializer if self.action == "list" else OneImportSerializer

    @extend_schema(request=ImportAsked, responses={201: OneImportSerializer})
    def create(self, request: Request) -> Response:
        """Import files by a mapping. The answer comes at once; ask for the import again to see how far it is."""
        asked = ImportAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        with tempfile.TemporaryDirectory(prefix="sent-") as folder:
            sent = [_written(Path(folder), file, n) for n, file in enumerate(asked.validated_data["files"])]
            try:
                with unpacking.unpacked(sent) as plain:
                    found = sources.find(asked.validated_data["mapping"], plain)
                    this = services.ask(asked.validated_data["mapping"], found, by=request.user)  # type: ignore[arg-type]
            except MappingError as error:
                raise serializers.ValidationError({"files": [str(problem) for problem in error.problems]}) from error
        tasks.run.delay_on_commit(this.pk)
        return Response(self._told(this.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=OneImportSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Stop it after the rows that are being written."""
        return self._done(lambda: services.cancel(pk))

    @extend_schema(request=None, responses=OneImportSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: int) -> Response:
        """Let one that ended early go on where it ended."""
        return self._done(lambda: services.resume(pk), lambda: tasks.run.delay_on_commit(pk))

    @extend_schema(request=None, responses=OneImportSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: int) -> Response:
        """Take back all that it wrote; 409 with the reasons where later changes stand on it."""
        return self._done(lambda: services.ask_to_undo(pk, by=request.user), lambda: tasks.undo.delay_on_commit(pk))  # type: ignore[arg-type]

    def _done(self, deed: Any, then: Any = lambda: None) -> Response:
        this = self.get_object()
        try:
            deed()
        except (services.NotNow, undoing.Refused) as error:
            raise NotNow(str(error)) from error
        then()
        return Response(self._told(this.pk))

    def _told(self, pk: int) -> Any:
        return OneImportSerializer(self.get_queryset().get(pk=pk)).data


def _written(folder: Path, file: dict[str, Any], n: int) -> Path:
    """Write a file that was sent, under a name that leads nowhere else."""
    place = folder / str(n)
    place.mkdir()
    path = place / storages["imports"].get_valid_name(Path(file["name"]).name or "file")
    path.write_bytes(file["bytes"])
    return path
