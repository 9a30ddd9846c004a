"""The keys the pages answer to, as the page of keys lists them."""

from dataclasses import dataclass

from viahe_api.language import Language


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """`keys` pairs the keys of one effect with what they do."""

    title: str
    keys: tuple[tuple[tuple[str, ...], str], ...]


def key_groups(language: Language) -> tuple[KeyGroup, ...]:
    """In the order a person meets them."""
    say = language.gettext
    return (
        KeyGroup(
            say("Everywhere"),
            (
                (("?",), say("This list of keys")),
                (("/",), say("Search")),
                (("Esc",), say("Leave a field, close a panel")),
            ),
        ),
        KeyGroup(
            say("Queue"),
            (
                (("↑", "↓"), say("Choose a case")),
                (("Enter",), say("Open the chosen case")),
                (("N",), say("Show new cases")),
            ),
        ),
        KeyGroup(
            say("Case"),
            (
                (("C",), say("Confirm sufficient grounds")),
                (("L", "0-9"), say("Reject, with a reason")),
                (("B",), say("Request more evidence")),
                (("T", "1-5"), say("Duplicate of a near case")),
                (("T", "0"), say("Duplicate of a case by its code")),
                (("Q",), say("Skip")),
                (("H",), say("Undo the last decision")),
                (("G",), say("Write a note")),
                (("Ctrl+Enter",), say("Send from the note")),
            ),
        ),
        KeyGroup(
            say("Clip"),
            (
                ((say("Space"),), say("Play or pause")),
                ((",", "."), say("Previous or next frame")),
                (("←", "→"), say("One second back or on")),
                (("<", ">"), say("Slower or faster")),
                (("P",), say("Replay the act")),
                (("M",), say("Loop")),
                (("K", "V", "N"), say("Boxes, zone, leaver")),
            ),
        ),
        KeyGroup(
            say("Zone editor"),
            (
                (("Tab",), say("Next vertex")),
                (("←", "→", "↑", "↓"), say("Move by 0.2 %, with Shift by 2 %")),
                (("Enter",), say("Insert a vertex at a plus, choose a vertex")),
                (("Delete",), say("Delete the vertex")),
                (("Ctrl+Z", "Ctrl+Y"), say("Undo, redo")),
            ),
        ),
    )
