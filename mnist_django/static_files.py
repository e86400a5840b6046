"""Static files outside DEBUG: named by their content, packed beforehand, kept by browsers for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also renames the files that JavaScript modules import; without it a new version could run with old modules."""

    support_js_module_import_aggregation = True
