/* The files of a tree: each is opened, read by a few positioned reads, and recorded. Links are not followed. What cannot
   be opened or listed is recorded as that. Folders wait on a stack in memory, so that deep trees need no deep calls. */
#include "hfcollect.h"

#define REPARSE 0x400
#define NAME_SURROGATE 0x20000000u
#define OFFLINE 0x1000
#define OPEN_NO_RECALL 0x00100000

Records files, troubles;
Text paths, bodies, version_blocks;
Piece *blocks;
u32 block_count, files_seen, unreadable, links;
int windows_nt;

static u32 block_room, *block_table, block_table_size;
static WCHAR path[MAX_WIDE + 300];
static u32 root_length;
static int is_root_file;
static Binary binary;

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
        /* Half a surrogate pair: three bytes that are no UTF-8, each shown as one character. */
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

static Record *begin(Records *records, u32 tree, const Text *below)
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
static void end(Record *record, const Text *before, const Text *after)
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

/* ---- version blocks: files of one build share theirs, but for the name ---- */

static int place_block(void)
{
    static Text text;
    u32 hash = 2166136261u, i, slot;
    text.used = 0;
    info_json(&binary.info, &text);
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

/* ---- one file ---- */

typedef struct {
    WCHAR name[264];
    u32 attributes, reparse, size_high, size_low;
    FILETIME written;
} Found;

static const char *narrow(const WCHAR *wide)
{
    static char text[MAX_PATH + 8];
    BOOL lost = FALSE;
    int length = WideCharToMultiByte(CP_ACP, 0, wide, -1, text, MAX_PATH, NULL, &lost);
    return length > 0 && !lost ? text : NULL;
}
HANDLE open_to_read(const WCHAR *wide, u32 attributes)
{
    const char *text;
    /* What lies on a tape is not called back. */
    DWORD flags = windows_nt && attributes & OFFLINE ? OPEN_NO_RECALL : 0;
    if (windows_nt)
        return CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, flags, NULL);
    if ((text = narrow(wide)) == NULL) { SetLastError(ERROR_INVALID_NAME); return INVALID_HANDLE_VALUE; }
    return CreateFileA(text, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, flags, NULL);
}

static void size_and_time(Text *to, u32 high, u32 low, const FILETIME *written)
{
    static const u64 EPOCH = ((u64)27111902 << 32) + 3577643008u;  /* 1970 in 100 ns since 1601 */
    u64 time = (u64)written->dwHighDateTime << 32 | written->dwLowDateTime, away;
    u32 rest;
    say(to, ",\"size\":%U", (u64)high << 32 | low);
    if (!time) return;
    away = time >= EPOCH ? time - EPOCH : EPOCH - time;
    rest = divide(&away, 10000);
    rest |= divide(&away, 1000);
    if (time < EPOCH && rest) away++;
    say(to, time >= EPOCH || !away ? ",\"modified\":%U" : ",\"modified\":-%U", away);
}
static void put_error(Text *after, const Text *error)
{
    put_text(after, ",\"error\":");
    put(after, error->data, error->used);
    put_byte(after, '}');
}
static int ends_with_cab(const Text *below)
{
    const char *end = (const char *)below->data + below->used - 4;
    return below->used >= 4 && end[0] == '.' && lower(end[1]) == 'c' && lower(end[2]) == 'a' && lower(end[3]) == 'b';
}

/* What the folders of a path say of a copy, as docs/inventories.md names it. */
static const char *copy_kind(const Text *below)
{
    static const char *const KINDS[][2] = {
        { "dllcache", "dll-cache" }, { "$hf_mig$", "hotfix-store" }, { "servicepackfiles", "service-pack-files" },
        { "winsxs", "side-by-side" }, { "softwaredistribution", "download" }, { "i386", "install-source" },
        { "amd64", "install-source" }, { "ia64", "install-source" }, { "driver cache", "install-source" },
        { "lastgood", "last-good" }, { "lastgood.tmp", "last-good" }, { "temp", "temporary" }, { "tmp", "temporary" } };
    static const char *const BACKUPS[] = { "$ntuninstall", "$ntservicepackuninstall" };
    u32 start = 0, at, i, j;
    for (at = 0; at < below->used; at++) {
        const char *folder = (const char *)below->data + start;
        u32 length = at - start;
        if (below->data[at] != '/') continue;
        for (i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
            for (j = 0; j < length && lower(folder[j]) == KINDS[i][0][j]; j++) ;
            if (j == length && !KINDS[i][0][j]) return KINDS[i][1];
        }
        for (i = 0; i < 2; i++) {
            for (j = 0; BACKUPS[i][j] && j < length && lower(folder[j]) == BACKUPS[i][j]; j++) ;
            if (!BACKUPS[i][j]) return "uninstall-backup";
        }
        start = at + 1;
    }
    return "install-source";
}

/* A cabinet whose members are read: whether each is a record, and the last one's name. */
typedef struct { u32 tree; const Text *below; int records; Text name; } Cabinet;
static int is_utf8(const u8 *bytes, u32 count)
{
    u32 i, more, c;
    for (i = 0; i < count; i++) {
        if (bytes[i] < 0x80) continue;
        if (bytes[i] >= 0xC2 && bytes[i] < 0xE0) { more = 1; c = bytes[i] & 31u; }
        else if (bytes[i] >= 0xE0 && bytes[i] < 0xF0) { more = 2; c = bytes[i] & 15u; }
        else if (bytes[i] >= 0xF0 && bytes[i] < 0xF5) { more = 3; c = bytes[i] & 7u; }
        else return 0;
        if (i + more >= count) return 0;
        for (; more; more--) {
            if ((bytes[++i] & 0xC0) != 0x80) return 0;
            c = c << 6 | (bytes[i] & 63u);
            if (more == 1 && (c < 0x80 || (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF)) return 0;
        }
    }
    return 1;
}
/* A member of a cabinet: its name, size and date are known, its contents are not unpacked here. */
static void add_member(void *context, const Member *member)
{
    static Text whole, name, before, after, error;
    Cabinet *cabinet = context;
    Record *record;
    u32 start, at, parts = 0;
    cabinet->name.used = 0;
    whole.used = before.used = after.used = error.used = name.used = 0;
    if (member->utf8 && is_utf8(member->name, member->length)) put(&name, member->name, member->length);
    else {
        static WCHAR wide[300];
        int units = MultiByteToWideChar(1252, 0, (const char *)member->name, (int)member->length, wide, 300);
        if (units > 0) put_wide(&name, (const u8 *)wide, (u32)units);
        /* A Windows without this code page: the beyond of ASCII is not known. */
        else for (at = 0; at < member->length; at++) put_utf8(&name, member->name[at] < 0x80 ? member->name[at] : 0xFFFD);
    }
    /* What no file can be called is left out. */
    for (start = at = 0; at <= name.used; at++) {
        u32 length = at - start;
        const u8 *part = name.data + start;
        if (at < name.used && name.data[at] != '/' && name.data[at] != '\\') continue;
        start = at + 1;
        if (!length || part[length - 1] == ':' || (part[0] == '.' && (length == 1 || (length == 2 && part[1] == '.')))) continue;
        if (parts++) put_byte(&cabinet->name, '/');
        put(&cabinet->name, part, length);
    }
    if (!cabinet->records) return;
    put(&whole, cabinet->below->data, cabinet->below->used);
    put_text(&whole, ":/");
    put(&whole, cabinet->name.data, cabinet->name.used);
    record = begin(&files, cabinet->tree, &whole);
    say(&before, ",\"size\":%u", member->size);
    if (member->has_time) say(&before, ",\"modified\":%U", member->modified);
    put_text(&before, ",\"origin\":\"member\"");
    if (!is_root_file) say(&before, ",\"copy\":\"%s\"", copy_kind(cabinet->below));
    put_text(&error, "\"not-told\"");
    put_error(&after, &error);
    end(record, &before, &after);
}
static void add_cabinet(u32 tree, const Text *below, const Text *size, const Text *error)
{
    static Text before, after;
    Record *record = begin(&files, tree, below);
    before.used = after.used = 0;
    put(&before, size->data, size->used);
    put_text(&before, ",\"origin\":\"cabinet\"");
    if (!is_root_file) say(&before, ",\"copy\":\"%s\"", copy_kind(below));
    put_error(&after, error);
    end(record, &before, &after);
}
/* What the member of a cabinet that has one says of the packed file's name: TAPISRV.EX_. Its size is a claim. */
static void put_packing(Text *to, const Cabinet *cabinet)
{
    const u8 *name = cabinet->name.data;
    u32 start = cabinet->name.used, dot, end = start;
    while (start && name[start - 1] != '/') start--;
    for (dot = end; dot > start && name[dot - 1] != '.'; ) dot--;
    put_text(to, ",\"packed\":{\"hint\":{\"parts\":{\"stem\":");
    json(to, name + start, dot > start ? dot - 1 - start : end - start);
    put_text(to, ",\"extension\":");
    if (dot > start) json(to, name + dot, end - dot);
    else put_text(to, "null");
    put_text(to, "}}}");
}
/* The members of a cabinet; what the record of the file itself says of them. */
static void read_cabinet_file(u32 tree, const Text *below, const Text *size, Source *source, Text *before, Text *error)
{
    static Cabinet cabinet;
    static Text reason;
    u32 members, count = files.count;
    cabinet.tree = tree;
    cabinet.below = below;
    cabinet.records = ends_with_cab(below);
    reason.used = 0;
    if (read_cabinet(source, &members, add_member, &cabinet, &reason)) {
        if (members == 1) {
            put_packing(before, &cabinet);
            put_text(error, "\"not-told\"");
        } else {
            put_text(before, ",\"packed\":{}");
            say(error, "{\"packed\":{\"not-one-file\":{\"members\":%u}}}", members);
        }
        return;
    }
    put_text(before, ",\"packed\":{}");
    put_text(error, "{\"packed\":{\"cabinet\":");
    put(error, reason.data, reason.used);
    put_text(error, "}}");
    if (cabinet.records) {
        /* Nothing of it counts: whatever is asked for could lie in it. */
        files.count = count;
        add_cabinet(tree, below, size, error);
    }
}

static void record_file(u32 tree, const Text *below, const Found *found)
{
    static Text before, after, error, bytes, packed, reason, size;
    BY_HANDLE_FILE_INFORMATION information;
    Record record_of;
    Source source;
    HANDLE file;
    int version = -1, kind = PLAIN, ok;
    files_seen++;
    progress(0);
    before.used = after.used = error.used = packed.used = reason.used = size.used = 0;
    file = open_to_read(path, found->attributes);
    if (file == INVALID_HANDLE_VALUE) {
        u32 why = GetLastError();
        size_and_time(&size, found->size_high, found->size_low, &found->written);
        say(&error, "{\"io\":\"cannot be opened (Windows error %u)\"}", why);
        unreadable++;
        if (ends_with_cab(below)) add_cabinet(tree, below, &size, &error);
    } else {
        u32 high = found->size_high, low = found->size_low;
        FILETIME written = found->written;
        /* The folder's entry of a file with several names may be stale. */
        if (GetFileInformationByHandle(file, &information)) {
            high = information.nFileSizeHigh;
            low = information.nFileSizeLow;
            written = information.ftLastWriteTime;
        }
        size_and_time(&size, high, low, &written);
        open_file_source(&source, file, (u64)high << 32 | low);
        ok = read_binary(&source, &binary);
        if (!ok && fault.kind == NOT_EXECUTABLE) kind = packing_of(source.header.buffer, source.header.filled);
        if (kind == CABINET) read_cabinet_file(tree, below, &size, &source, &before, &error);
        else if (kind == PACKED) {
            if (unpack(&source, &bytes, &packed, &reason)) {
                open_memory_source(&source, bytes.data, bytes.used);
                ok = read_binary(&source, &binary);
                if (!ok) fault_json(&error);
            } else {
                put_text(&error, "{\"packed\":");
                put(&error, reason.data, reason.used);
                put_byte(&error, '}');
            }
            put(&before, packed.data, packed.used);
        } else if (!ok) {
            if (fault.kind == IO_FAULT) unreadable++;
            fault_json(&error);
        }
        CloseHandle(file);
    }
    if (error.used) put_error(&after, &error);
    else {
        binary_json(&binary, &before, &after);
        put_byte(&after, '}');
        if (binary.version == FOUND) version = place_block();
    }
    put(&size, before.data, before.used);
    record_of = *begin(&files, tree, below);
    record_of.version = version;
    end(&record_of, &size, &after);
    files.items[files.count - 1] = record_of;
    offer_hive(tree, path, root_length, below);
}

/* ---- folders ---- */

static void trouble(u32 tree, const Text *below, const char *what, u32 error)
{
    static Text before, after;
    Record record;
    if (is_running_folder(tree, below)) return;
    before.used = after.used = 0;
    put_text(&before, ",\"what\":\"");
    say(&before, what, error);
    put_text(&before, "\"}");
    record = *begin(&troubles, tree, below);
    end(&record, &before, &after);
    troubles.items[troubles.count - 1] = record;
}

static void from_ansi(Found *found, const WIN32_FIND_DATAA *data)
{
    int count = MultiByteToWideChar(CP_ACP, 0, data->cFileName, -1, found->name, 260);
    if (count <= 0) found->name[0] = 0;
    found->attributes = data->dwFileAttributes;
    found->reparse = 0;
    found->size_high = data->nFileSizeHigh;
    found->size_low = data->nFileSizeLow;
    found->written = data->ftLastWriteTime;
}
static void from_wide(Found *found, const WIN32_FIND_DATAW *data)
{
    memcpy(found->name, data->cFileName, sizeof data->cFileName);
    found->name[259] = 0;
    found->attributes = data->dwFileAttributes;
    found->reparse = data->dwReserved0;
    found->size_high = data->nFileSizeHigh;
    found->size_low = data->nFileSizeLow;
    found->written = data->ftLastWriteTime;
}
static HANDLE find_first(Found *found)
{
    const char *text;
    HANDLE handle;
    if (windows_nt) {
        WIN32_FIND_DATAW data;
        handle = FindFirstFileW(path, &data);
        if (handle != INVALID_HANDLE_VALUE) from_wide(found, &data);
    } else {
        WIN32_FIND_DATAA data;
        if ((text = narrow(path)) == NULL) { SetLastError(ERROR_INVALID_NAME); return INVALID_HANDLE_VALUE; }
        handle = FindFirstFileA(text, &data);
        if (handle != INVALID_HANDLE_VALUE) from_ansi(found, &data);
    }
    return handle;
}
static int find_next(HANDLE handle, Found *found)
{
    if (windows_nt) {
        WIN32_FIND_DATAW data;
        if (!FindNextFileW(handle, &data)) return 0;
        from_wide(found, &data);
    } else {
        WIN32_FIND_DATAA data;
        if (!FindNextFileA(handle, &data)) return 0;
        from_ansi(found, &data);
    }
    return 1;
}

/* The folders that wait: the path of each, its length, and how deep it lies. */
static Text stack;
static u32 depth;
static void push(u32 length)
{
    u32 below = depth + 1;
    put(&stack, path, 2 * length);
    put(&stack, &length, 4);
    put(&stack, &below, 4);
}
static int pop(u32 *length)
{
    if (!stack.used) return 0;
    memcpy(&depth, stack.data + stack.used - 4, 4);
    memcpy(length, stack.data + stack.used - 8, 4);
    stack.used -= 8 + 2 * *length;
    memcpy(path, stack.data + stack.used, 2 * *length);
    path[*length] = 0;
    return 1;
}

/* The folders from the tree's root to the current one, as the file system numbers them. A server may show a link as a
   plain folder: one that leads to a folder above itself would never end. */
static struct { u32 volume, high, low; } *above;
static u32 above_room;
static int leads_above(void)
{
    BY_HANDLE_FILE_INFORMATION information;
    HANDLE folder;
    int known;
    u32 i;
    if (depth >= above_room) {
        void *bigger = get_memory((depth + 64) * sizeof *above);
        if (above_room) memcpy(bigger, above, above_room * sizeof *above);
        free_memory(above);
        above = bigger;
        above_room = depth + 64;
    }
    memset(&above[depth], 0, sizeof *above);
    if (!windows_nt) return 0;
    folder = CreateFileW(path, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (folder == INVALID_HANDLE_VALUE) return 0;
    known = GetFileInformationByHandle(folder, &information) && (information.nFileIndexHigh || information.nFileIndexLow);
    CloseHandle(folder);
    if (!known) return 0;
    above[depth].volume = information.dwVolumeSerialNumber;
    above[depth].high = information.nFileIndexHigh;
    above[depth].low = information.nFileIndexLow;
    for (i = 0; i < depth; i++) if (same_bytes(&above[i], &above[depth], sizeof *above)) return 1;
    return 0;
}
static void set_below(Text *below, u32 length)
{
    below->used = 0;
    if (length > root_length) put_path(below, path + root_length + 1, length - root_length - 1);
}

static void take(u32 tree, u32 folder, const Found *found)
{
    static Text below;
    const WCHAR *name = found->name;
    u32 length = wide_length(name), most = windows_nt ? MAX_WIDE : MAX_PATH - 1;
    if (name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]))) return;
    if (!length) {
        set_below(&below, folder);
        trouble(tree, &below, "a name in it cannot be converted", 0);
        return;
    }
    path[folder] = '\\';
    memcpy(path + folder + 1, name, 2 * length + 2);
    length += folder + 1;
    set_below(&below, length);
    /* Two characters more are needed to list a folder. */
    if (length + 2 > most) {
        trouble(tree, &below, "its path is too long", 0);
        if (!(found->attributes & FILE_ATTRIBUTE_DIRECTORY)) files_seen++;
    } else if (found->attributes & REPARSE && found->reparse & NAME_SURROGATE) links++;
    else if (found->attributes & FILE_ATTRIBUTE_DIRECTORY) push(length);
    else record_file(tree, &below, found);
}
static int list(u32 tree, u32 length, int is_root, u32 *error)
{
    static Found found;
    static Text below;
    HANDLE handle;
    *error = 0;
    if (is_root) {
        depth = 0;
        path[length] = '\\';
        path[length + 1] = 0;
    }
    if (leads_above()) { links++; return 1; }
    path[length] = '\\';
    path[length + 1] = '*';
    path[length + 2] = 0;
    handle = find_first(&found);
    if (handle == INVALID_HANDLE_VALUE) {
        *error = GetLastError();
        path[length] = 0;
        /* The root of an empty disk has not even itself in it. */
        if (*error == ERROR_FILE_NOT_FOUND || *error == ERROR_NO_MORE_FILES) { *error = 0; return 1; }
        if (is_root) return 0;
        set_below(&below, length);
        trouble(tree, &below, "cannot be listed (Windows error %u)", *error);
        return 1;
    }
    do take(tree, length, &found); while (find_next(handle, &found));
    *error = GetLastError();
    FindClose(handle);
    path[length] = 0;
    if (*error != ERROR_NO_MORE_FILES) {
        set_below(&below, length);
        trouble(tree, &below, "cannot be listed to its end (Windows error %u)", *error);
    }
    return 1;
}

int walk(u32 tree, const WCHAR *root, u32 *error)
{
    static Text below;
    static Found found;
    const char *text = windows_nt ? NULL : narrow(root);
    u32 length = wide_length(root), start;
    HANDLE handle;
    DWORD attributes;
    attributes = windows_nt ? GetFileAttributesW(root) : text ? GetFileAttributesA(text) : 0xFFFFFFFF;
    *error = GetLastError();
    /* Roots of disks of a server have no attributes on some systems: listing tells. */
    if (length > MAX_WIDE - 300) { *error = ERROR_FILENAME_EXCED_RANGE; return 0; }
    memcpy(path, root, 2 * length + 2);
    while (length && path[length - 1] == '\\') path[--length] = 0;
    root_length = length;
    is_root_file = attributes != 0xFFFFFFFF && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
    if (!is_root_file) {
        u32 first_error;
        if (!list(tree, length, 1, &first_error)) { *error = first_error; return 0; }
        while (pop(&length)) list(tree, length, 0, error);
        return 1;
    }
    handle = find_first(&found);
    if (handle == INVALID_HANDLE_VALUE) { *error = GetLastError(); return 0; }
    FindClose(handle);
    for (start = length; start && path[start - 1] != '\\'; ) start--;
    root_length = start ? start - 1 : 0;
    below.used = 0;
    put_path(&below, path + start, length - start);
    record_file(tree, &below, &found);
    return 1;
}
