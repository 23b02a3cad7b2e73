"""Static files under hashed names, also where one ES module imports another."""

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):
    """WhiteNoise's hashed and compressed storage, with module imports rewritten."""

    support_js_module_import_aggregation = True

    def create_compressor(self, **options: object) -> Compressor:
        """gzip alone: brotli takes ten seconds of the first start to save a tenth of the bytes."""
        return Compressor(**options, use_brotli=False)
