"""Who may see what, as a pure function."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

import msgspec

Section = Literal["profile", "library", "friends", "activity"]
Audience = Literal["everyone", "friends", "nobody"]

PROFILE: Final = "profile"
SECTIONS: tuple[Section, ...] = get_args(Section)
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a person shows each section.

    Attributes:
        is_findable: Whether a search by strangers finds the person.
    """

    profile: Audience = "everyone"
    library: Audience = "friends"
    friends: Audience = "friends"
    activity: Audience = "friends"
    is_findable: bool = True

    def audience(self, section: Section) -> Audience:
        """Return to whom a section is shown."""
        audience: Audience = getattr(self, section)
        return audience

    @property
    def is_listed(self) -> bool:
        """Whether a search may find the person at all."""
        return self.is_findable and self.profile != "nobody"


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """What the viewer is to the owner. A block counts whoever of the two has set it."""

    is_self: bool = False
    is_friend: bool = False
    is_blocked: bool = False


STRANGER = Tie()
SELF = Tie(is_self=True)


class Sight(msgspec.Struct, frozen=True):
    """What a viewer sees of an owner.

    Attributes:
        is_known: Whether they may learn that the owner exists: name and picture.
        sections: What else they see.
    """

    is_known: bool
    sections: frozenset[Section]

    @property
    def hidden(self) -> tuple[Section, ...]:
        """The sections that the viewer does not see."""
        return tuple(section for section in SECTIONS if section not in self.sections)


BLIND = Sight(is_known=False, sections=frozenset())


def sight(rules: Rules, tie: Tie, exceptions: Mapping[Section, bool]) -> Sight:
    """Return what a viewer sees of an owner.

    One sees all of oneself. A block hides everything, from either side. Then an exception made for this viewer decides, else
    the rule of the section. Whoever does not see the profile sees no section; whoever is not meant to see the profile at
    all, since it is for nobody or closed to them, does not even learn that the owner exists.

    Args:
        rules: The owner's.
        tie: What the viewer is to the owner.
        exceptions: The sections that the owner has opened (true) or closed (false) for this viewer.
    """
    if tie.is_self:
        return Sight(is_known=True, sections=frozenset(SECTIONS))
    if tie.is_blocked:
        return BLIND
    open_to_viewer = frozenset(
        section
        for section in SECTIONS
        if exceptions.get(section, _includes(rules.audience(section), is_friend=tie.is_friend))
    )
    if PROFILE in open_to_viewer:
        return Sight(is_known=True, sections=open_to_viewer)
    is_known = rules.profile != "nobody" and exceptions.get(PROFILE, True)
    return Sight(is_known=is_known, sections=frozenset())


def _includes(audience: Audience, *, is_friend: bool) -> bool:
    return audience == "everyone" or (audience == "friends" and is_friend)
