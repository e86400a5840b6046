"""Static files outside DEBUG: hashed names, compressed in advance, kept by browsers for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also hashes the names in JavaScript imports. Otherwise a new script could run with old modules."""

    support_js_module_import_aggregation = True
