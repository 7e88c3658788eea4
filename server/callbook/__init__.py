"""The journal of calls as the owner reads it: searched, page by page, and each call's whole story."""
