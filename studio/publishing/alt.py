"""What pictures show, for those who cannot see them: in the language of the story."""

from __future__ import annotations

import gettext

from ..settings import ASSETS
from ..story.scene import Scene
from ..story.story import Language
from ..story.telling import Telling


def alt_text(scene: Scene, language: Language) -> str:
    """The scene in one line."""
    translate = gettext.translation("studio", ASSETS / "locale", [language]).gettext
    return Telling(language, translate).told(scene).strip(" ,")
