/* NE and LE: 16-bit programs and virtual device drivers, and the position of their version resource. */
#include "hfcollect.h"

#define OS2 1
#define NUMBERED 0x8000u
#define MAX_TYPES 256
#define MAX_OF_TYPE 4096
#define MAX_SHIFT 15

int ne_header(Source *source, u64 start, Header *header)
{
    const u8 *bytes;
    if (!at(source, "NE header", start, 0x40, &bytes)) return 0;
    header->format = FORMAT_NE;
    header->start = start;
    header->raw = header->built = header->checksum = 0;
    header->resource_table = u16_at(bytes + 0x24);
    header->resident_names = u16_at(bytes + 0x26);
    header->system = bytes[0x36];
    return 1;
}
/* 1: the name is that of version resources; 0: it is not; -1: the name is beyond the end (fault). */
static int named_version(Source *source, u64 table, u32 kind)
{
    static const char NAME[] = "VERSIONINFO";
    const u8 *bytes;
    u32 i;
    if (kind & NUMBERED) return 0;
    if (!at(source, "resource type name", table + kind, 1, &bytes)) return -1;
    if (bytes[0] != sizeof NAME - 1) return 0;
    if (!at(source, "resource type name", table + kind + 1, sizeof NAME - 1, &bytes)) return -1;
    for (i = 0; i < sizeof NAME - 1; i++) if (lower((char)bytes[i]) != lower(NAME[i])) return 0;
    return 1;
}
int ne_leaves(Source *source, const Header *header, Leaves *leaves)
{
    static const char WHAT[] = "resource table";
    const u8 *bytes;
    u64 table = header->start + header->resource_table, place;
    u32 shift, step, i;
    u64 unread = 0;
    int has_unread = 0;
    /* Some linkers give both tables the same position if there are no resources. */
    if (!header->resource_table || header->resource_table == header->resident_names || header->system == OS2) return 1;
    if (!open_resources(source, table, 1024) || !at(source, WHAT, table, 2, &bytes)) return 0;
    shift = u16_at(bytes);
    if (shift > MAX_SHIFT) return corrupt("the resource table at %X has an alignment shift of %u", table, shift);
    place = table + 2;
    for (step = 0; step < MAX_TYPES; step++) {
        u32 kind, count;
        int named;
        if (!at(source, WHAT, place, 2, &bytes)) return 0;
        kind = u16_at(bytes);
        if (!kind) return has_unread ? truncated("resource type name", unread, source->size) : 1;
        if (!at(source, WHAT, place, 8, &bytes)) return 0;
        count = u16_at(bytes + 2);
        if (count > MAX_OF_TYPE) return corrupt("the resource type at %X announces %u resources", place, count);
        named = named_version(source, table, kind);
        if (named < 0) {
            if (fault.kind != TRUNCATED) return 0;
            /* One of the later types may still be the right one. */
            if (!has_unread) { has_unread = 1; unread = fault.offset; }
            named = 0;
        }
        if (kind == (NUMBERED | 16) || named) {
            if (!at(source, WHAT, place + 8, count * 12, &bytes)) return 0;
            if (!count) return corrupt("the version resource type has no resource");
            for (i = 0; i < count && u16_at(bytes + 12 * i + 6) != (NUMBERED | 1); i++) ;
            if (i == count) i = 0;
            leaves->count = 1;
            leaves->leaves[0].offset = u16_at(bytes + 12 * i) << shift;
            leaves->leaves[0].size = u16_at(bytes + 12 * i + 2) << shift;
            return 1;
        }
        place += 8 + count * 12;
    }
    return corrupt("the resource table at %X has more than %u types", table, (u32)MAX_TYPES);
}

#define MAX_RESOURCES 64
#define MAX_IDENT 128
#define MIN_HEAD 12
#define MAX_HEAD (2 * MAX_IDENT + 6)

int le_header(Source *source, u64 start, int format, Header *header)
{
    const u8 *bytes;
    if (!at(source, "LE header", start, 0x44, &bytes)) return 0;
    if (u16_at(bytes + 2)) return not_pe("big-endian LE");
    header->format = format;
    header->start = start;
    header->raw = u16_at(bytes + 8);
    header->built = header->checksum = 0;
    header->system = u16_at(bytes + 10);
    header->object_table = u32_at(bytes + 0x40);
    return 1;
}
/* A type or name, by number or as a text: its length in bytes, or 0 if it is incomplete. */
static u32 ident(const u8 *bytes, u32 count, u32 *number)
{
    u32 i;
    *number = 0;
    if (!count) return 0;
    if (bytes[0] == 0xFF) {
        if (count < 3) return 0;
        *number = u16_at(bytes + 1);
        return 3;
    }
    for (i = 0; i < count && i < MAX_IDENT; i++) if (!bytes[i]) return i + 1;
    return 0;
}
int le_leaves(Source *source, const Header *header, Leaves *leaves)
{
    const u8 *bytes;
    u64 place, end;
    u32 offset, size, step;
    /* The headers of DOS extenders end before the fields of Windows: the object table begins there. */
    if (header->system == OS2 || (header->object_table >= 1 && header->object_table < 0xC0)) return 1;
    if (!at(source, "LE header", header->start + 0xB8, 8, &bytes)) return 0;
    offset = u32_at(bytes);
    size = u32_at(bytes + 4);
    if (!offset || !size) return 1;
    place = offset;
    end = place + size;
    for (step = 0; step < MAX_RESOURCES; step++) {
        u32 held, kind, number, first, second;
        if (place + MIN_HEAD > end) return 1;
        if (!up_to(source, place, MAX_HEAD, &bytes, &held)) return 0;
        first = ident(bytes, held, &kind);
        second = first ? ident(bytes + first, held - first, &number) : 0;
        if (!second || first + second + 6 > held) {
            if (!at(source, "resource header", place, MAX_HEAD, &bytes)) return 0;
            return corrupt("no resource header at %X", place);
        }
        size = u32_at(bytes + first + second + 2);
        place += first + second + 6;
        if (bytes[0] == 0xFF && kind == 16) {
            leaves->count = 1;
            leaves->leaves[0].offset = place;
            leaves->leaves[0].size = size;
            return 1;
        }
        place += size;
    }
    return corrupt("more than %u resources at %x", (u32)MAX_RESOURCES, offset);
}
