"""What the tests of drafts by page share: the files of a government's first regulations, and the way of pressing."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from policy.models import PolicyVersion, RegulationDraft
from tests.test_regulation_drafts import CASES, HOURS, PAY


def own(text: str) -> str:
    """The example texts, for the government that signs in here."""
    return text.replace("kota-uji-", "jambi-uji-").replace("kota-uji", "jambi").replace("2026-01-01", "2027-01-01")


GOOD = {"jam.yaml": own(HOURS), "tpp.yaml": own(PAY), "contoh.yaml": CASES}


def sheets(files):
    return [
        SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text, "application/yaml")
        for name, text in files.items()
    ]


def upload(client, files, title="Tambahan tahun depan"):
    return client.post(reverse("regulations:drafts"), {"title": title, "files": sheets(files)})


def uploaded(client, files) -> RegulationDraft:
    answer = upload(client, files)
    assert answer.status_code == 302, answer.content.decode()
    return RegulationDraft.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[-1])


def address(name, draft, *more):
    return reverse(f"regulations:{name}", args=[draft.pk, *more])


def page_of(client, draft) -> str:
    answer = client.get(address("draft", draft))
    assert answer.status_code == 200
    return answer.content.decode()


def seen_by(client, draft) -> str:
    return client.get(address("draft_adopt", draft)).context["form"].initial["seen"]


def adopt(client, draft, **fields):
    return client.post(address("draft_adopt", draft), {"seen": seen_by(client, draft), "read": "on", **fields})


def refusal(answer) -> str:
    assert answer.status_code == 422, answer.status_code
    return answer.content.decode()


def nothing_adopted() -> bool:
    return not PolicyVersion.objects.filter(draft__isnull=False).exists()
