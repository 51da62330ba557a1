#!/usr/bin/env python3
"""Makes a folder of odd Windows files: damaged, truncated, with false sizes, packed, oddly named, in deep folders.

    python3 scripts/odd_files.py FOLDER

It makes the same files each time. scripts/test_collectors.sh compares the collectors with hotfixcheck on them.
"""

import os
import random
import struct
import sys

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "sample")


def pad(data, to=4):
    return data + b"\0" * (-len(data) % to)


def node(key, value=b"", children=b"", text=False, wide=True, length=None):
    """One node of a version block: a length, a value length, a type (wide blocks only), a key, value and children."""
    head = 6 if wide else 4
    name = (key + "\0").encode("utf-16-le" if wide else "cp1252")
    body = pad(b"\0" * head + name) + value
    if children:
        body = pad(body) + children
    value_length = len(value) // 2 if wide and text else len(value)
    size = len(body) if length is None else length
    start = struct.pack("<HHH", size, value_length, text) if wide else struct.pack("<HH", size, value_length)
    return start + body[head:]


def block(strings, key="040904B0", wide=True, encoding="cp1252", version=(4, 0, 1381, 7086), tables=1):
    fixed = struct.pack("<II", 0xFEEF04BD, 0x10000)
    fixed += 2 * struct.pack("<HHHH", version[1], version[0], version[3], version[2]) + b"\0" * 28

    def string(name, value):
        value = (value + "\0").encode("utf-16-le" if wide else encoding, "surrogatepass" if wide else "strict")
        return pad(node(name, value, text=True, wide=wide))

    table = pad(node(key, children=b"".join(string(n, v) for n, v in strings), text=True, wide=wide))
    info = node("StringFileInfo", children=table * tables, text=True, wide=wide)
    return node("VS_VERSION_INFO", fixed, pad(info), wide=wide)


STRINGS = [
    ("CompanyName", "Example"),
    ("FileVersion", "4.00"),
    ("InternalName", "odd"),
    ("OriginalFilename", "ODD.DLL"),
    ("ProductName", "Odd files"),
    ("ProductVersion", "4.00"),
]


def pe(version_block, machine=0x14C, magic=0x10B, languages=1):
    """A PE file with one section, which holds the resources."""
    optional = 224 if magic == 0x10B else 240
    dos = b"MZ" + b"\0" * 22 + struct.pack("<H", 0x40) + b"\0" * 34 + struct.pack("<I", 0x80)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", machine, 1, 0x36000000, 0, 0, optional, 0x2102)
    header = bytearray(optional)
    struct.pack_into("<H", header, 0, magic)
    struct.pack_into("<II", header, 32, 0x1000, 0x200)
    struct.pack_into("<III", header, 56, 0x2000, 0x200, 0x1234)
    count = optional - 128 - 4
    struct.pack_into("<I", header, count, 16)
    struct.pack_into("<II", header, count + 4 + 16, 0x1000, 0x1000)

    def directory(entries):
        return struct.pack("<IIHHHH", 0, 0, 0, 0, 0, len(entries)) + b"".join(struct.pack("<II", *e) for e in entries)

    leaves = 48 + 16 + 8 * languages
    data = leaves + 16 * languages
    data += -data % 16
    tree = directory([(16, 0x80000018)]) + directory([(1, 0x80000030)])
    tree += directory([(1033 + i, leaves + 16 * i) for i in range(languages)])
    size = len(pad(version_block, 16))
    for i in range(languages):
        tree += struct.pack("<IIII", 0x1000 + data + size * i, len(version_block), 0, 0)
    resources = pad(tree, 16) + pad(version_block, 16) * languages
    raw = len(pad(resources, 512))
    section = b".rsrc\0\0\0" + struct.pack("<IIII", len(resources), 0x1000, raw, 0x200) + b"\0" * 16
    return pad(pad(dos, 0x80) + coff + bytes(header) + section, 0x200) + pad(resources, 512)


def ne(version_block, name=None, shift=4):
    """A 16-bit program whose resource table has an icon and a version resource, by number or by name."""
    dos = pad(b"MZ" + b"\0" * 22 + struct.pack("<H", 0x40) + b"\0" * 34 + struct.pack("<I", 0x80), 0x80)
    header = bytearray(0x40)
    header[:2] = b"NE"
    struct.pack_into("<HH", header, 0x24, 0x40, 0xC0)
    header[0x36] = 2
    at = 0x200
    kind = 2 + 20 + 20 + 2 if name else 0x8010
    table = struct.pack("<H", shift)
    table += struct.pack("<HHI", 0x8003, 1, 0) + struct.pack("<HHHHHH", at >> shift, 2, 0, 0x8001, 0, 0)
    row = (at >> shift, (len(version_block) + (1 << shift) - 1) >> shift, 0, 0x8001, 0, 0)
    table += struct.pack("<HHI", kind, 1, 0) + struct.pack("<HHHHHH", *row)
    table += struct.pack("<H", 0)
    if name:
        table += bytes([len(name)]) + name
    return pad(dos + bytes(header) + table, at) + pad(version_block, 1 << shift)


def le(version_block, text_names=False):
    """A virtual device driver whose resources follow each other."""
    dos = pad(b"MZ" + b"\0" * 22 + struct.pack("<H", 0x40) + b"\0" * 34 + struct.pack("<I", 0x80), 0x80)
    header = bytearray(0xC4)
    header[:2] = b"LE"
    struct.pack_into("<HH", header, 8, 2, 4)
    struct.pack_into("<I", header, 0x40, 0xC4)
    first = (b"ICON\0" if text_names else b"\xff\x03\0") + b"\xff\x01\0" + struct.pack("<HI", 0, 8) + b"\0" * 8
    head = b"\xff\x10\0" + b"\xff\x01\0" + struct.pack("<HI", 0, len(version_block))
    resources = first + head + version_block
    struct.pack_into("<II", header, 0xB8, 0x200, len(resources))
    return pad(dos + bytes(header), 0x200) + resources


def lz(data):
    """Only literals: LZSS that every reader can unpack."""
    out = b""
    for start in range(0, len(data), 8):
        out += b"\xff" + data[start : start + 8]
    return out


def szdd(data, letter=b"L"):
    return b"SZDD\x88\xf0\x27\x33A" + letter + struct.pack("<I", len(data)) + lz(data)


def kwaj(data, method, flags=0x19):
    head = b"KWAJ\x88\xf0\x27\xd1"
    more = (struct.pack("<I", len(data)) if flags & 1 else b"") + (b"\0\0" if flags & 2 else b"")
    more += (b"\3\0abc" if flags & 4 else b"") + (b"ODD\0" if flags & 8 else b"") + (b"DLL\0" if flags & 16 else b"")
    packed = {0: data, 1: bytes(b ^ 0xFF for b in data), 2: lz(data)}.get(method, data)
    return head + struct.pack("<HHH", method, 14 + len(more), flags) + more + packed


def cabinet(members, method=0):
    """A cabinet of one folder, stored."""
    data = b"".join(content for _, content in members)
    names, offset = b"", 0
    for name, content in members:
        names += struct.pack("<IIHHHH", len(content), offset, 0, 0x2C21, 0x6000, 0x20) + name + b"\0"
        offset += len(content)
    first = 36 + 8
    blocks = [data[i : i + 32768] for i in range(0, len(data), 32768)] or [b""]
    folder = struct.pack("<IHH", first + len(names), len(blocks), method)
    body = b"".join(struct.pack("<IHH", 0, len(b), len(b)) + b for b in blocks)
    size = first + len(names) + len(body)
    head = b"MSCF" + struct.pack("<IIIIIBBHHHHH", 0, size, 0, first, 0, 3, 1, 1, len(members), 0, 1, 0)
    return head + folder + names + body


class Folder:
    def __init__(self, path):
        self.path = path
        os.makedirs(path, exist_ok=True)
        self.count = 0

    def add(self, data, extension="dll", name=None):
        self.count += 1
        name = name or f"{self.count:05}.{extension}"
        with open(os.path.join(self.path, name), "wb") as file:
            file.write(data)

    def damaged(self, good, extension, chance, count):
        """Copies truncated at many positions, with fields and bytes overwritten, and with bytes removed."""
        for size in sorted({*range(0, min(len(good), 160), 4), *range(160, len(good), 61)}):
            self.add(good[:size], extension)
        extremes = [0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFF, 0xFFFFFFFC, 0x10000]
        for at in range(0, min(len(good) - 4, 0x300), 4):
            bad = bytearray(good)
            struct.pack_into("<I", bad, at, extremes[(at // 4) % len(extremes)])
            self.add(bytes(bad), extension)
        for _ in range(count):
            bad = bytearray(good)
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(len(bad))
                width = chance.choice([1, 2, 4])
                value = chance.choice([*extremes, chance.randrange(1 << 32), len(good), at])
                bad[at : at + width] = struct.pack("<I", value)[:width]
            if chance.random() < 0.1:
                at = chance.randrange(len(bad))
                del bad[at : at + chance.randint(1, 9)]
            self.add(bytes(bad), extension)


def odd_contents(root, chance):
    wide, narrow = block(STRINGS), block(STRINGS, "040904E4", wide=False)
    for name, good, extension in [
        ("pe", pe(wide), "dll"),
        ("pe64", pe(wide, 0x8664, 0x20B, 3), "dll"),
        ("ne", ne(narrow), "dll"),
        ("ne-wide", ne(wide, b"VERSIONINFO"), "exe"),
        ("le", le(narrow, True), "vxd"),
        ("szdd", szdd(pe(wide)), "dl_"),
        ("kwaj", kwaj(pe(wide), 2), "dl_"),
        ("cab-file", cabinet([(b"odd.dll", pe(wide)), (b"b\\other.dll", pe(wide))]), "dl_"),
    ]:
        Folder(os.path.join(root, name)).damaged(good, extension, chance, 150)

    kinds = Folder(os.path.join(root, "kinds"))
    kinds.add(b"")
    kinds.add(b"M")
    kinds.add(b"MZ")
    kinds.add(b"plain text", "exe")
    kinds.add(b"MZ" + b"\0" * 100, "com")
    kinds.add(b"\0" * 70000)
    for machine in [0, 0x14C, 0x162, 0x166, 0x184, 0x1C0, 0x1C4, 0x1F0, 0x200, 0x284, 0x8664, 0xAA64, 0x5032]:
        kinds.add(pe(wide, machine))
    for signature in [b"W3", b"W4", b"LX", b"XX"]:
        bad = bytearray(le(narrow))
        bad[0x80:0x82] = signature
        kinds.add(bytes(bad), "vxd")
    texts = {"040904E4": ("cp1252", "Größe"), "041103A4": ("cp932", "日本語"), "080403A8": ("gbk", "中文"),
             "041203B5": ("euc_kr", "한국어"), "040403B6": ("big5", "中文"), "041904E3": ("cp1251", "Русский"),
             "040504E2": ("cp1250", "Čeština"), "ZZZZ": ("cp1252", "é"), "0409FFFF": ("cp1252", "é")}
    for key, (encoding, text) in texts.items():
        strings = [("FileVersion", "4.10.1998"), ("OriginalFilename", text), ("ProductName", text)]
        kinds.add(ne(block(strings, key, wide=False, encoding=encoding)))
        kinds.add(pe(block([("FileVersion", text), ("CompanyName", "a\tb\r\n\"\\\x01\x7f")], key)))
    for strings in [
        [("FileVersion", "\ud800"), ("ProductName", "\udc00x"), ("CompanyName", "\U0001F600")],
        [("FILEVERSION", "1"), ("FileVersion", "2")],
        [("FileVersion", "")],
        [("InternalName", "only this")],
        [(f"Key{i}", "x" * 40) for i in range(600)] + [("FileVersion", "after many")],
        [("FileVersion", "v" * 20000)],
    ]:
        kinds.add(pe(block(strings)))
    kinds.add(pe(block(STRINGS, tables=40)))
    kinds.add(pe(block([("FileVersion", "1")], tables=300)))
    kinds.add(pe(wide, languages=70))
    kinds.add(ne(narrow, shift=9))
    for good in [pe(wide), ne(narrow), le(narrow), pe(block([("FileVersion", "1\n2")]))]:
        kinds.add(good.replace(b"\n", b"\r\n"))

    lost = Folder(os.path.join(root, "lost"))
    for good in [pe(wide), pe(wide, 0x8664, 0x20B)]:
        bare = bytearray(good)
        entry = 0x80 + 24 + (96 if good[0x98] == 0x0B and good[0x99] == 1 else 112) + 16
        struct.pack_into("<II", bare, entry, 0, 0)
        for whole in [good, bytes(bare)]:
            zeros = whole[:0x200] + b"\0" * (len(whole) - 0x200)
            flat = bytearray(whole)
            struct.pack_into("<II", flat, 0x80 + 24 + 32, 0x20, 0x20)
            for data in [whole, zeros, zeros[:-1] + b"\1", whole[:0x240], whole[:0x1A0], zeros[:0x400], bytes(flat), bytes(flat[:0x240])]:
                lost.add(data)
            announced = bytearray(zeros)
            if whole is good:
                struct.pack_into("<I", announced, entry + 4, 16)
            lost.add(bytes(announced))

    packed = Folder(os.path.join(root, "packed"))
    for letter in [b"L", b"\0", b"\xe9", b":"]:
        packed.add(szdd(pe(wide), letter), "dl_")
    packed.add(szdd(pe(wide)), "dll")
    packed.add(szdd(b""), "dl_")
    packed.add(szdd(b"no program"), "dl_")
    packed.add(b"SZDD\x88\xf0\x27\x33A\0" + struct.pack("<I", 0xFFFFFFFF) + lz(b"x" * 99), "dl_")
    packed.add(b"SZDD\x88\xf0\x27\x33A\0" + struct.pack("<I", 64 << 20) + lz(b"x" * 99), "dl_")
    packed.add(b"SZDD\x88\xf0\x27\x33B\0" + struct.pack("<I", 9) + lz(b"x" * 9), "dl_")
    packed.add(b"SZ\x20\x88\xf0\x27\x33\xd1" + struct.pack("<I", len(pe(wide))) + lz(pe(wide)), "ex_")
    for method in range(6):
        for flags in [0, 1, 8, 16, 0x19, 0x1F]:
            packed.add(kwaj(pe(wide), method, flags), "dl_")


def odd_hives(root, chance):
    """Damaged copies of the sample's registry: each is a separate system."""
    config = os.path.join(SAMPLE, "win2000", "WINNT", "System32", "config")
    hives = {name: open(os.path.join(config, name), "rb").read() for name in ["software", "system"]}
    for number in range(120):
        folder = Folder(os.path.join(root, f"{number:03}", "System32", "config"))
        for name, good in hives.items():
            bad = bytearray(good)
            if number % 12 == 1:
                bad = bad[: chance.randrange(len(bad))]
            elif number:
                for _ in range(chance.randint(1, 8)):
                    at = chance.choice([chance.randrange(512), chance.randrange(4096, len(bad))])
                    value = chance.choice([0, 0xFFFFFFFF, 0x80000000, 0x20, chance.randrange(1 << 32), chance.randrange(0x2000)])
                    width = chance.choice([1, 2, 4])
                    bad[at : at + width] = struct.pack("<I", value)[:width]
            folder.add(bytes(bad), name=name)


def odd_names(root):
    good = pe(block(STRINGS))
    names = Folder(os.path.join(root, "names"))
    for name in ["a b.dll", "é.dll", "ß.DLL", "Ж.dll", "日本.dll", "\U0001F600.dll", "%41.dll", "a&b.dll", "'.dll",
                 "$NtUninstallQ1$", "noextension", ".dll", "a.b.c.dll", "x" * 120 + ".dll", "~1.dll"]:
        names.add(good, name=name)
    deep = root
    for level in range(60):
        deep = os.path.join(deep, f"level{level:03}")
        os.makedirs(deep)
        if level % 20 == 19:
            Folder(deep).add(good, name=f"deep{level}.dll")
    for folder in ["a", "a.b", "a b", "a-"]:
        Folder(os.path.join(root, "order", folder)).add(good, name="x.dll")
    Folder(os.path.join(root, "order")).add(good, name="a.dll")
    os.makedirs(os.path.join(root, "empty"))
    for folder in ["dllcache", "$hf_mig$", "Driver Cache"]:
        Folder(os.path.join(root, folder)).add(good, name="tapisrv.exe")


def main():
    root = sys.argv[1]
    chance = random.Random(17)
    odd_contents(os.path.join(root, "contents"), chance)
    odd_hives(os.path.join(root, "hives"), chance)
    odd_names(os.path.join(root, "names"))


if __name__ == "__main__":
    main()
