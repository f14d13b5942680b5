"""The ten places of the pocket world, each a background and a few things in front of the figures."""

from __future__ import annotations

import random
from collections.abc import Callable

from . import scenery as s
from . import sky

Layers = tuple[str, str]
_FLOWERS = ("#e8616f", "#f59ac0", "#f7c948", "#b085d6", "#ffffff", "#f2884b", "#6f9fe8")
_SUNS = {
    "forest": (128, 84), "beach": (128, 104), "snow": (140, 88), "city": (128, 56),
    "bedroom": (88, 92), "rice field": (150, 80), "river": (120, 88), "garden": (180, 100), "village": (150, 78),
}  # fmt: skip
_WINDOW_VIEW = '<g transform="translate(86 26) scale(.47)">{}</g>'


def _pane(time: str) -> str:
    """The colour of a window seen from outside."""
    return s.GLOW if time == "night" else "#86b4cf"


def _sides(rng: random.Random, count: int, low: float = 243, high: float = 254) -> list[s.Point]:
    """Spots near the bottom edge, away from the middle."""
    return [(rng.choice((rng.uniform(2, 74), rng.uniform(182, 254))), rng.uniform(low, high)) for _ in range(count)]


def _trees(
    rng: random.Random, base: float, step: int, size: float, colours: tuple[str, str, str], line: float, gap: float
) -> str:
    """A row of trees that leaves a gap in the middle."""
    spots = [x + rng.uniform(-8, 8) for x in range(0, 262, step)]
    return "".join(
        s.tree(rng, x, base + rng.uniform(-3, 3), size * rng.uniform(0.85, 1.15), *colours, line)
        for x in spots
        if abs(x - 128) > gap
    )


def _forest(time: str, rng: random.Random) -> Layers:
    """Three layers of trees around a clearing, with mushrooms and a path."""
    far = _trees(rng, 158, rng.randint(20, 28), rng.uniform(68, 86), ("#a5cba0", "#b6d8ae", "#a9ad93"), 0, 12)
    middle = _trees(rng, 172, rng.randint(30, 42), rng.uniform(98, 120), ("#5d9a68", "#74b079", "#7a6450"), 0, 46)
    ground = s.ridge(rng, 168, 4, "#6a9a55") + s.path(
        "M118 166Q150 185 112 205Q80 230 70 262H190Q176 228 150 205Q160 182 134 166z", "#c4b07c"
    )
    near = s.tree(rng, rng.uniform(4, 26), 200, rng.uniform(165, 200), "#2f6b4a", "#3f8058", "#54402f", 1.8)
    near += s.tree(rng, rng.uniform(228, 254), 205, rng.uniform(170, 205), "#2f6b4a", "#3f8058", "#54402f", 1.8)
    shade = s.ridge(rng, 199, 3, "#4f8148", steps=7) if rng.random() < 0.4 else ""
    caps = "".join(s.mushroom(x, y) for x, y in _sides(rng, 3, 238, 250))
    bushes = s.bush(rng, rng.choice((12, 244)), 252, 44, "#3c7a50", 1.6)
    floor = s.tufts(rng, [(rng.uniform(0, 256), rng.uniform(182, 230)) for _ in range(8)], 6, "#48783f")
    return far + s.ridge(rng, 156, 4, "#93ba80") + middle + ground + shade + floor + near, s.tufts(
        rng, _sides(rng, 6), 12, "#356b40", 2.2
    ) + bushes + caps


def _beach(time: str, rng: random.Random) -> Layers:
    """Sea, sand, a palm and a parasol."""
    deep, shallow = sky.water(time) if time == "sunset" else ("#4bb3c8", "#6cc9d2")
    sea = s.rect(0, 124, 256, 80, deep) + s.rect(0, 146, 256, 50, shallow)
    crests = "".join(f"M{rng.uniform(0, 240):.1f} {rng.uniform(130, 164):.1f}q5 -4 10 0q5 4 10 0" for _ in range(9))
    foam = s.ridge(rng, 172, 4, "#f2fbf8", steps=7)
    sand = s.ridge(rng, 179, 4, "#f5dfae", steps=6) + s.ridge(rng, 206, 6, "#efd29a")
    boat = s.boat(rng.uniform(90, 200), 136, rng.choice(_FLOWERS[:4])) if rng.random() < 0.7 else ""
    tree = s.palm(rng, rng.uniform(24, 42), 200, rng.uniform(105, 128), line=1.6)
    shade = s.parasol(rng.uniform(206, 226), 206, rng.choice(("#e8616f", "#f2884b", "#6f9fe8", "#b085d6")))
    shells = "".join(s.shell(x, y, rng.choice(("#f7b7a5", "#f3c6d6", "#fff1dc"))) for x, y in _sides(rng, 4, 238, 250))
    return sea + s.stroke(crests, "#e4f6f4", 1.8) + boat + foam + sand + tree + shade, shells + s.starfish(
        *_sides(rng, 1, 236, 244)[0]
    )


def _snow(time: str, rng: random.Random) -> Layers:
    """Snowy peaks and hills with firs, and falling flakes."""
    far = s.mountains(rng, 152, 82, "#9fb8d4", "#f4f8fc") + s.ridge(rng, 146, 8, "#d3e3f0")
    small = "".join(
        s.fir(x + rng.uniform(-7, 7), 158 + rng.uniform(-4, 4), rng.uniform(26, 36), "#7fa5a3", "#eef5fa")
        for x in range(6, 256, 27)
    )
    hills = s.ridge(rng, 162, 7, "#e6f0f8") + s.ridge(rng, 182, 7, "#f7fbfe", steps=4)
    tall = "".join(
        s.fir(x + rng.uniform(-6, 6), y, rng.uniform(82, 122), "#3f7a6c", "#ffffff", 1.6)
        for x, y in ((20, 196), (50, 186), (234, 198))[rng.randint(0, 1) :]
    )
    extra = s.snowman(rng.uniform(196, 208), 204) if rng.random() < 0.4 else ""
    drifts = s.stroke(
        "".join(f"M{rng.uniform(0, 220):.1f} {rng.uniform(205, 245):.1f}q14 -4 28 0" for _ in range(5)), "#c9dcec", 2
    )
    flakes = s.discs((rng.uniform(0, 256), rng.uniform(0, 250), rng.uniform(1.1, 2.4)) for _ in range(34))
    heap = s.path(f"M-4 262Q{rng.uniform(14, 34):.1f} 226 80 262z", "#ffffff") + s.path(
        f"M196 262Q{rng.uniform(222, 244):.1f} 232 262 240V262z", "#ffffff"
    )
    return far + small + hills + tall + extra + drifts + s.path(flakes, "#ffffff"), heap


def _city(time: str, rng: random.Random) -> Layers:
    """A row of tall coloured houses along a street."""
    skyline = "".join(s.rect(x, 168 - (h := rng.uniform(70, 120)), 24, h, "#b9c7d8") for x in range(-6, 256, 23))
    walls = ["#e8907c", "#f2c879", "#8fbfb0", "#d98fa6", "#93aed6", "#efdcbf", "#b9a0cf"]
    rng.shuffle(walls)
    row, x = "", -rng.uniform(4, 20)
    while x < 256:
        w, middle = rng.uniform(36, 50), abs(x + 22 - 128) < 45
        row += _tower(rng, x, w, rng.uniform(64, 84) if middle else rng.uniform(88, 138), walls[int(x // 30) % 7], time)
        x += w
    street = (
        s.rect(0, 176, 256, 14, "#d9cfc4", 1.4)
        + s.rect(0, 190, 256, 70, "#8d8b9c")
        + s.path(s.boxes([(i, 214) for i in range(rng.randint(-30, 0), 256, 44)], 24, 5), "#f0ead8")
    )
    lamps = "".join(_lamp(x, 192, time) for x in (rng.uniform(22, 50), rng.uniform(206, 234)))
    return skyline + row + street + lamps, s.rect(0, 248, 256, 10, "#cfc5ba", 1.4) + s.path(
        s.boxes([(i, 249) for i in range(rng.randint(0, 30), 256, 36)], 1.4, 8), "#a59b94"
    )


def _tower(rng: random.Random, x: float, w: float, h: float, wall: str, time: str) -> str:
    """One tall house: roof, windows (some lit at night), door."""
    top, roof = 178 - h, rng.choice(("#a8564a", "#5f6b86", "#8a5a44"))
    shape = (
        [(x - 2, top), (x + w / 2, top - 19), (x + w + 2, top)]
        if rng.random() < 0.55
        else [(x - 2, top), (x - 2, top - 7), (x + w + 2, top - 7), (x + w + 2, top)]
    )
    gap = w / 3
    spots = [(x + gap * (i + 0.5) - 3.8, y) for y in range(int(top) + 9, 152, 18) for i in range(3)]
    dark = [spot for spot in spots if rng.random() < 0.3]
    lit = [spot for spot in spots if spot not in dark]
    panes = s.path(s.boxes(lit, 7.6, 10.5), s.GLOW if time == "night" else "#e6f3f7", 1) + (
        s.path(s.boxes(dark, 7.6, 10.5), "#5f7f9c", 1) if dark else ""
    )
    return (
        s.rect(x, top, w, h, wall, 1.6)
        + s.polygon(shape, roof, 1.6)
        + panes
        + s.rect(x + w / 2 - 5.5, 159, 11, 18, rng.choice(("#6b4a3a", "#4d6b7a", "#8a4a4a")), 1.2, 2)
    )


def _lamp(x: float, base: float, time: str) -> str:
    """A street lamp, glowing at night."""
    glow = s.oval(x, base - 66, 20, 20, s.GLOW, opacity=0.28) if time == "night" else ""
    return (
        glow
        + s.rect(x - 1.6, base - 60, 3.2, 60, "#4a4656")
        + s.oval(x, base - 65, 6, 7, s.GLOW if time == "night" else "#fbf3d6", 1.5)
    )


def _space(time: str, rng: random.Random) -> Layers:
    """Grey-violet moon ground with craters, in outer space."""
    ground = s.ridge(rng, 166, 7, "#8a83ad") + s.ridge(rng, 184, 6, "#b5aed0", 1.6, 4)
    holes = ""
    for _ in range(7):
        x, y, r = rng.uniform(8, 248), rng.uniform(194, 246), rng.uniform(8, 19)
        holes += s.oval(x, y, r, r * 0.34, "#8f87b3") + s.oval(x, y + r * 0.09, r * 0.84, r * 0.22, "#a19ac2")
    rocks = "".join(
        s.path(f"M{x - 10:.1f} {y + 4:.1f}q1 -13 10 -12q9 0 11 12z", "#7a7399", 1.5)
        for x, y in _sides(rng, 3, 242, 252)
    )
    return ground + holes + (s.rocket(rng.uniform(206, 226), 196) if rng.random() < 0.5 else ""), rocks


def _bedroom(time: str, rng: random.Random) -> Layers:
    """A warm room: a wall with a big window, shelf, lamp, bed and rug."""
    x, wall = rng.uniform(88, 99), rng.choice(("#f6d9b8", "#f7d3c4", "#f3dfb0", "#dfe0c4"))
    hills = s.path(f"M80 {rng.uniform(112, 120):.1f}Q110 {rng.uniform(98, 112):.1f} 145 114T212 110V130H80z", "#86b97a")
    room = s.path(f"M0 0H256V190H0zM{x:.1f} 28V128H{x + 104:.1f}V28z", wall) + s.rect(0, 184, 256, 72, "#c98f62")
    boards = s.stroke("M0 206H256M0 230H256", "#b37b50", 1.4) + s.rect(0, 180, 256, 6, "#fff3e2", 1.2)
    rug = (
        s.oval(140, 226, 92, 24, colour := rng.choice(_FLOWERS[:4] + _FLOWERS[5:]), 1.6)
        + s.oval(140, 226, 74, 17, "#fdf3e3")
        + s.oval(140, 226, 62, 13, colour)
    )
    curtains = rng.choice(("#e98a8a", "#8fb8d8", "#9cc59b", "#d8a0cf"))
    view = _frame(x, curtains) + _shelf(rng, 222) + _nightstand(226, 190, time)
    quilt = rng.choice(_FLOWERS[:4] + _FLOWERS[5:])
    toy = s.oval(px := rng.choice((22, 236)), 246, 10, 10, rng.choice(_FLOWERS[:4]), 1.6) + s.stroke(
        f"M{px - 9} 244q9 6 18 0", "#ffffff", 2.4
    )
    return hills + room + boards + view + rug + _bed(quilt), toy


def _bed(quilt: str) -> str:
    """A wooden bed with a pillow and a quilt folded at the top."""
    wood, ends = "#a8714a", s.rect(2, 128, 9, 78, "#a8714a", 1.7, 4)
    frame = (
        s.rect(8, 182, 96, 14, wood, 1.7, 3)
        + s.rect(8, 166, 96, 20, "#fdf6ea", 1.7, 5)
        + s.rect(13, 152, 34, 19, "#ffffff", 1.6, 8)
    )
    cover = s.path("M40 190V166Q42 158 54 158H94Q104 158 104 168V190z", quilt, 1.7) + s.path(
        "M40 190V166Q42 158 54 158H60Q52 160 52 168V190z", "#fff3e2", 1.3
    )
    return (
        ends
        + frame
        + cover
        + s.path(s.discs((x, y, 2.6) for x, y in ((66, 168), (80, 176), (92, 167), (68, 182), (94, 184))), "#fff3e2")
        + s.rect(101, 150, 9, 58, wood, 1.7, 4)
    )


def _frame(x: float, colour: str) -> str:
    """The window's white frame and two curtains."""
    bars = "".join(s.rect(px, py, w, h, "#fffaf0") for px, py, w, h in ((x + 49.5, 28, 5, 100), (x, 76, 104, 5)))
    edge = f'<rect x="{x:.1f}" y="28" width="104" height="100" fill="none" stroke="#fffaf0" stroke-width="7"/>'
    drapes = "".join(
        s.path(f"M{a:.1f} 18h{k * 24}Q{a + k * 22:.1f} 84 {a + k * 4:.1f} 140H{a - k * 10:.1f}z", colour, 1.6)
        for a, k in ((x - 10, 1), (x + 114, -1))
    )
    return (
        bars
        + edge
        + drapes
        + s.rect(x - 20, 14, 144, 5, "#8a5a44", 1.2, 2.5)
        + s.rect(x - 8, 128, 120, 7, "#fffaf0", 1.4, 2)
    )


def _shelf(rng: random.Random, x: float) -> str:
    """A wall shelf with books."""
    books = "".join(
        s.rect(x - 13 + i * 8, 76 - (h := rng.uniform(18, 28)), 7, h, rng.choice(_FLOWERS), 1.2) for i in range(5)
    )
    return books + s.rect(x - 18, 76, 52, 5, "#a8714a", 1.4)


def _nightstand(x: float, base: float, time: str) -> str:
    """A bedside table with a lamp, lit at night."""
    lit = time == "night"
    glow = (
        s.oval(x, base - 62, 44, 44, s.GLOW, opacity=0.2) + s.oval(x, base - 62, 26, 26, s.GLOW, opacity=0.35)
        if lit
        else ""
    )
    shade = s.polygon(
        [(x - 9, base - 74), (x + 9, base - 74), (x + 16, base - 52), (x - 16, base - 52)],
        s.GLOW if lit else "#f7e2a8",
        1.6,
    )
    return (
        s.rect(x - 20, base - 38, 40, 44, "#b57c50", 1.6, 3)
        + s.oval(x, base - 20, 3, 3, "#f6ead2")
        + glow
        + s.rect(x - 2, base - 53, 4, 16, "#7a5a4a", 1)
        + shade
    )


def _rice_field(time: str, rng: random.Random) -> Layers:
    """Curved terraces of young rice below misty mountains."""
    far = s.mountains(rng, 140, 74, "#a9c9cd") + s.ridge(rng, 128, 9, "#8fbd9f")
    greens = ["#b9d65a", "#d5e06a", "#a5cb4f", "#c9dd72", "#aed157", "#d9e27a", "#9cc74c"]
    bands, sag = "", rng.uniform(10, 22) * rng.choice((-1, 1))
    for i, green in enumerate(greens):
        y = 138 + i * (9 + i * 1.6)
        edge = f"M-5 {y + rng.uniform(-5, 5):.1f}C60 {y + sag:.1f} 150 {y - sag:.1f} 262 {y + rng.uniform(-5, 5):.1f}"
        bands += s.path(edge + "V262H-5z", green) + s.stroke(edge, "#7d9a3e", 2.4)
    rows = s.tufts(rng, [(rng.uniform(0, 256), rng.uniform(160, 236)) for _ in range(34)], 7, "#7fa93c", 1.5)
    hut = (
        s.cottage(rng.uniform(200, 222), 158, 46, 36, "#d9b98a", "#c9a05c", _pane(time), 1.4)
        if rng.random() < 0.7
        else ""
    )
    tree = s.palm(rng, rng.uniform(20, 44), 166, rng.uniform(72, 92), line=1.4)
    ears = s.tufts(rng, _sides(rng, 12, 250, 258), 19, "#8db840", 2.4)
    return far + bands + rows + hut + tree, ears


def _river(time: str, rng: random.Random) -> Layers:
    """A wide winding river with a bamboo bridge and bamboo on the banks."""
    far = s.ridge(rng, 112, 10, "#b5d3b8") + s.ridge(rng, 132, 6, "#8fbd8a")
    bend, y = rng.uniform(105, 150), 136
    bank = f"M{bend - 4:.1f} {y}C{bend + 40:.1f} {y + 6} {bend + 30:.1f} {y + 14} {bend - 30:.1f} {y + 18}S-40 172 -20 214H276V172C{bend + 90:.1f} 164 {bend + 30:.1f} 166 {bend + 44:.1f} 156S{bend + 50:.1f} 140 {bend + 6:.1f} {y}z"
    deep, shallow = sky.water(time)
    stream = s.path(bank, deep, 1.2) + s.path("M-10 188Q80 178 266 192V212H-10z", shallow)
    ripples = s.stroke(
        "".join(f"M{rng.uniform(0, 240):.1f} {rng.uniform(170, 200):.1f}q6 -3 12 0" for _ in range(10)), "#d6eefa", 1.8
    )
    banks = s.bush(rng, 30, 156, 44, "#6fae6a") + s.bush(rng, rng.uniform(220, 245), 152, 50, "#6fae6a")
    lilies = "".join(
        s.oval(x, y, 8, 2.8, "#6fae4e", 1.1)
        for x, y in ((rng.uniform(50, 150), rng.uniform(186, 202)) for _ in range(4))
    )
    near = s.ridge(rng, 210, 3, "#d9c48d", 1.4) + s.ridge(rng, 218, 3, "#86b860")
    clump = s.bamboo(rng, rng.uniform(14, 30), 212, rng.uniform(140, 165), rng.randint(4, 6))
    reeds = s.tufts(rng, _sides(rng, 8, 248, 256), 18, "#4f8a48", 2.4)
    return far + banks + stream + ripples + lilies + _bridge(rng.uniform(150, 165)) + near + clump, reeds


def _bridge(x: float) -> str:
    """An arched bamboo bridge that leaves the picture on the right."""
    deck = f"M{x:.1f} 176Q{x + 50:.1f} 148 262 158"
    posts = "".join(f"M{x + d:.1f} {y}v{h}" for d, y, h in ((6, 152, 46), (34, 140, 62), (64, 136, 64), (90, 138, 64)))
    rail = f"M{x + 2:.1f} 154Q{x + 50:.1f} 128 262 138"
    return (
        s.stroke(posts, s.LINE, 5)
        + s.stroke(posts, "#c9a55c", 3)
        + s.stroke(deck, s.LINE, 8.5)
        + s.stroke(deck, "#dab96e", 6)
        + s.stroke(rail, s.LINE, 4.8)
        + s.stroke(rail, "#dab96e", 2.8)
    )


def _garden(time: str, rng: random.Random) -> Layers:
    """Flower beds before a white picket fence, with an apple tree."""
    hedge = "".join(s.bush(rng, x + rng.uniform(-8, 8), 162, rng.uniform(46, 62), "#8cc084") for x in range(0, 270, 34))
    lawn = s.rect(0, 160, 256, 100, "#a8d67c") + s.path(
        "M108 180Q128 176 146 180Q172 220 196 262H60Q90 220 108 180z", "#f1e2bd"
    )
    beds = (
        s.oval(20, 200, 80, 21, "#8a6249")
        + s.oval(244, 202, 72, 22, "#8a6249")
        + s.tufts(rng, [(x, y) for x, y in _bed_spots(rng, 22)], 9, "#4c8f4f")
    )
    dots = "".join(
        s.path(s.discs((x, y - 6, rng.uniform(3.2, 5.2)) for x, y in _bed_spots(rng, 14)), colour)
        for colour in _FLOWERS
    )
    apples = s.tree(rng, x := rng.uniform(24, 46), 190, rng.uniform(128, 150), "#69ab5a", "#82bf6c", "#8a6248", 1.7)
    fruit = s.path(s.discs((x + rng.uniform(-38, 38), rng.uniform(70, 112), 4.4) for _ in range(9)), "#e0484a", 1.2)
    front = "".join(
        s.flower(x, y, rng.uniform(7, 10), rng.choice(_FLOWERS), 24, 1.4) for x, y in _sides(rng, 6, 228, 242)
    )
    return hedge + s.fence(rng.uniform(-10, 0)) + lawn + beds + dots + apples + fruit, front


def _bed_spots(rng: random.Random, count: int) -> list[s.Point]:
    """Spots in the two flower beds."""
    return [(rng.choice((rng.uniform(0, 84), rng.uniform(184, 256))), rng.uniform(188, 216)) for _ in range(count)]


def _village(time: str, rng: random.Random) -> Layers:
    """Red-tiled houses, a banyan and a brick gate on warm earth."""
    far = s.ridge(rng, 130, 9, "#b9d0a8") + s.ridge(rng, 148, 5, "#9dbf86")
    yard = s.ridge(rng, 170, 3, "#e3c08e") + s.path("M104 168H150Q160 205 214 262H44Q96 205 104 168z", "#f0d8ae")
    palms = s.palm(rng, rng.uniform(150, 175), 160, rng.uniform(70, 90)) + s.palm(
        rng, rng.uniform(60, 85), 158, rng.uniform(56, 72)
    )
    roofs = rng.sample(("#c9553f", "#d2664a", "#b84a3a"), 2)
    homes = s.cottage(rng.uniform(116, 132), 164, 72, 52, "#f6e3b4", roofs[0], _pane(time), 1.3)
    homes += s.cottage(rng.uniform(216, 226), 186, 98, 84, "#f3d9a0", roofs[1], _pane(time), 1.7)
    gate = s.gate(rng.uniform(60, 74), 180)
    pot = "".join(
        s.path(f"M{x - 9} 246q-7 -16 3 -20h12q10 4 3 20z", "#a8694a", 1.5)
        for x in (rng.choice((14, 20)), rng.choice((238, 246)))
    )
    return far + palms + yard + homes + gate + s.banyan(rng, rng.uniform(8, 18), 196), pot + s.tufts(
        rng, _sides(rng, 5, 250, 256), 11, "#8a9a50", 2
    )


_DRAW: dict[str, Callable[[str, random.Random], Layers]] = {
    "forest": _forest, "beach": _beach, "snow": _snow, "city": _city, "space": _space,
    "bedroom": _bedroom, "rice field": _rice_field, "river": _river, "garden": _garden, "village": _village,
}  # fmt: skip


def draw_place(place: str, time: str, rng: random.Random) -> Layers:
    """The background of a place at a time of day, and what stands in front of the figures."""
    hour = tint = "day" if place == "space" else time
    shift = (rng.randint(-13, 13), rng.randint(-9, 9), rng.randint(-13, 13))
    above = sky.cosmos(rng) if place == "space" else sky.sky(time, rng, _SUNS[place])
    if place == "bedroom":
        tint = "lamplight" if time == "night" else time
        above = _WINDOW_VIEW.format(above)
    back, front = (sky.tone(layer, tint, shift) for layer in _DRAW[place](hour, rng))
    view = _view(rng)
    return view.format(above + back), view.format(front)


def _view(rng: random.Random) -> str:
    """A group that looks at the place from a little nearer, half of the time as in a mirror."""
    zoom, side = rng.uniform(1, 1.09), rng.choice((-1, 1))
    return f'<g transform="matrix({side * zoom:.3f} 0 0 {zoom:.3f} {128 - side * 128 * zoom:.2f} {136 - 136 * zoom:.2f})">{{}}</g>'
