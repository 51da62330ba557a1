/* VS_VERSIONINFO: a tree of nodes, each with its length, which is read within these lengths. In files of Windows NT
   and in PE files its texts are UTF-16; in 16-bit files and most drivers of Windows 9x they are bytes of a code
   page. */
#include "hfcollect.h"

#define MAX_STRINGS 512
#define MAX_FILE_INFOS 16
#define PADDING 3
#define SHOWN 32

typedef struct { const u8 *bytes; u32 count, head, unit; } Block;
typedef struct { u32 key, key_length, value_length, value, end, announced; } Node;

static u32 aligned(u32 at) { return (at + 3) & ~3u; }

/* The bytes before the first NUL, or all complete characters. */
static u32 up_to_nul(const Block *block, u32 start, u32 end)
{
    u32 at;
    for (at = start; at + block->unit <= end; at += block->unit)
        if (!block->bytes[at] && (block->unit == 1 || !block->bytes[at + 1])) break;
    return at - start;
}
/* 1: the node at `at` of a parent that ends at `end`; 0: there is none; -1: its length is invalid (see why). */
static int read_node(const Block *block, u32 at, u32 end, Node *node, Text *why)
{
    u32 length, left, own, i;
    at = aligned(at);
    if (end > block->count || at > end || end - at < block->head) return 0;
    left = end - at;
    length = u16_at(block->bytes + at);
    if (length == 0) {
        for (i = at; i < end && !block->bytes[i]; i++) ;
        if (i == end) return 0;
    }
    if (length < block->head) {
        say(why, "a node of %u bytes at %x of the version block", length, at);
        return -1;
    }
    own = length < left ? length : left;
    node->key = at + block->head;
    node->key_length = up_to_nul(block, node->key, at + own);
    node->end = at + own;
    node->value = aligned(node->key + node->key_length + block->unit);
    if (node->value > node->end) node->value = node->end;
    node->value_length = u16_at(block->bytes + at + 2);
    node->announced = at + length;
    return 1;
}
static int is_key(const Block *block, const Node *node, const char *name)
{
    u32 i, length = text_length(name);
    if (node->key_length != length * block->unit) return 0;
    for (i = 0; i < length; i++) {
        const u8 *unit = block->bytes + node->key + i * block->unit;
        if (lower((char)unit[0]) != lower(name[i]) || (block->unit == 2 && unit[1])) return 0;
    }
    return 1;
}

/* Bytes of a code page as UTF-8; 0 if this Windows does not have the code page. */
static int put_narrow(Text *to, const u8 *bytes, u32 count, u32 code_page)
{
    u32 i;
    int units;
    WCHAR *wide;
    for (i = 0; i < count && bytes[i] < 0x80; i++) ;
    if (i == count) { put(to, bytes, count); return 1; }
    if (!IsValidCodePage(code_page)) return 0;
    wide = get_memory(2 * count);
    units = MultiByteToWideChar(code_page, 0, (const char *)bytes, (int)count, wide, (int)count);
    put_wide(to, (const u8 *)wide, units > 0 ? (u32)units : 0);
    free_memory(wide);
    return units > 0;
}
static int put_units(Text *to, const Block *block, u32 start, u32 length, u32 code_page)
{
    if (block->unit == 1) return put_narrow(to, block->bytes + start, length, code_page);
    put_wide(to, block->bytes + start, length / 2);
    return 1;
}
/* A key for a message: a damaged key may continue to the end of the block. */
static const char *shown(const Block *block, const Node *node)
{
    static Text text;
    u32 length = node->key_length < SHOWN * block->unit ? node->key_length : SHOWN * block->unit;
    text.used = 0;
    put_units(&text, block, node->key, length, 1252);
    put_byte(&text, 0);
    return (const char *)text.data;
}
/* Keeps the first damage: later damage is often caused by it. */
static void note(Info *info, const Text *why)
{
    if (!info->damage.used) put(&info->damage, why->data, why->used);
}

static u32 code_page_of(const u8 *key, u32 length)
{
    static const u16 KNOWN[] = { 866, 874, 932, 936, 949, 950, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258, 10000, 0 };
    u32 i, page = 0;
    if (length < 8) return 1252;
    for (i = 4; i < 8; i++) {
        char c = lower((char)key[i]);
        if (c >= '0' && c <= '9') page = page * 16 + (u32)(c - '0');
        else if (c >= 'a' && c <= 'f') page = page * 16 + (u32)(c - 'a' + 10);
        else return 1252;
    }
    for (i = 0; KNOWN[i]; i++) if (KNOWN[i] == page) return page;
    return 1252;
}
static u32 keep(Info *info, const Text *utf8)
{
    u32 offset;
    if (!info->arena.used) put_byte(&info->arena, 0);
    offset = info->arena.used;
    json(&info->arena, utf8->data, utf8->used);
    put_byte(&info->arena, 0);
    return offset;
}
static void read_table(const Block *block, const Node *node, Info *info, Table *table)
{
    static const char *const NAMES[STRINGS] =
        { "FileVersion", "ProductVersion", "OriginalFilename", "InternalName", "ProductName", "CompanyName" };
    static Text text, why;
    u32 at = node->value, page, i, step;
    Node string;
    memset(table, 0, sizeof *table);
    text.used = 0;
    put_units(&text, block, node->key, node->key_length, 1252);
    table->key = keep(info, &text);
    page = code_page_of(text.data, text.used);
    for (step = 0; step < MAX_STRINGS; step++) {
        int there;
        u32 length;
        why.used = 0;
        there = read_node(block, at, node->end, &string, &why);
        if (there < 0) note(info, &why);
        if (there <= 0) break;
        at = string.end;
        for (i = 0; i < STRINGS && !is_key(block, &string, NAMES[i]); i++) ;
        if (i == STRINGS || table->strings[i]) continue;
        length = up_to_nul(block, string.value, string.end);
        if (string.value + length + block->unit > string.end && string.announced > string.end) {
            say(&why, "the string %q is cut at %x of the version block", shown(block, &string), string.end);
            note(info, &why);
            continue;
        }
        text.used = 0;
        if (!put_units(&text, block, string.value, length, page)) {
            say(&why, "the string %q is in code page %u, which this Windows does not have", shown(block, &string), page);
            note(info, &why);
            continue;
        }
        table->strings[i] = keep(info, &text);
    }
    if (table->strings[ORIGINAL]) table->strings[INTERNAL] = 0;
}
static void read_tables(const Block *block, const Node *parent, Info *info, u32 first)
{
    static Text why;
    u32 at = parent->value;
    Node node;
    while (info->count - first < MAX_TABLES && info->count < MAX_TABLES) {
        int there;
        why.used = 0;
        there = read_node(block, at, parent->end, &node, &why);
        if (there < 0) note(info, &why);
        if (there <= 0) return;
        read_table(block, &node, info, &info->tables[info->count]);
        info->count++;
        at = node.end;
    }
}

void clear_info(Info *info)
{
    info->has_fixed = 0;
    info->count = 0;
    info->arena.used = info->damage.used = 0;
}

int parse_block(const u8 *bytes, u32 count, u32 announced, Info *info, Text *why)
{
    static Text detail, damage;
    Block block;
    Node root, child;
    u32 at, i, first = info->count;
    int there, cut = 0;
    block.bytes = bytes;
    block.count = count;
    block.head = 6;
    block.unit = 2;
    /* The root's key shows the style: in the other style, the type is at this position. */
    if (count >= 8 && lower((char)bytes[4]) == 'v' && lower((char)bytes[5]) == 's' && bytes[6] == '_' && lower((char)bytes[7]) == 'v') {
        block.head = 4;
        block.unit = 1;
    }
    detail.used = 0;
    there = read_node(&block, 0, count, &root, &detail);
    if (there < 0) { put(why, detail.data, detail.used); return 0; }
    if (there == 0 || !is_key(&block, &root, "VS_VERSION_INFO")) {
        if (count < announced) say(why, "truncated: the file ends after %u of its %u bytes", count, announced);
        else if (there) say(why, "it begins with the key %q instead of \"VS_VERSION_INFO\"", shown(&block, &root));
        else say(why, "no node at its start (%u bytes by the resource's leaf)", announced);
        return 0;
    }
    /* The damage of this block counts only if the earlier blocks had none. */
    damage.used = 0;
    put(&damage, info->damage.data, info->damage.used);
    if (root.announced > root.end + PADDING) {
        detail.used = 0;
        say(&detail, "the version block is cut: %u of %u bytes", root.end, root.announced);
        note(info, &detail);
        cut = 1;
    }
    at = root.value + root.value_length;
    if (root.end - root.value >= 24 && u32_at(bytes + root.value) == 0xFEEF04BD) {
        if (!info->has_fixed) {
            const u8 *fixed = bytes + root.value;
            info->has_fixed = 1;
            for (i = 0; i < 2; i++) {
                u32 *version = i ? info->product : info->file;
                version[0] = u16_at(fixed + 8 + 8 * i + 2);
                version[1] = u16_at(fixed + 8 + 8 * i);
                version[2] = u16_at(fixed + 8 + 8 * i + 6);
                version[3] = u16_at(fixed + 8 + 8 * i + 4);
            }
        }
        if (at < root.value + 52) at = root.value + 52;
    } else if (root.value_length) {
        if (cut) {
            put_text(why, "truncated before the end of its fixed information");
            info->damage.used = 0;
            put(&info->damage, damage.data, damage.used);
            return 0;
        }
        detail.used = 0;
        say(&detail, "no fixed information at %x of the version block", root.value);
        note(info, &detail);
    }
    for (i = 0; i < MAX_FILE_INFOS; i++) {
        detail.used = 0;
        there = read_node(&block, at, root.end, &child, &detail);
        if (there < 0) note(info, &detail);
        if (there <= 0) break;
        if (is_key(&block, &child, "StringFileInfo")) read_tables(&block, &child, info, first);
        at = child.end;
    }
    return 1;
}

static void version_json(Text *to, const char *name, const u32 *version)
{
    say(to, "\"%s\":\"%u.%u.%u.%u\"", name, version[0], version[1], version[2], version[3]);
}
void info_json(const Info *info, Text *to)
{
    static const char *const NAMES[STRINGS] =
        { "file_version", "product_version", NULL, "internal_name", "product_name", "company_name" };
    const char *arena = (const char *)info->arena.data;
    u32 i, j;
    put_byte(to, '{');
    if (info->has_fixed) {
        version_json(to, "fixed_file", info->file);
        put_byte(to, ',');
        version_json(to, "fixed_product", info->product);
    }
    for (i = 0; i < info->count; i++) {
        const Table *table = &info->tables[i];
        put_text(to, i ? ",{\"key\":" : info->has_fixed ? ",\"tables\":[{\"key\":" : "\"tables\":[{\"key\":");
        put_text(to, arena + table->key);
        for (j = 0; j < STRINGS; j++)
            if (NAMES[j] && table->strings[j]) say(to, ",\"%s\":%s", NAMES[j], arena + table->strings[j]);
        put_byte(to, '}');
    }
    if (info->count) put_byte(to, ']');
    if (info->damage.used) {
        put_text(to, info->has_fixed || info->count ? ",\"damage\":" : "\"damage\":");
        json(to, info->damage.data, info->damage.used);
    }
    put_byte(to, '}');
}
void originals_json(const Info *info, Text *to)
{
    const char *arena = (const char *)info->arena.data, *first, *other;
    u32 i, j;
    if (!info->count) return;
    first = info->tables[0].strings[ORIGINAL] ? arena + info->tables[0].strings[ORIGINAL] : "null";
    for (i = 1; i < info->count; i++) {
        other = info->tables[i].strings[ORIGINAL] ? arena + info->tables[i].strings[ORIGINAL] : "null";
        for (j = 0; first[j] && first[j] == other[j]; j++) ;
        if (first[j] != other[j]) break;
    }
    if (i == info->count) {
        if (info->tables[0].strings[ORIGINAL]) say(to, ",\"original\":%s", first);
        return;
    }
    for (i = 0; i < info->count; i++)
        say(to, "%s%s", i ? "," : ",\"originals\":[",
            info->tables[i].strings[ORIGINAL] ? arena + info->tables[i].strings[ORIGINAL] : "null");
    put_byte(to, ']');
}
