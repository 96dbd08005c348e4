"""What can go wrong with news.

NotFound
└── PostNotFound    404  catalog.post_not_found    there is none, or none that the caller may see
Conflict
├── PostInState     409  catalog.post_in_state     it is not in a state in which that can be done
└── TooManyPosts    409  catalog.too_many_posts    the app has as many as it may
"""

from samovar.kit.errors import Conflict, NotFound


class PostNotFound(NotFound):
    """There is no such post, or none that the caller may see."""

    code = "catalog.post_not_found"


class PostInState(Conflict):
    """It is not in a state in which that can be done; the parameter `state` says in which it is."""

    code = "catalog.post_in_state"


class TooManyPosts(Conflict):
    """The app has as many posts as it may; the parameter `limit` says how many."""

    code = "catalog.too_many_posts"
