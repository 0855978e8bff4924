"""What the API does in the background."""

from celery import shared_task

from apps.api.bulk import answering


@shared_task
def forget_answers() -> None:
    """Forget the answers to requests that may no longer be sent again."""
    answering.forget()
