"""Static files under hashed names, also where one ES module imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):
    """WhiteNoise's hashed and compressed storage, with module imports rewritten."""

    support_js_module_import_aggregation = True
