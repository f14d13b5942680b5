"""How soon work stops and everything is gone when a consent is taken back while a real worker draws with the hero.

python -m benchmarks.withdrawal
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
STORY = " ".join(f"On day {day} Lan finds a red kite in the garden and runs after it." for day in range(1, 13))


def main() -> None:
    with tempfile.TemporaryDirectory() as room:
        os.environ["STUDIO_HOME"] = str(Path(room) / "home")
        import launch
        from studio.adapters.card import Worn
        from studio.library.consent import Consent
        from studio.progress import finish
        from studio.settings import SAMPLES
        from studio.workshop import Workshop

        workshop = Workshop()
        photos = [(path.name, path.read_bytes()) for path in sorted((SAMPLES / "may").glob("*.png"))]
        agreed = Consent(who="her mother", role="parent", purposes=("train", "print"))
        id = workshop.begin_character("Lan", "person", photos, "girl", agreed).character.id
        finish(workshop.train_character(id, "draft", steps=10))
        book = workshop.begin_book(workshop.read_story(STORY), pages=12, characters=(Worn(id),))
        with launch.worker():
            job = workshop.submit_drawing(book.id)
            while workshop.job(job).done < 2:
                time.sleep(0.2)
            workshop.submit_training(id, "best")
            began = time.monotonic()
            receipt = workshop.withdraw_consent(id)
            gone = time.monotonic() - began
            time.sleep(5)
            again = [path.name for path in (Path(room) / "home" / "books" / book.id / "pictures").glob("*.png")]
        stopped = workshop.live_jobs() == () and not again and not (workshop.settings.characters / id).exists()
        print(f"erased after {gone:.1f} s; nothing came after it: {stopped}; {len(receipt.stores)} places told")


if __name__ == "__main__":
    main()
