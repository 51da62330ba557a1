/* The record of one file: its kind, its headers, and the result of reading its version resource. */
#include "hfcollect.h"

/* In DOS programs whose relocation table begins earlier, there is no space for the pointer to a new header. */
#define NEW_HEADER_RELOCATIONS 0x40

static const char *machine_of(const Header *header)
{
    if (header->format == FORMAT_NE) return "i386";
    if (header->format != FORMAT_PE) {
        /* 286, 386, 486, Pentium: each runs on a later one. */
        if (header->raw >= 1 && header->raw <= 4) return "i386";
        return header->raw >= 0x40 && header->raw <= 0x42 ? "mips" : NULL;
    }
    switch (header->raw) {
    case 0x14C: return "i386";
    case 0x184: case 0x284: return "alpha";
    case 0x162: case 0x166: case 0x168: case 0x169: return "mips";
    case 0x1F0: case 0x1F1: return "ppc";
    case 0x200: return "ia64";
    case 0x8664: return "x64";
    case 0x1C0: case 0x1C2: case 0x1C4: return "arm";
    case 0xAA64: return "arm64";
    }
    return NULL;
}
/* The usual value of this field for the machine, which need not be recorded. */
static u32 usual_field(const Header *header, const char *machine)
{
    static const struct { const char *name; u32 field; } USUAL[] = {
        { "i386", 0x14C }, { "alpha", 0x184 }, { "mips", 0x166 }, { "ppc", 0x1F0 }, { "ia64", 0x200 }, { "x64", 0x8664 },
        { "arm", 0x1C4 }, { "arm64", 0xAA64 } };
    u32 i;
    if (!machine || header->format == FORMAT_NE) return 0;
    if (header->format != FORMAT_PE) return 2;
    for (i = 0; i < sizeof USUAL / sizeof *USUAL; i++) if (same_text(USUAL[i].name, machine)) return USUAL[i].field;
    return 0;
}

/* Every program has a length: a file with `MZ` and zeros is damaged. */
static int plain_dos(u32 pages)
{
    return pages ? not_pe("DOS program") : corrupt("the DOS header gives a length of zero");
}
static int read_header(Source *source, Header *header)
{
    const u8 *bytes;
    u32 relocations, start, pages, i;
    int has_new;
    if (!at(source, "DOS header", 0, 64, &bytes)) return 0;
    relocations = u16_at(bytes + 24);
    start = u32_at(bytes + 60);
    pages = u16_at(bytes + 4);
    if (!start) return plain_dos(pages);
    has_new = relocations >= NEW_HEADER_RELOCATIONS;
    if (!at(source, "PE header", start, 4, &bytes)) return fault.kind == TRUNCATED && !has_new ? plain_dos(pages) : 0;
    if (u32_at(bytes) == 0x4550) return pe_header(source, start, header);
    if (bytes[0] == 'N' && bytes[1] == 'E') return ne_header(source, start, header);
    if (bytes[0] == 'L' && bytes[1] == 'E') return le_header(source, start, FORMAT_LE, header);
    if (bytes[0] == 'L' && bytes[1] == 'X') return le_header(source, start, FORMAT_LX, header);
    if (bytes[0] == 'W' && (bytes[1] == '3' || bytes[1] == '4')) return not_pe("library of virtual device drivers");
    if (!has_new) return plain_dos(pages);
    corrupt("no PE signature at offset %x, where the DOS header points", start);
    for (i = 0; i + 4 <= source->header.filled; i++)
        if (u32_at(source->header.buffer + i) == 0x4550) {
            say(&fault.detail, "; it lies at %x, so bytes were lost or added before it", i);
            break;
        }
    return 0;
}

static int read_version(Source *source, Binary *binary)
{
    static Leaves leaves;
    static Text failure, why;
    const u8 *bytes;
    u32 i, held;
    int read = 0, ok;
    leaves.count = 0;
    failure.used = 0;
    switch (binary->header.format) {
    case FORMAT_PE: ok = pe_leaves(source, &binary->header, &leaves); break;
    case FORMAT_NE: ok = ne_leaves(source, &binary->header, &leaves); break;
    default: ok = le_leaves(source, &binary->header, &leaves);
    }
    if (!ok) return 0;
    clear_info(&binary->info);
    for (i = 0; i < leaves.count; i++) {
        const Leaf *leaf = &leaves.leaves[i];
        u32 want = leaf->size < MAX_PIECE ? leaf->size : MAX_PIECE;
        if (!up_to(source, leaf->offset, want, &bytes, &held)) return 0;
        why.used = 0;
        if (parse_block(bytes, held, want, &binary->info, &why)) read = 1;
        else if (!failure.used) {
            say(&failure, "version block at offset %X: ", leaf->offset);
            put(&failure, why.data, why.used);
        }
    }
    if (read) {
        if (!binary->info.damage.used) put(&binary->info.damage, failure.data, failure.used);
        binary->version = FOUND;
    } else if (failure.used) {
        put(&binary->detail, failure.data, failure.used);
        binary->version = DAMAGED;
    }
    return 1;
}

/* Whether each LF of some bytes follows a CR; then the bytes before the conversion, if a Text is given. */
enum { NO_LF, UNTOUCHED, CONVERTED };
static int line_ends(const u8 *bytes, u32 count, Text *restored)
{
    u32 i;
    int converted = NO_LF;
    if (restored) restored->used = 0;
    for (i = 0; i < count; i++) {
        if (bytes[i] == '\n') {
            if (!i || bytes[i - 1] != '\r') return UNTOUCHED;
            converted = CONVERTED;
            if (restored) restored->used--;
        }
        if (restored) put_byte(restored, bytes[i]);
    }
    return converted;
}
/* The original header of a file that was damaged by a text-mode transfer; 0 for any other file. */
static int converted_header(Source *source, Header *header)
{
    static Text restored;
    Source memory;
    switch (line_ends(source->header.buffer, source->header.filled, &restored)) {
    case CONVERTED:
        open_memory_source(&memory, restored.data, restored.used);
        return open_header(&memory) && read_header(&memory, header);
    case NO_LF:
        /* Small headers may contain no LF: they are then intact, and the resources must show the damage. */
        return line_ends(source->resource.buffer, source->resource.filled, NULL) == CONVERTED && read_header(source, header);
    }
    return 0;
}

int read_binary(Source *source, Binary *binary)
{
    int ok, suspect;
    Header header;
    memset(&binary->header, 0, sizeof binary->header);
    memset(&header, 0, sizeof header);
    binary->version = ABSENT;
    binary->detail.used = 0;
    fault.kind = NO_FAULT;
    if (!open_header(source)) return 0;
    if (!source->header.filled) { fault.kind = EMPTY_FILE; return 0; }
    if (source->header.filled < 2 || source->header.buffer[0] != 'M' || source->header.buffer[1] != 'Z') {
        fault.kind = NOT_EXECUTABLE;
        return 0;
    }
    ok = read_header(source, &binary->header);
    if (ok && !read_version(source, binary)) {
        if (fault.kind == IO_FAULT) return 0;
        binary->version = DAMAGED;
        fault_text(&binary->detail);
    }
    if (ok && binary->version != DAMAGED && binary->header.format == FORMAT_PE && !pe_is_whole(source, &binary->header)) {
        if (fault.kind == IO_FAULT) return 0;
        binary->version = DAMAGED;
        fault_text(&binary->detail);
    }
    suspect = ok ? binary->version == DAMAGED || (binary->version == FOUND && binary->info.damage.used)
                 : fault.kind == CORRUPT || fault.kind == TRUNCATED;
    if (suspect) {
        Fault before = fault;
        Text detail;
        memset(&detail, 0, sizeof detail);
        put(&detail, before.detail.data, before.detail.used);
        if (converted_header(source, &header)) {
            ok = 1;
            binary->header = header;
            binary->version = DAMAGED;
            binary->detail.used = 0;
            put_text(&binary->detail,
                "damaged by a text-mode transfer: every LF became CR LF, so nothing lies where the headers say");
        } else {
            fault.kind = before.kind;
            fault.what = before.what;
            fault.offset = before.offset;
            fault.size = before.size;
            fault.detail.used = 0;
            put(&fault.detail, detail.data, detail.used);
        }
        free_memory(detail.data);
    }
    if (!ok) return 0;
    binary->machine = machine_of(&binary->header);
    return 1;
}

void binary_json(const Binary *binary, Text *before, Text *after)
{
    static const char *const FORMATS[] = { "pe", "ne", "le", "lx" };
    const Header *header = &binary->header;
    if (header->format != FORMAT_PE) say(before, ",\"format\":\"%s\"", FORMATS[header->format]);
    if (binary->machine) say(before, ",\"machine\":\"%s\"", binary->machine);
    if (header->raw != usual_field(header, binary->machine)) say(before, ",\"machine_raw\":%u", header->raw);
    if (header->format == FORMAT_PE && header->built) say(before, ",\"built\":%u", header->built);
    if (header->format == FORMAT_PE && header->checksum) say(before, ",\"checksum\":%u", header->checksum);
    if (binary->version == FOUND) originals_json(&binary->info, after);
    if (binary->version == DAMAGED) {
        put_text(after, ",\"corrupt\":");
        json(after, binary->detail.data, binary->detail.used);
    }
}
