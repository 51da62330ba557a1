/* The files of a tree: each is opened, read by a few positioned reads, and recorded. Links are not followed. A file
   or folder that cannot be opened or listed is recorded as an error. Folders wait on a stack in memory, so that deep
   trees need no deep calls. */
#include "hfcollect.h"

#define REPARSE 0x400
#define NAME_SURROGATE 0x20000000u
#define OFFLINE 0x1000
#define OPEN_NO_RECALL 0x00100000

u32 files_seen, unreadable, links;
int windows_nt, is_root_file;

static WCHAR path[MAX_WIDE + 300];
static u32 root_length;
static Binary binary;

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
    /* Files on tape are not recalled. */
    DWORD flags = windows_nt && attributes & OFFLINE ? OPEN_NO_RECALL : 0;
    if (windows_nt) {
        HANDLE file = CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, flags, NULL);
        /* Before Windows NT 4.0, deletion cannot be shared. */
        if (file != INVALID_HANDLE_VALUE || GetLastError() != ERROR_INVALID_PARAMETER) return file;
        return CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, flags, NULL);
    }
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
        /* For a file with several names, the entry in the folder may be out of date. */
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
        if (binary.version == FOUND) version = place_block(&binary.info);
    }
    put(&size, before.data, before.used);
    record_of = *begin_record(&files, tree, below);
    record_of.version = version;
    end_record(&record_of, &size, &after);
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
    record = *begin_record(&troubles, tree, below);
    end_record(&record, &before, &after);
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

/* The waiting folders: the path of each, its length and its depth. */
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

/* The folders from the tree's root to the current one, by their numbers in the file system. A server may show a link
   as a plain folder: a link to a folder above itself would never end. */
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
        /* The root of an empty disk does not even contain itself. */
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
    /* Some systems return no attributes for the root of a server's disk: listing it shows whether it exists. */
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
