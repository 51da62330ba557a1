/* PE: headers, sections, and the resource directory down to the leaves of the version resource. */
#include "hfcollect.h"

#define MAX_SECTIONS 1024
#define MAX_ENTRIES 4096
#define SECTOR 0x200
#define PAGE 0x1000
#define HIGH_BIT 0x80000000u
#define COFF_BYTES 24

static struct { u32 address, size, offset, stated; } sections[MAX_SECTIONS];
static u32 section_count, header_size;
static int flat;

int pe_header(Source *source, u64 start, Header *header)
{
    const u8 *bytes;
    if (!at(source, "PE header", start, COFF_BYTES, &bytes)) return 0;
    header->format = FORMAT_PE;
    header->raw = u16_at(bytes + 4);
    header->sections = u16_at(bytes + 6);
    header->built = u32_at(bytes + 8);
    header->optional_size = u16_at(bytes + 20);
    header->optional = start + COFF_BYTES;
    header->checksum = 0;
    if (header->optional_size >= 68) {
        if (!at(source, "optional header", header->optional, 68, &bytes)) return 0;
        header->checksum = u32_at(bytes + 64);
    }
    return 1;
}

/* Address and size of the resource directory; the address is 0 if the file has no resources. */
static int resource_directory(Source *source, const Header *header, u32 *address, u32 *size)
{
    const u8 *bytes;
    u32 magic, fixed;
    *address = *size = 0;
    if (!at(source, "optional header", header->optional, 2, &bytes)) return 0;
    magic = u16_at(bytes);
    if (magic != 0x10B && magic != 0x20B)
        return corrupt("unknown optional header magic %x at offset %X", magic, header->optional);
    fixed = magic == 0x10B ? 96 : 112;
    if (!at(source, "optional header", header->optional, fixed, &bytes)) return 0;
    if (u32_at(bytes + fixed - 4) <= 2) return 1;
    if (!at(source, "data directory", header->optional + fixed + 16, 8, &bytes)) return 0;
    *address = u32_at(bytes);
    *size = u32_at(bytes + 4);
    return 1;
}
static int load_sections(Source *source, const Header *header)
{
    const u8 *bytes;
    int rounded;
    u32 i;
    section_count = 0;
    if (header->sections > MAX_SECTIONS) return corrupt("%u sections announced", header->sections);
    if (!at(source, "optional header", header->optional, 64, &bytes)) return 0;
    header_size = u32_at(bytes + 60);
    /* From this alignment on, the loader rounds section pointers down to it. */
    rounded = u32_at(bytes + 36) >= SECTOR;
    /* Below the page size, sections are mapped in one piece. */
    flat = u32_at(bytes + 32) >= 1 && u32_at(bytes + 32) < PAGE;
    if (!at(source, "section table", header->optional + header->optional_size, header->sections * 40, &bytes)) return 0;
    for (i = 0; i < header->sections; i++) {
        const u8 *row = bytes + 40 * i;
        u32 offset = u32_at(row + 20);
        sections[i].address = u32_at(row + 12);
        sections[i].size = u32_at(row + 16);
        sections[i].stated = offset;
        sections[i].offset = rounded ? offset & ~(u32)(SECTOR - 1) : offset;
    }
    section_count = header->sections;
    return 1;
}
/* Whether the file has bytes of sections, and all of them begin with zeros: the contents are lost. -1: cannot be read. */
static int sections_are_zeros(Source *source)
{
    const u8 *bytes;
    u32 i, j, held;
    int seen = 0;
    for (i = 0; i < section_count; i++) {
        if (!sections[i].stated) continue;
        if (!up_to(source, sections[i].offset, sections[i].size < SECTOR ? sections[i].size : SECTOR, &bytes, &held)) return -1;
        for (j = 0; j < held; j++) if (bytes[j]) return 0;
        if (held) seen = 1;
    }
    return seen;
}
/* Whether the sections are in the file: Windows does not load a file that was cut off. The end of the last sector may be
   missing. Called for a file whose version was found, or that has none. */
int pe_is_whole(Source *source, const Header *header)
{
    u32 i, address, size;
    int zeros;
    if (!load_sections(source, header)) return 0;
    for (i = 0; i < section_count && !flat; i++)
        if (sections[i].stated && sections[i].size && (u64)sections[i].offset + sections[i].size >= source->size + SECTOR)
            return truncated("section", sections[i].offset, source->size);
    if (!resource_directory(source, header, &address, &size)) return 0;
    /* Where there are resources, their directory was read: something is left of the contents. */
    if (address) return 1;
    zeros = sections_are_zeros(source);
    if (zeros > 0) return corrupt("every section of the file begins with zeros");
    return zeros == 0;
}
/* The file offset of an address in the image, and the number of bytes in its section from there on. */
static int place(u32 address, u64 *offset, u64 *left)
{
    u32 i, headers_end = header_size;
    for (i = 0; i < section_count; i++)
        if (address >= sections[i].address && address - sections[i].address < sections[i].size) {
            u32 inside = address - sections[i].address;
            *offset = (u64)sections[i].offset + inside;
            *left = sections[i].size - inside;
            return 1;
        }
    /* The headers are mapped without changes, up to the first section. */
    for (i = 0; i < section_count; i++)
        if (i == 0 || sections[i].address < headers_end) headers_end = sections[i].address;
    if (address >= headers_end) return 0;
    *offset = address;
    *left = headers_end - address;
    return 1;
}

static int entries(Source *source, u64 root, u32 offset, const u8 **bytes, u32 *count)
{
    u64 start = root + offset;
    if (!at(source, "resource directory", start, 16, bytes)) return 0;
    *count = u16_at(*bytes + 12) + u16_at(*bytes + 14);
    if (*count > MAX_ENTRIES) return corrupt("the resource directory at %X announces %u entries", start, *count);
    return at(source, "resource directory", start + 16, *count * 8, bytes);
}
static int subdirectory(u32 target, u32 *offset)
{
    if (!(target & HIGH_BIT)) return corrupt("the version resource's directory is not three levels deep");
    *offset = target & ~HIGH_BIT;
    return 1;
}

int pe_leaves(Source *source, const Header *header, Leaves *leaves)
{
    const u8 *bytes;
    u32 address, size, count, i, offset = 0;
    u64 root, left;
    if (!resource_directory(source, header, &address, &size)) return 0;
    if (!address) return 1;
    if (!load_sections(source, header)) return 0;
    if (!place(address, &root, &left))
        return corrupt("the resource directory's address %x lies in no section of the file", address);
    if (!open_resources(source, root, left)) return 0;
    if (size > 16) {
        /* Zeros where the header announces resources: a lost part of the file, not a file without a version. */
        if (!at(source, "resource directory", root, 16, &bytes)) return 0;
        for (i = 0; i < 16 && !bytes[i]; i++) ;
        if (i == 16) return corrupt("the resource directory at %X is all zeros", root);
    }

    if (!entries(source, root, 0, &bytes, &count)) return 0;
    for (i = 0; i < count && u32_at(bytes + 8 * i) != 16; i++) ;
    if (i == count) return 1;
    if (!subdirectory(u32_at(bytes + 8 * i + 4), &offset) || !entries(source, root, offset, &bytes, &count)) return 0;
    if (!count) return corrupt("the version resource type has no name below it");
    for (i = 0; i < count && u32_at(bytes + 8 * i) != 1; i++) ;
    if (i == count) i = 0;
    if (!subdirectory(u32_at(bytes + 8 * i + 4), &offset) || !entries(source, root, offset, &bytes, &count)) return 0;
    if (!count) return corrupt("the version resource has no language below it");
    leaves->count = count < MAX_LEAVES ? count : MAX_LEAVES;
    for (i = 0; i < leaves->count; i++) leaves->leaves[i].offset = u32_at(bytes + 8 * i + 4);
    for (i = 0; i < leaves->count; i++) {
        Leaf *leaf = &leaves->leaves[i];
        if ((u32)leaf->offset & HIGH_BIT) return corrupt("the version resource has a directory below its language");
        if (!at(source, "resource data entry", root + leaf->offset, 16, &bytes)) return 0;
        address = u32_at(bytes);
        leaf->size = u32_at(bytes + 4);
        if (!place(address, &leaf->offset, &left))
            return corrupt("the version block's address %x lies in no section of the file", address);
    }
    return 1;
}
