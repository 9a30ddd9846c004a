"""What can be wrong with a network, a recipe or a dataset.

ModelsError
├── NetworkError        a shipped network cannot be used
│   ├── NetworkMissing  no network, precision or file of that name
│   ├── NetworkDamaged  a file's bytes are not those its card names
│   └── CardUnreadable  the card is no JSON or lacks something
├── RecipeError         a recipe file has a wrong key or value
└── DatasetError        pictures or labels are not where the recipe says, or are malformed

Each message says what is wrong, where, and what to do.
"""


class ModelsError(Exception):
    """Anything this package refuses; the command line prints it as one line."""


class NetworkError(ModelsError):
    """A shipped network cannot be used."""


class NetworkMissing(NetworkError):
    """There is no network, precision or file of that name."""


class NetworkDamaged(NetworkError):
    """A file's bytes are not those its card names."""


class CardUnreadable(NetworkError):
    """The card is no JSON, or lacks a key that is needed."""


class RecipeError(ModelsError):
    """A recipe file has a wrong key or value."""


class DatasetError(ModelsError):
    """Pictures or labels are not where the recipe says, or are malformed."""
