"""How much a person may send at once: a larger file is read to its end and thrown away, never stored."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from core.tabular import MAX_BYTES

# The fields and the borders between the parts come on top of the file.
ENVELOPE_BYTES = 1024 * 1024


class BoundedUploads(FileUploadHandler):
    """First of the upload handlers; sets `request.upload_too_large` when the bound was passed."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        """Judge by the announced length before anything is read."""
        self.received_bytes = 0
        self.too_large = content_length > MAX_BYTES + ENVELOPE_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Refuse the first file of a request that is too large."""
        super().new_file(*args, **kwargs)
        if self.too_large:
            self._stop()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, whatever length was announced."""
        self.received_bytes += len(raw_data)
        if self.received_bytes > MAX_BYTES:
            self._stop()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind make the file."""

    def _stop(self) -> None:
        self.request.upload_too_large = True
        raise StopUpload(connection_reset=False)
