"""Tells a proposal in words, for the command: file by file its columns, then what is asked."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from apps.imports.recognition.proposal import ColumnProposal, FileProposal, Proposal, Question

SHOWN = 20


def lines(proposal: Proposal) -> Iterator[str]:
    for file in proposal.files:
        yield from _file(file)
    for question in proposal.questions[:SHOWN]:
        yield from _question(question)
    if len(proposal.questions) > SHOWN:
        yield _("  … and %(count)s more questions") % {"count": len(proposal.questions) - SHOWN}


def _file(file: FileProposal) -> Iterator[str]:
    name = f"{file.file} / {file.sheet}" if file.sheet else file.file
    if file.entity is None:
        yield _("%(file)s → nothing: %(why)s Say what it feeds under [entities] in the answers.") % {"file": name, "why": file.why}
        return
    told = {"file": name, "entity": file.entity, "system": file.system or _("a table"), "share": f"{file.confidence:.0%}", "rows": file.rows, "why": file.why}
    yield _("%(file)s → %(entity)s (%(system)s, %(share)s sure, %(rows)s rows): %(why)s") % told
    for words in file.left_out:
        yield _("  left out: %(words)s") % {"words": words}
    yield from (_column(column) for column in file.columns if column.field)
    beside = [column.column for column in file.columns if column.is_beside]
    if beside:
        yield _("  read together with others: %(columns)s") % {"columns": ", ".join(beside)}
    unused = [column.column for column in file.columns if not column.field and not column.is_beside]
    if unused:
        yield _("  not used: %(columns)s") % {"columns": ", ".join(unused)}


def _column(column: ColumnProposal) -> str:
    samples = ", ".join(column.samples[:3])
    fields = ", ".join([column.field or "", *column.also])
    return f"  {column.column} → {fields} ({column.confidence:.0%}): {samples}"


def _question(question: Question) -> Iterator[str]:
    yield f"? {question.key}: {question.words}"
    choices = ", ".join(f"“{choice.value}”" for choice in question.choices)
    if choices:
        yield _("  One of: %(choices)s") % {"choices": choices}
    if question.taken is None:
        yield _("  It has to be answered.")
    else:
        yield _("  Taken: “%(answer)s”") % {"answer": question.taken}
