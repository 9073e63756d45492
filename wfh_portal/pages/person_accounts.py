"""The account of a person of the roster: found, or made without a password until a code opens it."""

from django.db import transaction
from django.db.models import F

from accounts.models import User
from roster.models import Person


def digits_of(words: str) -> str:
    """A number as it is typed, without its spaces."""
    return "".join(letter for letter in words if not letter.isspace())


@transaction.atomic
def account_for(person: Person) -> User:
    """The person's account; a new one is named by the current number and can be opened only by a one-time code."""
    if person.user is not None:
        return person.user
    number = (
        person.numbers.order_by(F("valid_from").desc(nulls_last=True), "-pk").values_list("number", flat=True).first()
        or f"p{person.pk}"
    )
    # The number names the account; one that is taken belongs to another government's person.
    taken = User.objects.filter(username__iexact=number).exists()
    user = User(username=f"{person.government.code}-{number}" if taken else number, full_name=person.display_name)
    user.set_unusable_password()
    user.save()
    person.user = user
    person.save(update_fields=["user"])
    return user
