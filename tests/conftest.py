"""What holds for every test."""

from hypothesis import settings

# Two cores shared with encoders make a deadline fail for no reason of ours.
settings.register_profile("viahe", deadline=None)
settings.load_profile("viahe")
