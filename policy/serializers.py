"""Regulation documents as endpoints answer them. Docstrings are the schema's own descriptions."""

from typing import Any

from rest_framework import serializers

from policy.documents import Document
from policy.sentences import statements_of


class DocumentSerializer(serializers.Serializer[Any]):
    """Kepala sebuah dokumen."""

    id = serializers.CharField()
    topic = serializers.CharField(help_text="attendance, allowance, tax, calendar, dan seterusnya")
    jurisdiction = serializers.CharField(help_text="Kode pemerintahnya, atau indonesia")
    title = serializers.CharField()
    decree = serializers.CharField(help_text="Nomor seperti dikutip orang")
    issued_on = serializers.DateField(allow_null=True)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text="Hari pertama tidak berlaku lagi")
    status = serializers.CharField(help_text="in_force, expected, atau assumed (boleh ditampilkan, tidak dibayarkan)")
    demonstration = serializers.BooleanField()
    sha256 = serializers.CharField(help_text="Sidik jari teksnya")


class SentenceSerializer(serializers.Serializer[Any]):
    """Satu kalimat dokumen."""

    section = serializers.CharField()
    key = serializers.CharField(help_text="Letaknya dalam dokumen")
    text = serializers.CharField(help_text="Kalimatnya, tanpa pasal")
    article = serializers.CharField(allow_blank=True, help_text="Pasal, atau 'pasal belum diverifikasi'")


class DocumentDetailSerializer(DocumentSerializer):
    """Dokumen yang dibacakan."""

    sentences = SentenceSerializer(many=True)

    def to_representation(self, document: Document) -> dict[str, Any]:
        """The head, and the sentences in the order in which they are read."""
        head = DocumentSerializer(document).data
        return head | {"sentences": SentenceSerializer(statements_of(document), many=True).data}
