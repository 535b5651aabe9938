"""The served apps of tests/ui, for those who attack them."""

from tests.web.conftest import ada, bob, made, poet_root, public, public_site

__all__ = ["ada", "bob", "made", "poet_root", "public", "public_site"]
