"""What one says of oneself, as a form."""

from typing import Any

from samovar.client.api.account.profiles import Me
from samovar.client.state.forms import Form

LINKS_MAX = 5
LINK_TITLE_MAX = 40


def values_of(me: Me) -> dict[str, str]:
    """Return a form filled in with what is there."""
    values = {
        "display_name": me.display_name,
        "name": me.name or "",
        "bio": me.bio,
        "is_country_shown": "yes" if me.is_country_shown else "",
    }
    for at, link in enumerate(me.links):
        values[f"title.{at}"] = link.title
        values[f"url.{at}"] = link.url
    return values


def change_of(form: Form, me: Me) -> dict[str, Any]:
    """Return what differs from what is there, so that nothing is written back that has changed elsewhere meanwhile.

    A link whose two fields are empty is left out; one without a title is called by its address.
    """
    links = [
        {
            "title": form.text(f"title.{at}") or form.text(f"url.{at}")[:LINK_TITLE_MAX],
            "url": form.address(f"url.{at}"),
        }
        for at in range(LINKS_MAX)
        if form.text(f"title.{at}") or form.text(f"url.{at}")
    ]
    wanted = {
        "display_name": form.text("display_name"),
        "name": form.text("name") or None,
        "bio": form.text("bio"),
        "links": links,
        "is_country_shown": form.chosen("is_country_shown"),
    }
    present = {
        "display_name": me.display_name,
        "name": me.name,
        "bio": me.bio.strip(),
        "links": [{"title": one.title, "url": one.url} for one in me.links],
        "is_country_shown": me.is_country_shown,
    }
    return {name: value for name, value in wanted.items() if value != present[name]}
