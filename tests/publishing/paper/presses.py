"""A printing press made up for tests, as an ICC profile of version 2: no free one could be shipped."""

from __future__ import annotations

import struct

import numpy as np

GRID = 9
D50 = (0.9642, 1.0, 0.8249)
# sRGB to XYZ of D50, as ICC profiles of sRGB have it
TO_XYZ = np.array([[0.4360, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]])


def press_profile(black: bool = True, both_ways: bool = True) -> bytes:
    """A CMYK press. Without `black` it prints dark colours in three inks, up to 300 % thick; without `both_ways` it only
    tells what inks look like."""
    looks = _lut(4, 3, _lab_bytes(_rgb_of_inks(_grid(4))))
    takes = _lut(3, 4, _inks_of_rgb(_rgb_of_lab(_grid(3)), black))
    tags = {b"desc": _description("A press for tests"), b"cprt": b"text\0\0\0\0nobody's\0", b"wtpt": _xyz(D50)}
    tags |= {b"A2B0": looks, b"A2B1": looks} | ({b"B2A0": takes, b"B2A1": takes} if both_ways else {})
    at, table, body = 128 + 4 + 12 * len(tags), [], b""
    for name, content in tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        table.append(struct.pack(">4sII", name, at + len(body), len(content)))
        body += padded
    return _header(at + len(body)) + struct.pack(">I", len(tags)) + b"".join(table) + body


def _header(size: int) -> bytes:
    first = struct.pack(">I4xI4s4s4s", size, 0x02100000, b"prtr", b"CMYK", b"Lab ")
    day = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    return (first + day + b"acsp" + b"\0" * 28 + _fixed(D50)).ljust(128, b"\0")


def _fixed(numbers) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def _xyz(numbers) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(numbers)


def _description(words: str) -> bytes:
    plain = words.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(plain)) + plain + b"\0" * (4 + 4 + 2 + 1 + 67)


def _lut(inner: int, outer: int, cube: np.ndarray) -> bytes:
    straight = bytes(range(256))
    head = b"mft1\0\0\0\0" + bytes([inner, outer, GRID, 0]) + _fixed((1, 0, 0, 0, 1, 0, 0, 0, 1))
    return head + straight * inner + cube.astype(np.uint8).tobytes() + straight * outer


def _grid(channels: int) -> np.ndarray:
    """All points of the cube, 0 … 1, the first channel slowest: [GRID ** channels, channels]."""
    return np.stack(np.meshgrid(*[np.linspace(0, 1, GRID)] * channels, indexing="ij"), -1).reshape(-1, channels)


def _rgb_of_inks(inks: np.ndarray) -> np.ndarray:
    return (1 - inks[:, :3]) * (1 - inks[:, 3:])


def _inks_of_rgb(rgb: np.ndarray, black: bool) -> np.ndarray:
    most = rgb.max(axis=1, keepdims=True)
    dark = 1 - most if black else np.zeros_like(most)
    inks = (1 - rgb - dark) / np.maximum(1 - dark, 1e-6)
    inks *= dark < 0.9  # over so much black nobody sees them
    return np.hstack([inks, dark]).clip(0, 1) * 255


def _lab_bytes(rgb: np.ndarray) -> np.ndarray:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = (linear @ TO_XYZ.T / D50).T
    fx, fy, fz = (np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116) for t in (x, y, z))
    return np.stack([(116 * fy - 16) * 2.55, 500 * (fx - fy) + 128, 200 * (fy - fz) + 128], -1).clip(0, 255).round()


def _rgb_of_lab(points: np.ndarray) -> np.ndarray:
    lightness, a, b = (points * 255).T
    fy = (lightness / 2.55 + 16) / 116
    f = np.stack([fy + (a - 128) / 500, fy, fy - (b - 128) / 200], -1)
    xyz = np.where(f**3 > 0.008856, f**3, (f - 16 / 116) / 7.787) * D50
    linear = (xyz @ np.linalg.inv(TO_XYZ).T).clip(0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
