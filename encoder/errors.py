"""What can be wrong with the encoder, one class for each."""


class EncoderError(Exception):
    """The encoder cannot be used."""


class BrokenEncoderError(EncoderError):
    """A file of the encoder is missing or cannot be read."""


class BrokenHeadError(EncoderError):
    """A classifier over the encoder's vectors cannot be read."""
