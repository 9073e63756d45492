"""Regulations by endpoint: those in force for one's government and the nation, read aloud as on the command line."""

import pytest

from policy.models import PolicyVersion
from policy.queries import library
from policy.sentences import statements_of
from policy.shelf import document_with
from tests.pay_pages import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return Office().client("wulan")


def ids(answer):
    return {row["id"] for row in answer.json()["results"]}


def test_documents_of_the_own_government_and_of_the_nation(one):
    answer = one.get("/api/documents/")
    assert {row["jurisdiction"] for row in answer.json()["results"]} == {"contoh", "indonesia"}
    row = next(row for row in answer.json()["results"] if row["id"] == "contoh-tpp")
    stored = PolicyVersion.objects.get(document_id="contoh-tpp")
    assert (row["sha256"], row["topic"], row["decree"]) == (stored.sha256, "allowance", stored.decree)
    assert (row["valid_from"], row["valid_to"], row["status"]) == ("2025-01-01", None, stored.status)


def test_documents_by_day_jurisdiction_and_topic(one):
    assert ids(one.get("/api/documents/?topic=tax")) == {"contoh-tax"}
    assert ids(one.get("/api/documents/?jurisdiction=jambi")) == {"jambi-tpp"}
    assert ids(one.get("/api/documents/?on=2024-06-01&topic=allowance")) == set()
    assert one.get("/api/documents/?topic=makanan").json()["fields"].keys() == {"topic"}
    assert ids(one.get("/api/documents/?jurisdiction=tidak-ada")) == set()


def test_a_document_is_read_aloud(one):
    body = one.get("/api/documents/contoh-tpp/").json()
    said = [(item.section, item.text, item.article) for item in statements_of(document_with(library(), "contoh-tpp"))]
    assert [(item["section"], item["text"], item["article"]) for item in body["sentences"]] == said
    assert any("TL2, 1 % dari Disiplin kerja" in item["text"] for item in body["sentences"])
    assert one.get("/api/documents/tidak-ada/").status_code == 404
    assert one.get("/api/documents/..%2Fcontoh%2F2025-01-01.yaml/").status_code == 404
