/* Registry hives (regf) in a tree: reads keys and values by positioned reads, each within the limits of the hive.
   Based on Maxim Suhanov's specification of the format; versions 1.1 to 1.6. Log files are not applied, which the
   state records. */
#include "hfcollect.h"

#define BINS_START 4096u
#define BIN_HEADER 32u
#define FIRST_READ 256u
#define MAX_STEPS (1u << 22)
#define MAX_DEPTH 512u
#define MAX_SUBKEYS (1u << 18)
#define MAX_VALUES (1u << 16)
#define MAX_KEY_NAME 512u
#define MAX_VALUE_NAME 32766u
#define MAX_DATA (1u << 20)
#define SEGMENT 16344u
#define INLINE_DATA 0x80000000u

static int io(Text *why)
{
    put_text(why, "unreadable: ");
    put(why, fault.detail.data, fault.detail.used);
    return FAILED;
}
static int wrong(Text *why, const char *what, u64 offset)
{
    say(why, "corrupt: %s at offset %X", what, offset);
    return FAILED;
}
static int cut(Text *why, const char *what, u64 offset)
{
    say(why, "truncated: %s at offset %X is after the end of the file", what, offset);
    return FAILED;
}
static int too_much(Text *why, u32 count, const char *what, u64 offset, u32 limit)
{
    say(why, "%u %s at offset %X: more than %u are not read", count, what, offset, limit);
    return FAILED;
}

int open_hive(Source *source, Hive *hive, Text *why)
{
    u8 head[512], bin[BIN_HEADER];
    u32 got, major, sum = 0, i;
    hive->source = source;
    hive->steps = 0;
    hive->lost = 0;
    if (!read_at(source, 0, head, 512, &got)) return io(why);
    if (got < 4 || !same_bytes(head, "regf", 4)) {
        put_text(why, "not a registry hive: it does not begin with regf");
        return MISSING;
    }
    if (got < 512) return cut(why, "base block", 0);
    for (i = 0; i < 508; i += 4) sum ^= u32_at(head + i);
    if (sum == 0) sum = 1;
    else if (sum == 0xFFFFFFFF) sum = 0xFFFFFFFE;
    hive->unfinished = u32_at(head + 4) != u32_at(head + 8);
    hive->wrong_checksum = sum != u32_at(head + 508);
    hive->lost = hive->unfinished || hive->wrong_checksum;
    major = u32_at(head + 20);
    hive->minor = u32_at(head + 24);
    if (major != 1 || hive->minor < 1 || hive->minor > 6) {
        say(why, "registry hive of unknown version %u.%u", major, hive->minor);
        return FAILED;
    }
    if (!read_at(source, BINS_START, bin, BIN_HEADER, &got)) return io(why);
    if (got < BIN_HEADER) return cut(why, "first hive bin", BINS_START);
    if (!same_bytes(bin, "hbin", 4)) return wrong(why, "signature of the first hive bin", BINS_START);
    hive->root = u32_at(head + 36);
    hive->bins = u32_at(head + 40);
    hive->cut = source->size < (u64)BINS_START + hive->bins;
    return THERE;
}

/* Keys may share their lists of subkeys and values: the tree can then be far larger than the file. */
static int spend(Hive *hive, u32 steps, Text *why)
{
    hive->steps += steps;
    if (hive->steps <= MAX_STEPS) return 1;
    hive->steps = MAX_STEPS + 1;
    say(why, "more than %u steps were needed to read it", MAX_STEPS);
    return 0;
}
/* The first `want` bytes of the contents of a cell, or all of them if there are fewer, and their position in the
   file. */
static int cell(Hive *hive, const char *what, u32 offset, u32 want, Text *bytes, u64 *content, Text *why)
{
    u64 place = (u64)BINS_START + offset;
    u32 head = hive->minor == 1 ? 8 : 4, size, needed, got;
    u8 start[4];
    bytes->used = 0;
    if (!spend(hive, 1, why)) return FAILED;
    if (offset < BIN_HEADER || offset % 8 || offset >= hive->bins) {
        say(why, "corrupt: %s at offset %X, where the hive has no cell", what, place);
        return FAILED;
    }
    if (!read_at(hive->source, place, start, 4, &got)) return io(why);
    if (got < 4) return cut(why, what, place);
    size = u32_at(start);
    if (!(size & 0x80000000u)) return wrong(why, "cell that is not in use", place);
    size = 0u - size;
    if (size <= head || size > hive->bins - offset) return wrong(why, "size of a cell", place);
    needed = want < size - head ? want : size - head;
    if (!spend(hive, (head + needed) / FIRST_READ, why)) return FAILED;
    *content = place + head;
    if (needed > bytes->room) {
        free_memory(bytes->data);
        bytes->data = get_memory(needed);
        bytes->room = needed;
    }
    if (!read_at(hive->source, *content, bytes->data, needed, &got)) return io(why);
    if (got < needed) return cut(why, what, place);
    bytes->used = needed;
    return THERE;
}
static int is_short(const Text *bytes, u32 needed, u64 content, Text *why)
{
    if (bytes->used >= needed) return 0;
    wrong(why, "cell that is too small for its content", content);
    return 1;
}

/* A name: one byte for each character (Latin-1) or UTF-16. */
static void name_of(const u8 *bytes, u32 count, int compressed, Text *to)
{
    u32 i;
    to->used = 0;
    if (!compressed) put_wide(to, bytes, count / 2);
    else for (i = 0; i < count; i++) put_utf8(to, bytes[i]);
    put_byte(to, 0);
}
static char *copy_of(const Text *text)
{
    char *copy = get_memory(text->used);
    memcpy(copy, text->data, text->used);
    return copy;
}

static int read_key(Hive *hive, u32 place, u32 depth, int has_parent, u32 parent, Key *key, Text *why)
{
    static Text bytes, name;
    u64 content;
    u32 flags, length;
    int answer = cell(hive, "key", place, 76 + MAX_KEY_NAME, &bytes, &content, why);
    if (answer != THERE) return answer;
    if (bytes.used < 2 || bytes.data[0] != 'n' || bytes.data[1] != 'k') return wrong(why, "signature of a key", content);
    /* Every key has one parent, and the root has none: each key is read at most once. */
    if (has_parent) {
        if (is_short(&bytes, 20, content, why)) return FAILED;
        if (u32_at(bytes.data + 16) != parent || place == hive->root) return wrong(why, "key that has another parent", content);
        if (depth > MAX_DEPTH) return too_much(why, depth, "nested keys", content, MAX_DEPTH);
    }
    if (is_short(&bytes, 74, content, why)) return FAILED;
    flags = u16_at(bytes.data + 2);
    length = u16_at(bytes.data + 72);
    if (length > MAX_KEY_NAME) return too_much(why, length, "bytes of a key's name", content, MAX_KEY_NAME);
    if (is_short(&bytes, 76 + length, content, why)) return FAILED;
    name_of(bytes.data + 76, length, flags & 0x20, &name);
    key->hive = hive;
    key->handle = NULL;
    key->place = place;
    key->depth = depth;
    key->subkey_count = u32_at(bytes.data + 20);
    key->subkey_list = u32_at(bytes.data + 28);
    key->value_count = flags & 0x40 ? 0 : u32_at(bytes.data + 36);
    key->value_list = u32_at(bytes.data + 40);
    key->name = copy_of(&name);
    return THERE;
}
int hive_root(Hive *hive, Key *key, Text *why) { return read_key(hive, hive->root, 0, 0, 0, key, why); }

/* ---- lists of subkeys ---- */

/* The positions of subkeys; DAMAGED_PLACE for a damaged one, whose error is the next text in `errors` (each ends
   with NUL). */
#define DAMAGED_PLACE 0xFFFFFFFFu
static Text places, errors;
static u32 listed;

static void add_place(u32 place) { put(&places, &place, 4); }
static void add_error(const Text *why)
{
    add_place(DAMAGED_PLACE);
    put(&errors, why->data, why->used);
    put_byte(&errors, 0);
}
/* 0: damaged; -1: too many, so nothing more is read. */
static int leaf(Hive *hive, u32 list, Text *why)
{
    static const char WHAT[] = "list of subkeys";
    static Text bytes, problem;
    u64 content;
    u32 stride, count, i;
    if (cell(hive, WHAT, list, 4, &bytes, &content, why) != THERE) return 0;
    if (bytes.used >= 2 && bytes.data[0] == 'l' && (bytes.data[1] == 'f' || bytes.data[1] == 'h')) stride = 8;
    else if (bytes.used >= 2 && bytes.data[0] == 'l' && bytes.data[1] == 'i') stride = 4;
    else return wrong(why, "signature of a list of subkeys", content), 0;
    if (is_short(&bytes, 4, content, why)) return 0;
    count = u16_at(bytes.data + 2);
    if (listed + count > MAX_SUBKEYS) return too_much(why, listed + count, "subkeys", content, MAX_SUBKEYS), -1;
    listed += count;
    if (cell(hive, WHAT, list, 4 + count * stride, &bytes, &content, why) != THERE) return 0;
    if (is_short(&bytes, count ? 8 + (count - 1) * stride : 4, content, why)) return 0;
    for (i = 0; i < count; i++) {
        u32 place = u32_at(bytes.data + 4 + i * stride);
        if (place != DAMAGED_PLACE) { add_place(place); continue; }
        problem.used = 0;
        say(&problem, "corrupt: key at offset %X, where the hive has no cell", (u64)BINS_START + place);
        add_error(&problem);
    }
    return 1;
}
/* A key that is listed several times could make the tree endless: the later ones are errors. */
static void mark_twins(void)
{
    u32 count = places.used / 4, size = 16, i, *place = (u32 *)places.data, *table;
    Text before, why;
    const char *error;
    memset(&before, 0, sizeof before);
    memset(&why, 0, sizeof why);
    while (size < 2 * count) size *= 2;
    table = get_memory(4 * size);
    memset(table, 0xFF, 4 * size);
    put(&before, errors.data, errors.used);
    errors.used = 0;
    error = (const char *)before.data;
    for (i = 0; i < count; i++) {
        u32 slot = (place[i] >> 3) * 0x9E3779B1u & (size - 1);
        if (place[i] == DAMAGED_PLACE) {
            put(&errors, error, text_length(error) + 1);
            error += text_length(error) + 1;
            continue;
        }
        while (table[slot] != DAMAGED_PLACE && table[slot] != place[i]) slot = (slot + 1) & (size - 1);
        if (table[slot] == place[i]) {
            why.used = 0;
            wrong(&why, "key that is listed twice", (u64)BINS_START + place[i]);
            put(&errors, why.data, why.used);
            put_byte(&errors, 0);
            place[i] = DAMAGED_PLACE;
        } else table[slot] = place[i];
    }
    free_memory(table);
    free_memory(before.data);
    free_memory(why.data);
}
static int list_places(Hive *hive, u32 list, u32 count, Text *why)
{
    static Text head, leaves, problem;
    u64 content, at_head;
    u32 i, leaf_count;
    int answer;
    places.used = errors.used = 0;
    listed = 0;
    if (!count) return THERE;
    if (cell(hive, "list of subkeys", list, 4, &head, &at_head, why) != THERE) return FAILED;
    if (head.used >= 2 && head.data[0] == 'r' && head.data[1] == 'i') {
        if (is_short(&head, 4, at_head, why)) return FAILED;
        leaf_count = u16_at(head.data + 2);
        if (cell(hive, "list of subkeys", list, 4 + leaf_count * 4, &leaves, &content, why) != THERE) return FAILED;
        if (is_short(&leaves, 4 + leaf_count * 4, content, why)) return FAILED;
        for (i = 0; i < leaf_count; i++) {
            problem.used = 0;
            answer = leaf(hive, u32_at(leaves.data + 4 + 4 * i), &problem);
            if (answer <= 0) add_error(&problem);
            if (answer < 0) { mark_twins(); return THERE; }
        }
    } else if (leaf(hive, list, why) <= 0) return FAILED;
    if (listed != count) {
        problem.used = 0;
        wrong(&problem, "list of subkeys that is not as long as its key says", at_head);
        add_error(&problem);
    }
    mark_twins();
    return THERE;
}

int hive_subkeys(const Key *key, Keys *keys, System *system, const char *source, Text *why)
{
    static Text problem;
    Text own, own_errors;
    const char *error;
    Key found;
    u32 i;
    if (list_places(key->hive, key->subkey_list, key->subkey_count, why) != THERE) return FAILED;
    /* The lists of this key, kept while its subkeys are read. */
    own = places;
    own_errors = errors;
    memset(&places, 0, sizeof places);
    memset(&errors, 0, sizeof errors);
    error = (const char *)own_errors.data;
    for (i = 0; i < own.used / 4; i++) {
        u32 place = ((u32 *)own.data)[i];
        problem.used = 0;
        if (place == DAMAGED_PLACE) {
            put_text(&problem, error);
            error += text_length(error) + 1;
            system_problem(system, source, &problem);
        } else if (read_key(key->hive, place, key->depth + 1, 1, key->place, &found, &problem) == THERE) add_key(keys, &found);
        else system_problem(system, source, &problem);
    }
    free_memory(own.data);
    free_memory(own_errors.data);
    return THERE;
}

/* The registry compares names in upper case; the requested names are ASCII. */
static int same_name(const char *stored, const char *name, u32 length)
{
    u32 i;
    for (i = 0; i < length; i++) if (!stored[i] || lower(stored[i]) != lower(name[i])) return 0;
    return !stored[length];
}
int hive_child(const Key *key, const char *name, u32 length, Key *found, Text *why)
{
    static Text damage, problem;
    const char *error;
    Text own, own_errors;
    u32 i;
    int answer = MISSING;
    damage.used = 0;
    if (list_places(key->hive, key->subkey_list, key->subkey_count, why) != THERE) return FAILED;
    own = places;
    own_errors = errors;
    memset(&places, 0, sizeof places);
    memset(&errors, 0, sizeof errors);
    error = (const char *)own_errors.data;
    for (i = 0; i < own.used / 4; i++) {
        u32 place = ((u32 *)own.data)[i];
        problem.used = 0;
        if (place == DAMAGED_PLACE) {
            if (!damage.used) put_text(&damage, error);
            error += text_length(error) + 1;
        } else if (read_key(key->hive, place, key->depth + 1, 1, key->place, found, &problem) != THERE) {
            if (!damage.used) put(&damage, problem.data, problem.used);
        } else if (same_name(found->name, name, length)) { answer = THERE; break; }
        else close_key(found);
    }
    free_memory(own.data);
    free_memory(own_errors.data);
    if (answer == THERE || !damage.used) return answer;
    put(why, damage.data, damage.used);
    return FAILED;
}

/* ---- values ---- */

static int value_places(const Key *key, Text *bytes, Text *why)
{
    u64 content;
    u32 count = key->value_count;
    bytes->used = 0;
    if (!count) return THERE;
    if (count > MAX_VALUES) {
        if (cell(key->hive, "list of values", key->value_list, 0, bytes, &content, why) != THERE) return FAILED;
        return too_much(why, count, "values", content, MAX_VALUES);
    }
    if (cell(key->hive, "list of values", key->value_list, count * 4, bytes, &content, why) != THERE) return FAILED;
    return is_short(bytes, count * 4, content, why) ? FAILED : THERE;
}
int hive_has_values(const Key *key, Text *why)
{
    static Text bytes;
    int answer = value_places(key, &bytes, why);
    return answer == THERE ? (bytes.used ? THERE : MISSING) : answer;
}
/* The header of a value: its name, type, size and the position of its data. */
typedef struct { u32 kind, size, place; u64 offset; } Head;
static int value_head(Hive *hive, u32 place, Head *head, Text *name, Text *why)
{
    static Text bytes;
    u32 length;
    if (cell(hive, "value", place, 20 + MAX_VALUE_NAME, &bytes, &head->offset, why) != THERE) return FAILED;
    if (bytes.used < 2 || bytes.data[0] != 'v' || bytes.data[1] != 'k') return wrong(why, "signature of a value", head->offset);
    if (is_short(&bytes, 18, head->offset, why)) return FAILED;
    length = u16_at(bytes.data + 2);
    if (length > MAX_VALUE_NAME) return too_much(why, length, "bytes of a value's name", head->offset, MAX_VALUE_NAME);
    if (is_short(&bytes, 20 + length, head->offset, why)) return FAILED;
    name_of(bytes.data + 20, length, u16_at(bytes.data + 16) & 1, name);
    head->size = u32_at(bytes.data + 4);
    head->place = u32_at(bytes.data + 8);
    head->kind = u32_at(bytes.data + 12);
    return THERE;
}
static int value_data(Hive *hive, const Head *head, Text *data, Text *why)
{
    static Text bytes, list;
    u32 size = head->size & ~INLINE_DATA, i, count;
    u64 content;
    u8 inlined[4];
    data->used = 0;
    if (head->size & INLINE_DATA) {
        if (size > 4) return wrong(why, "size of a value's data", head->offset);
        for (i = 0; i < 4; i++) inlined[i] = (u8)(head->place >> 8 * i);
        put(data, inlined, size);
        return THERE;
    }
    if (!size) return THERE;
    if (size > MAX_DATA) return too_much(why, size, "bytes of data", head->offset, MAX_DATA);
    if (cell(hive, "data of a value", head->place, size, &bytes, &content, why) != THERE) return FAILED;
    if (size > SEGMENT && hive->minor >= 4 && bytes.used >= 2 && bytes.data[0] == 'd' && bytes.data[1] == 'b') {
        if (is_short(&bytes, 8, content, why)) return FAILED;
        count = u16_at(bytes.data + 2);
        if (cell(hive, "list of data segments", u32_at(bytes.data + 4), count * 4, &list, &content, why) != THERE) return FAILED;
        if (is_short(&list, count * 4, content, why)) return FAILED;
        for (i = 0; i < count && data->used < size; i++) {
            u32 left = size - data->used < SEGMENT ? size - data->used : SEGMENT;
            if (cell(hive, "data segment", u32_at(list.data + 4 * i), left, &bytes, &content, why) != THERE) return FAILED;
            if (is_short(&bytes, left, content, why)) return FAILED;
            put(data, bytes.data, left);
        }
        return data->used == size ? THERE : wrong(why, "data whose segments are too few", head->offset);
    }
    if (is_short(&bytes, size, content, why)) return FAILED;
    put(data, bytes.data, size);
    return THERE;
}
int hive_value(const Key *key, const char *name, Data *data, Text *why)
{
    static Text list, stored, damage, problem;
    Head head;
    u32 i;
    damage.used = 0;
    if (value_places(key, &list, why) != THERE) return FAILED;
    for (i = 0; i < list.used / 4; i++) {
        problem.used = 0;
        if (value_head(key->hive, u32_at(list.data + 4 * i), &head, &stored, &problem) != THERE) {
            if (!damage.used) put(&damage, problem.data, problem.used);
        } else if (same_name((const char *)stored.data, name, text_length(name))) {
            data->kind = head.kind;
            return value_data(key->hive, &head, &data->bytes, why);
        }
    }
    if (!damage.used) return MISSING;
    put(why, damage.data, damage.used);
    return FAILED;
}
