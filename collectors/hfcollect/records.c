/* The recorded data: paths as in a snapshot, records that are kept until they are sorted, and version blocks, which
   files of one build share except for the name. */
#include "hfcollect.h"

Records files, troubles;
Text paths, bodies, version_blocks;
Piece *blocks;
u32 block_count;

static u32 block_room, *block_table, block_table_size;

u32 wide_length(const WCHAR *text)
{
    u32 length = 0;
    while (text[length]) length++;
    return length;
}
void put_name(Text *to, const WCHAR *wide, u32 count)
{
    u32 i;
    for (i = 0; i < count; i++) {
        u32 c = wide[i];
        if (c >= 0xD800 && c < 0xDC00 && i + 1 < count && wide[i + 1] >= 0xDC00 && wide[i + 1] < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (wide[i + 1] - 0xDC00u);
            i++;
        }
        put_utf8(to, c);
    }
}
void put_path(Text *to, const WCHAR *wide, u32 count)
{
    u32 i = to->used;
    put_name(to, wide, count);
    for (; i < to->used; i++) if (to->data[i] == '\\') to->data[i] = '/';
}
void path_json(Text *to, const u8 *bytes, u32 count)
{
    static Text shown;
    u32 i;
    int lossy = 0;
    shown.used = 0;
    for (i = 0; i < count; i++) {
        /* Half a surrogate pair: three bytes that are not valid UTF-8, each shown as one character. */
        if (bytes[i] == 0xED && i + 2 < count && bytes[i + 1] >= 0xA0) {
            put_text(&shown, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
            lossy = 1;
            i += 2;
        } else put_byte(&shown, bytes[i]);
    }
    put_text(to, "\"path\":");
    json(to, shown.data, shown.used);
    if (!lossy) return;
    put_text(to, ",\"path_raw\":\"");
    for (i = 0; i < count; i++) {
        put_byte(to, (u32)"0123456789abcdef"[bytes[i] >> 4]);
        put_byte(to, (u32)"0123456789abcdef"[bytes[i] & 15]);
    }
    put_byte(to, '"');
}

/* ---- records ---- */

Record *begin_record(Records *records, u32 tree, const Text *below)
{
    Record *record;
    if (records->count == records->room) {
        u32 room = records->room ? 2 * records->room : 1024;
        Record *items = get_memory(room * sizeof *items);
        if (records->count) memcpy(items, records->items, records->count * sizeof *items);
        free_memory(records->items);
        records->items = items;
        records->room = room;
    }
    record = &records->items[records->count++];
    record->tree = tree;
    record->path = paths.used;
    record->path_length = below->used;
    put(&paths, below->data, below->used);
    record->before = record->after = record->end = bodies.used;
    record->version = -1;
    return record;
}
void end_record(Record *record, const Text *before, const Text *after)
{
    record->before = bodies.used;
    put(&bodies, before->data, before->used);
    record->after = bodies.used;
    put(&bodies, after->data, after->used);
    record->end = bodies.used;
}
static int compare(const Record *one, const Record *other)
{
    const u8 *left = paths.data + one->path, *right = paths.data + other->path;
    u32 i;
    if (one->tree != other->tree) return one->tree < other->tree ? -1 : 1;
    for (i = 0; i < one->path_length && i < other->path_length; i++)
        if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
    return one->path_length < other->path_length ? -1 : one->path_length > other->path_length;
}
void sort_records(Records *records)
{
    Record *from = records->items, *to = get_memory(records->count * sizeof *to), *swap;
    u32 width, start;
    for (width = 1; width < records->count; width *= 2) {
        for (start = 0; start < records->count; start += 2 * width) {
            u32 left = start, middle = start + width, right, last = start + 2 * width, out = start;
            if (middle > records->count) middle = records->count;
            if (last > records->count) last = records->count;
            right = middle;
            while (left < middle || right < last)
                to[out++] = right >= last || (left < middle && compare(&from[left], &from[right]) <= 0) ? from[left++] : from[right++];
        }
        swap = from;
        from = to;
        to = swap;
    }
    records->items = from;
    free_memory(to);
}

/* ---- version blocks ---- */

int place_block(const Info *info)
{
    static Text text;
    u32 hash = 2166136261u, i, slot;
    text.used = 0;
    info_json(info, &text);
    for (i = 0; i < text.used; i++) hash = (hash ^ text.data[i]) * 16777619u;
    if (2 * block_count >= block_table_size) {
        block_table_size = block_table_size ? 2 * block_table_size : 1024;
        free_memory(block_table);
        block_table = get_memory(4 * block_table_size);
        memset(block_table, 0xFF, 4 * block_table_size);
        for (i = 0; i < block_count; i++) {
            for (slot = blocks[i].hash & (block_table_size - 1); block_table[slot] != 0xFFFFFFFF; ) slot = (slot + 1) & (block_table_size - 1);
            block_table[slot] = i;
        }
    }
    for (slot = hash & (block_table_size - 1); block_table[slot] != 0xFFFFFFFF; slot = (slot + 1) & (block_table_size - 1)) {
        const Piece *known = &blocks[block_table[slot]];
        if (known->hash == hash && known->length == text.used && same_bytes(version_blocks.data + known->offset, text.data, text.used))
            return (int)block_table[slot];
    }
    if (block_count == block_room) {
        u32 room = block_room ? 2 * block_room : 1024;
        Piece *bigger = get_memory(room * sizeof *bigger);
        if (block_count) memcpy(bigger, blocks, block_count * sizeof *bigger);
        free_memory(blocks);
        blocks = bigger;
        block_room = room;
    }
    block_table[slot] = block_count;
    blocks[block_count].offset = version_blocks.used;
    blocks[block_count].length = text.used;
    blocks[block_count].hash = hash;
    put(&version_blocks, text.data, text.used);
    return (int)block_count++;
}

void put_error(Text *after, const Text *error)
{
    put_text(after, ",\"error\":");
    put(after, error->data, error->used);
    put_byte(after, '}');
}
