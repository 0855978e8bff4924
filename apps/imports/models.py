"""What an import was asked to do, how far it is, and what it did, so that it can go on, be told of and be taken back."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.models import Organisation


class Upload(models.Model):
    """Files that somebody has brought, until they say what to do with them: what they answered, and what an import would do."""

    by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("by"))
    brought_at = models.DateTimeField(_("brought at"))
    answers: Any = models.JSONField(_("answers"), default=dict)
    preview: Any = models.JSONField(_("preview"), null=True)
    previewed_at = models.DateTimeField(_("preview asked for at"), null=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-brought_at"]

    def __str__(self) -> str:
        return ", ".join(file.name for file in self.files.all())


class UploadedFile(models.Model):
    """One file of an upload, unpacked."""

    of = models.ForeignKey(Upload, models.CASCADE, related_name="files", verbose_name=_("upload"))
    name = models.CharField(_("name"), max_length=255)
    size = models.PositiveBigIntegerField(_("bytes"))
    stored = models.CharField(_("kept as"), max_length=300)

    class Meta:
        verbose_name = _("file of an upload")
        verbose_name_plural = _("files of uploads")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SavedMapping(models.Model):
    """A mapping that somebody has named, so that the next files like those it was made for are known by it."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    text = models.TextField(_("mapping"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """A place that files are fetched from again and again. `seen` says what of it was fetched before, so that only what is new is imported."""

    class Kind(models.TextChoices):
        FOLDER = "folder", _("A folder on the server")
        ADDRESS = "address", _("A file at an address (https)")
        QUERY = "query", _("A query on another database")

    class Rhythm(models.IntegerChoices):
        QUARTER = 15, _("every 15 minutes")
        HOUR = 60, _("every hour")
        SIX_HOURS = 360, _("every six hours")
        DAY = 1440, _("every day")

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    place = models.CharField(
        _("where"),
        max_length=1000,
        help_text=_(
            "The folder, the address, or the database as postgresql://… or mysql://…. Keep secrets out of it: ${FEED_PASSWORD} stands for the worker’s environment variable of that name; names begin with FEED_."
        ),
    )
    query = models.TextField(_("query"), blank=True, help_text=_("For a database: one SELECT. Its columns are called as those of the mapping."))
    mapping = models.ForeignKey(SavedMapping, models.PROTECT, related_name="feeds", verbose_name=_("mapping"))
    rhythm = models.PositiveSmallIntegerField(_("fetched"), choices=Rhythm.choices, default=Rhythm.HOUR)
    is_active = models.BooleanField(_("active"), default=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))
    next_at = models.DateTimeField(_("next at"), null=True, blank=True)
    fetched_at = models.DateTimeField(_("last fetched at"), null=True, blank=True)
    fault = models.TextField(_("what went wrong"), blank=True)
    seen: Any = models.JSONField(_("seen before"), default=dict, editable=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]
        indexes = [models.Index(fields=["next_at"], name="feeds_due")]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One import: who asked for it when, with which mapping, and how far it is."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    title = models.CharField(_("mapping"), max_length=200, help_text=_("What the mapping calls itself."))
    mapping = models.TextField(_("mapping as it was"), blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))
    feed = models.ForeignKey(Feed, models.SET_NULL, null=True, blank=True, related_name="imports", verbose_name=_("source"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by"))
    rows = models.PositiveBigIntegerField(_("rows"), default=0, help_text=_("About how many there are."))
    rows_done = models.PositiveBigIntegerField(_("rows done"), default=0)
    starts = models.PositiveSmallIntegerField(_("starts without progress"), default=0)
    sums = models.JSONField(_("sums of the headline figures"), default=dict, editable=False, help_text=_("Before it began, and by how much it moved them."))
    fault = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["state"], name="import_state"), models.Index(fields=["-asked_at"], name="import_newest")]

    def __str__(self) -> str:
        at = self.asked_at.astimezone(ZoneInfo(Organisation.get().time_zone))
        return f"{self.title}, {at:%Y-%m-%d %H:%M} ({self.pk})"


class ImportedFile(models.Model):
    """One file of an import; `stored` is empty once the file has been deleted."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="files", verbose_name=_("import"))
    name = models.CharField(_("name"), max_length=255)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    stored = models.CharField(_("kept as"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")
        constraints = [models.UniqueConstraint(fields=["of", "name"], name="file_names_of_an_import_differ")]

    def __str__(self) -> str:
        return self.name


class Part(models.Model):
    """One file feeding one entity. `portions` are written and committed; `bundles` are the repeating rows that are kept for the last ones."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="parts", verbose_name=_("import"))
    file = models.ForeignKey(ImportedFile, models.CASCADE, related_name="parts", verbose_name=_("file"))
    position = models.PositiveSmallIntegerField(_("position"))
    load = models.PositiveSmallIntegerField(_("place in the mapping"))
    entity = models.CharField(_("entity"), max_length=40)
    bundles: Any = models.JSONField(_("rows that repeat"), null=True, blank=True)
    portions = models.PositiveIntegerField(_("portions done"), default=0)
    is_done = models.BooleanField(_("done"), default=False)
    read = models.PositiveBigIntegerField(_("read"), default=0)
    created = models.PositiveBigIntegerField(_("created"), default=0)
    updated = models.PositiveBigIntegerField(_("updated"), default=0)
    unchanged = models.PositiveBigIntegerField(_("unchanged"), default=0)
    skipped = models.PositiveBigIntegerField(_("skipped"), default=0)
    merged = models.PositiveBigIntegerField(_("merged"), default=0)
    rejected = models.PositiveBigIntegerField(_("rejected"), default=0)

    class Meta:
        verbose_name = _("part of an import")
        verbose_name_plural = _("parts of imports")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["of", "position"], name="parts_of_an_import_in_order")]

    def __str__(self) -> str:
        return f"{self.file} → {self.entity}"


class Rejection(models.Model):
    """One mistake in a row that was not written; `lines` are all that were left out along with it."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="rejections", verbose_name=_("part"))
    line = models.PositiveBigIntegerField(_("line"))
    lines = ArrayField(models.PositiveBigIntegerField(), verbose_name=_("lines left out"))
    column = models.TextField(_("column"), blank=True)
    value = models.TextField(_("value"), blank=True)
    reason = models.TextField(_("reason"))
    remedy = models.TextField(_("remedy"))

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        ordering = ["part", "line", "column"]
        indexes = [models.Index(fields=["part", "line"], name="rejection_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class WrittenRow(models.Model):
    """One row that a part wrote. `before` are the values it replaced, None where it added the row; `history` the past states that were there.

    `seal` is the sum of the row and its past states as the part left them: another one now means that somebody else has written it since.
    """

    pk = models.CompositePrimaryKey("part", "row")
    part = models.ForeignKey(  # held by who writes its rows, see `running`; a foreign key would ask for each of them
        Part, models.CASCADE, related_name="written", verbose_name=_("part"), db_index=False, db_constraint=False
    )
    row = models.BigIntegerField(_("row"), db_index=True)
    before: Any = models.JSONField(_("values before"), null=True)
    history: Any = models.JSONField(_("past states before"), null=True)
    seal = models.BigIntegerField(_("seal"))

    class Meta:
        verbose_name = _("row written by an import")
        verbose_name_plural = _("rows written by imports")

    def __str__(self) -> str:
        return f"{self.part} {self.row}"


class Effect(models.Model):
    """A figure of the company in one period, before an import began and when it was done."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="effects", verbose_name=_("import"))
    kpi = models.CharField(_("KPI"), max_length=60)
    start_on = models.DateField(_("from"))
    last_on = models.DateField(_("to"))
    on = models.DateField(_("as of"))
    before = models.DecimalField(_("before"), max_digits=24, decimal_places=6, null=True, blank=True)
    after = models.DecimalField(_("after"), max_digits=24, decimal_places=6, null=True, blank=True)

    class Meta:
        verbose_name = _("effect of an import")
        verbose_name_plural = _("effects of imports")
        constraints = [models.UniqueConstraint(fields=["of", "kpi", "start_on", "last_on"], name="one_effect_per_figure")]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.before} → {self.after}"
