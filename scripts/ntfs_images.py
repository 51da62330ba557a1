#!/usr/bin/env python3
"""NTFS images of a folder of real files, plain and CompactOS (WOF), made by ntfs-3g and wimlib: the scan of each must equal
that of the folder, byte for byte.

    scripts/ntfs_images.py target/debug/hotfixcheck FOLDER WORK

FOLDER contains Windows files (for example those of Debian's libwine); WORK is an empty folder for two images. Needs mkntfs, ntfs-3g
(FUSE) and libwim. The exit code is 1 if a report differs.
"""

import ctypes
import os
import shutil
import struct
import subprocess
import sys

# By the algorithm's number in the reparse point: its number in wimlib, and the size of a chunk.
ALGORITHMS = {0: (1, 4096), 1: (2, 32768), 2: (1, 8192), 3: (1, 16384)}
SPARE = 64 << 20


class Packer:
    """CompactOS data: offsets of all chunks but the first, then the chunks, compressed where possible."""

    def __init__(self):
        self.wim = ctypes.CDLL("libwim.so.15")
        self.wim.wimlib_compress.restype = ctypes.c_size_t
        pointer, size = ctypes.c_void_p, ctypes.c_size_t
        self.wim.wimlib_create_compressor.argtypes = [ctypes.c_int, size, ctypes.c_uint, ctypes.POINTER(pointer)]
        self.wim.wimlib_compress.argtypes = [ctypes.c_char_p, size, ctypes.c_char_p, size, pointer]
        self.compressors = {}
        for number, (kind, chunk) in ALGORITHMS.items():
            self.compressors[number] = pointer()
            if self.wim.wimlib_create_compressor(kind, chunk, 0, ctypes.byref(self.compressors[number])):
                sys.exit("libwim makes no compressor")

    def pack(self, data, number):
        size = ALGORITHMS[number][1]
        packed = []
        for start in range(0, len(data), size):
            chunk = data[start : start + size]
            buffer = ctypes.create_string_buffer(len(chunk))
            count = self.wim.wimlib_compress(chunk, len(chunk), buffer, len(chunk) - 1, self.compressors[number])
            packed.append(buffer.raw[:count] if count else chunk)
        offsets, at = [], 0
        for chunk in packed[:-1]:
            at += len(chunk)
            offsets.append(struct.pack("<I", at))
        return b"".join(offsets + packed)


def files(folder):
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            path = os.path.join(parent, name)
            # The scan of a folder follows no link.
            if not os.path.islink(path):
                yield path, os.path.relpath(path, folder)


def image(path, size, mount, fill):
    with open(path, "wb") as file:
        file.truncate(size)
    subprocess.run(["mkntfs", "-q", "-F", "-f", path], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.makedirs(mount, exist_ok=True)
    subprocess.run(["ntfs-3g", "-o", "streams_interface=windows", path, mount], check=True)
    try:
        fill(mount)
    finally:
        subprocess.run(["fusermount", "-u", mount], check=True)


def report(program, path):
    command = [program, "scan", path, "--all", "--include-inactive", "--no-config", "--format", "json"]
    run = subprocess.run(command, capture_output=True, check=False)
    return run.returncode, run.stdout.decode().replace(f'"{path}"', '"TREE"')


def main():
    program, folder, work = sys.argv[1:]
    listed = list(files(folder))
    size = sum(os.path.getsize(path) for path, _ in listed)
    packer = Packer()

    def plain(mount):
        for path, name in listed:
            os.makedirs(os.path.dirname(os.path.join(mount, name)), exist_ok=True)
            shutil.copyfile(path, os.path.join(mount, name))
            shutil.copystat(path, os.path.join(mount, name))

    def packed(mount):
        for count, (path, name) in enumerate(listed):
            to, number = os.path.join(mount, name), count % len(ALGORITHMS)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            with open(path, "rb") as file:
                data = file.read()
            with open(to, "wb") as file:
                file.truncate(len(data))
            with open(to + ":WofCompressedData", "wb") as file:
                file.write(packer.pack(data, number))
            shutil.copystat(path, to)
            data = struct.pack("<IHHIIII", 0x80000017, 16, 0, 1, 2, 1, number)
            os.setxattr(to, "system.ntfs_reparse_data", data)

    expected = report(program, folder)
    differ = 0
    for name, fill in [("plain", plain), ("packed", packed)]:
        path = os.path.join(work, name + ".img")
        image(path, size + len(listed) * 8192 + SPARE, os.path.join(work, "mount"), fill)
        found = report(program, path + ":/")
        same = found == expected
        differ += not same
        print(f"{name}: {len(listed)} files, {size} bytes, exit code {found[0]}: {'the same' if same else 'DIFFERENT'}")
    sys.exit(bool(differ))


if __name__ == "__main__":
    main()
