"""Contact sheets for the builders of the world (a throwaway tool, not part of the product).

    python sheet.py figures fox,girl OUT.png [clothes=dress hair_style=long mood=sad …]   one row per kind, one column per pose
    python sheet.py moods fox,girl OUT.png                                               one row per kind, one column per mood
    python sheet.py places forest,beach OUT.png                                          one row per place: two of each hour
    python sheet.py parts scenery/tree,scenery/pine OUT.png leaf=#4f9160 bark=#6a5444     scenery parts alone
    python sheet.py props book,kite OUT.png                                              props in the hands of a girl
"""
import io, random, sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).parent))
import numpy as np, resvg_py
from PIL import Image
from studio.pocket.world.description import Figure
from studio.pocket.world.parts import inked, part, table, mixed
from studio.pocket.world.puppet import draw_figure
from studio.pocket.world.stage import draw_place
from studio.pocket.world.picture import rendered
rng = random.Random(5)
what, names, out, *extra = sys.argv[1:]
extra = dict(one.split("=") for one in extra)
names = names.split(",")
PX = int(extra.pop("px", 190))
def fig(kind, prop="", **given):
    given = {**extra, **given}
    return rendered(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-75 -140 150 150"><rect x="-75" y="-140" width="150" height="150" fill="#dfeee0"/>{inked(draw_figure(Figure(kind, **given), rng, prop))}</svg>', PX)
def stage(place, time):
    back, front = draw_place(place, time, rng)
    body = f'<g transform="translate(128 230) scale(1.3)">{inked(draw_figure(Figure("fox"), rng))}</g>'
    return rendered(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256">{back}{body}{front}</svg>', 256)
def alone(name):
    d = part(name); v = {k: c for k, c in table("palette").items() if isinstance(c, str)} | {"pane": "#bfe0ee", "glow": "#fbf3d6", "own": "#d9493f"} 
    for k, c in extra.items(): v |= {k: c, k + "_light": mixed(c, "#fff6e0", .3), k + "_dark": mixed(c, "#3a3550", .25)}
    return rendered(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-60 -110 120 120"><rect x="-60" y="-110" width="120" height="120" fill="#dfeee0"/><g stroke="#3a2f3a" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round">{"".join(one.svg.substitute(v | dict(d.values)) for one in d.layers if one.seen("day"))}</g></svg>', PX)
if what == "figures":
    rows = []
    for kind in names:
        rig = dict(part(f"figures/{table('people/kinds').get(kind, {}).get('figure', kind)}").values)["rig"]
        rows.append([fig(kind, pose=pose) for pose in table(f"stances/{rig}")])
elif what == "moods": rows = [[fig(kind, mood=mood) for mood in ("happy", "sad", "surprised", "angry", "afraid") if mood != "afraid" or any(l.id == "eye-afraid" for l in part("figures/face").layers)] for kind in names]
elif what == "places": rows = [[stage(place, time) for time in ("day", "sunset", "night") for _ in range(2)] for place in names]
elif what == "parts": rows = [[alone(name) for name in names]]
elif what == "props": 
    def held(name): 
        d = part(f"props/{name}"); v = {k: c for k, c in table("palette").items() if isinstance(c, str)} | {"own": "#d9493f"} | dict(d.values)
        return "".join(one.svg.substitute(v) for one in d.layers)
    rows = [[fig("girl", prop=held(name)) for name in names]]
wide = max(len(row) for row in rows)
rows = [row + [np.full_like(row[0], 255)] * (wide - len(row)) for row in rows]
Image.fromarray(np.concatenate([np.concatenate(row, 1) for row in rows], 0)).save(out)
