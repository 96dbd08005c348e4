"""Plain pages: the store as HTML, for search engines, previews of links, and people before the client has started."""
