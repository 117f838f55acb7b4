"""What can be wrong with a published model, one class for each."""


class RegistryError(Exception):
    """A model could not be published, found or trusted."""


class UnknownKindError(RegistryError):
    """The kind of model is none that Florin serves."""


class UnknownModelError(RegistryError):
    """No model is published under that hash."""


class TamperedModelError(RegistryError):
    """A published model's files are not those that its hash names."""


class NothingToPublishError(RegistryError):
    """The folder to publish is missing or holds no file."""


class NoEarlierModelError(RegistryError):
    """There is no model before the one that serves."""
