/* Command line and output of hfcollect. */
#include "hfcollect.h"

#ifndef HFCOLLECT_VERSION
#error "build with build.sh, which takes the version from Cargo.toml"
#endif

static const char USAGE[] =
    "hfcollect " HFCOLLECT_VERSION ": records the facts of Windows files for hotfixcheck.\r\n"
    "\r\n"
    "usage: hfcollect [-o FILE] [FOLDER or FILE...]\r\n"
    "\r\n"
    "  FOLDER    the folders to record; without any: the Windows folder\r\n"
    "  -o FILE   write to FILE; to a folder (A:\\): there, named after the computer;\r\n"
    "            without -o: to the standard output\r\n"
    "  -h, /?    this text\r\n"
    "  -V        the version\r\n"
    "\r\n"
    "It only reads; the one file that it writes is FILE. On another computer:\r\n"
    "  hotfixcheck scan --inventory FILE\r\n"
    "Exit codes: 0 written; 2 not written.\r\n";

static HANDLE messages, output;
static int is_console;

static void print(HANDLE to, const char *text, u32 length)
{
    DWORD done;
    while (length && WriteFile(to, text, length, &done, NULL) && done) text += done, length -= done;
}
/* A message in the code page of the console. */
static void message(const Text *utf8)
{
    static WCHAR wide[1200];
    static char text[2400];
    u32 i, units = 0;
    int count;
    for (i = 0; i < utf8->used && units < 1190; i++) {
        u32 c = utf8->data[i];
        if (c >= 0xF0) { wide[units++] = 0xFFFD; i += 3; }
        else if (c >= 0xE0) { wide[units++] = (WCHAR)((c & 15) << 12 | (utf8->data[i + 1] & 63u) << 6 | (utf8->data[i + 2] & 63u)); i += 2; }
        else if (c >= 0xC0) { wide[units++] = (WCHAR)((c & 31) << 6 | (utf8->data[i + 1] & 63u)); i++; }
        else if (c < 32 && c != '\r' && c != '\n') wide[units++] = '?';
        else wide[units++] = (WCHAR)c;
    }
    count = WideCharToMultiByte(CP_OEMCP, 0, wide, (int)units, text, sizeof text, NULL, NULL);
    print(messages, text, count > 0 ? (u32)count : 0);
}
static void end(void)
{
    if (is_console) print(messages, "\r                    \r", 22);
}
void fatal(const char *text)
{
    end();
    print(messages, "hfcollect: ", 11);
    print(messages, text, text_length(text));
    print(messages, "\r\n", 2);
    ExitProcess(2);
}
/* Ends the program with the name of the item that failed, and the error of Windows. */
static void failed(const char *what, const WCHAR *name, u32 error)
{
    static Text text;
    u32 i;
    end();
    say(&text, "hfcollect: %s '", what);
    for (i = 0; name[i]; i++) put_utf8(&text, name[i] >= 0xD800 && name[i] < 0xE000 ? 0xFFFD : name[i]);
    say(&text, "': Windows error %u", error);
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) put_text(&text, " (there is nothing of this name)");
    if (error == ERROR_ACCESS_DENIED) put_text(&text, " (access denied)");
    if (error == ERROR_DISK_FULL) put_text(&text, " (the disk is full)");
    if (error == ERROR_WRITE_PROTECT) put_text(&text, " (the disk is write-protected)");
    put_text(&text, "\r\n");
    message(&text);
    ExitProcess(2);
}
void progress(int last)
{
    static Text text;
    if (!is_console || (!last && files_seen % 100)) return;
    text.used = 0;
    say(&text, "\r%u files ", files_seen);
    message(&text);
}

/* ---- the command line ---- */

static WCHAR command[MAX_WIDE];
static WCHAR *next_word(WCHAR **rest)
{
    WCHAR *from = *rest, *to, *start;
    int quoted = 0;
    while (*from == ' ' || *from == '\t') from++;
    if (!*from) return NULL;
    for (start = to = from; *from && (quoted || (*from != ' ' && *from != '\t')); from++) {
        if (*from == '"') quoted = !quoted;
        else *to++ = *from;
    }
    *rest = *from ? from + 1 : from;
    *to = 0;
    return start;
}
static int is(const WCHAR *word, const char *option)
{
    while (*option && *word == (u8)*option) word++, option++;
    return !*option && !*word;
}

/* The full path of a folder or file, with the prefix that removes the limit of 260 characters if there is one. */
static WCHAR *full_path(const WCHAR *given)
{
    static WCHAR full[MAX_WIDE];
    WCHAR *path;
    u32 length, at = 0, i;
    if (windows_nt) {
        WCHAR *name;
        length = GetFullPathNameW(given, MAX_WIDE, full, &name);
        if (!length || length >= MAX_WIDE) failed("cannot read", given, length ? ERROR_FILENAME_EXCED_RANGE : GetLastError());
    } else {
        static char text[MAX_PATH + 4], whole[MAX_PATH + 4];
        char *name;
        if (WideCharToMultiByte(CP_ACP, 0, given, -1, text, MAX_PATH, NULL, NULL) <= 0
            || !(length = GetFullPathNameA(text, MAX_PATH, whole, &name)) || length >= MAX_PATH)
            failed("cannot read", given, GetLastError());
        MultiByteToWideChar(CP_ACP, 0, whole, -1, full, MAX_WIDE);
        length = wide_length(full);
    }
    path = get_memory(2 * (length + 16));
    if (windows_nt && !(full[0] == '\\' && full[1] == '\\' && (full[2] == '?' || full[2] == '.'))) {
        static const char UNC[] = "\\\\?\\UNC", LOCAL[] = "\\\\?\\";
        const char *prefix = full[0] == '\\' && full[1] == '\\' ? UNC : LOCAL;
        for (i = 0; prefix[i]; i++) path[at++] = (WCHAR)prefix[i];
        /* \\server\share becomes \\?\UNC\server\share */
        memcpy(path + at, prefix == UNC ? full + 1 : full, 2 * length + 2);
    } else memcpy(path, full, 2 * length + 2);
    return path;
}
static void windows_folder(WCHAR *to)
{
    u32 length;
    /* The folder that contains System32: on a terminal server, GetWindowsDirectory returns a separate folder for
       each user. */
    if (windows_nt) GetSystemDirectoryW(to, MAX_PATH);
    else {
        static char text[MAX_PATH + 1];
        GetSystemDirectoryA(text, MAX_PATH);
        MultiByteToWideChar(CP_ACP, 0, text, -1, to, MAX_PATH);
    }
    for (length = wide_length(to); length && to[length] != '\\'; ) length--;
    to[length] = 0;
}
/* A 32-bit program on 64-bit Windows sees SysWOW64 instead of System32, unless it disables this. */
static void see_system32(void)
{
    typedef BOOL (WINAPI *IsWow64)(HANDLE, BOOL *);
    typedef BOOL (WINAPI *Disable)(void **);
    HMODULE kernel = GetModuleHandleA("KERNEL32.DLL");
    union { FARPROC address; IsWow64 is_wow64; Disable disable; } ask, disable;
    BOOL is_wow64 = FALSE;
    static void *before;
    ask.address = GetProcAddress(kernel, "IsWow64Process");
    if (!ask.address || !ask.is_wow64(GetCurrentProcess(), &is_wow64) || !is_wow64) return;
    disable.address = GetProcAddress(kernel, "Wow64DisableWow64FsRedirection");
    if (disable.address && disable.disable(&before)) return;
    fatal("this 64-bit Windows shows 32-bit programs another folder in place of System32: record it over a share from "
          "another computer, or scan it there");
}

/* ---- the snapshot ---- */

static void put_list(Text *to, const Records *records)
{
    u32 i;
    for (i = 0; i < records->count; i++) {
        const Record *record = &records->items[i];
        put_text(to, i ? ",\n{" : "\n{");
        if (record->tree) say(to, "\"tree\":%u,", record->tree);
        path_json(to, paths.data + record->path, record->path_length);
        put(to, bodies.data + record->before, record->after - record->before);
        if (record->version >= 0) say(to, ",\"version\":%u", (u32)record->version);
        put(to, bodies.data + record->after, record->end - record->after);
    }
}
/* Version blocks are numbered in the order of their files. */
static void put_versions(Text *to)
{
    u32 *numbers = get_memory(4 * block_count), i, next = 0;
    memset(numbers, 0xFF, 4 * block_count);
    for (i = 0; i < files.count; i++) {
        Record *record = &files.items[i];
        if (record->version < 0) continue;
        if (numbers[record->version] == 0xFFFFFFFF) {
            const Piece *block = &blocks[record->version];
            put_text(to, next ? ",\n" : "\n");
            put(to, version_blocks.data + block->offset, block->length);
            numbers[record->version] = next++;
        }
        record->version = (int)numbers[record->version];
    }
    free_memory(numbers);
}
static HANDLE create(const WCHAR *path, DWORD how)
{
    if (windows_nt) return CreateFileW(path, GENERIC_WRITE, 0, NULL, how, FILE_ATTRIBUTE_NORMAL, NULL);
    {
        static char text[MAX_PATH + 4];
        if (WideCharToMultiByte(CP_ACP, 0, path, -1, text, MAX_PATH, NULL, NULL) <= 0) return INVALID_HANDLE_VALUE;
        return CreateFileA(text, GENERIC_WRITE, 0, NULL, how, FILE_ATTRIBUTE_NORMAL, NULL);
    }
}
static void remove_file(const WCHAR *path)
{
    static char text[MAX_PATH + 4];
    if (windows_nt) DeleteFileW(path);
    else if (WideCharToMultiByte(CP_ACP, 0, path, -1, text, MAX_PATH, NULL, NULL) > 0) DeleteFileA(text);
}
static int is_folder(const WCHAR *path)
{
    static char text[MAX_PATH + 4];
    DWORD attributes = 0xFFFFFFFF;
    if (windows_nt) attributes = GetFileAttributesW(path);
    else if (WideCharToMultiByte(CP_ACP, 0, path, -1, text, MAX_PATH, NULL, NULL) > 0) attributes = GetFileAttributesA(text);
    return attributes != 0xFFFFFFFF && (attributes & FILE_ATTRIBUTE_DIRECTORY);
}
/* In a folder, the name of the computer becomes the file name. */
static WCHAR *output_path(const WCHAR *given)
{
    u32 length = wide_length(given), i;
    WCHAR *path = get_memory(2 * (length + 64)), last = length ? given[length - 1] : 0;
    char name[32];
    DWORD count = sizeof name;
    memcpy(path, given, 2 * length + 2);
    if (last != '\\' && last != '/' && last != ':') {
        if (!is_folder(path)) return path;
        path[length++] = '\\';
    }
    if (!GetComputerNameA(name, &count)) fatal("the computer has no name: name the file after -o");
    for (i = 0; i < count && name[i]; i++) path[length++] = (u8)name[i] < 0x80 ? (u8)name[i] : '_';
    for (i = 0; i < 6; i++) path[length + i] = (WCHAR)".json"[i];
    return path;
}
/* Checks before the work begins that the output can be written. */
static void try_output(const WCHAR *path)
{
    HANDLE file;
    DWORD error;
    SetLastError(0);
    file = create(path, OPEN_ALWAYS);
    error = GetLastError();
    if (file == INVALID_HANDLE_VALUE) failed("cannot write", path, error);
    CloseHandle(file);
    if (error != ERROR_ALREADY_EXISTS) remove_file(path);
}
static void write_out(const Text *text, const WCHAR *path)
{
    u32 at = 0;
    DWORD done, error = 0;
    HANDLE file = path ? create(path, CREATE_ALWAYS) : output;
    if (file == INVALID_HANDLE_VALUE) failed("cannot write", path, GetLastError());
    while (at < text->used && !error) {
        DWORD count = text->used - at < 32768 ? text->used - at : 32768;
        if (!WriteFile(file, text->data + at, count, &done, NULL)) error = GetLastError();
        else if (!done) error = ERROR_DISK_FULL;
        at += done;
    }
    if (path && !CloseHandle(file) && !error) error = GetLastError();
    if (!error) return;
    if (path) remove_file(path);
    if (!path) fatal("cannot write to the standard output");
    failed("cannot write", path, error);
}

#define MAX_TREES 64
void start(void)
{
    static WCHAR *given[MAX_TREES], windows[MAX_PATH + 1];
    static Text out, text;
    WCHAR *rest = command, *word, *to = NULL;
    u32 trees = 0, i, error;
    DWORD mode;
    windows_nt = !(GetVersion() & 0x80000000);
    messages = GetStdHandle(STD_ERROR_HANDLE);
    output = GetStdHandle(STD_OUTPUT_HANDLE);
    is_console = GetConsoleMode(messages, &mode) != 0;
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
    if (windows_nt) {
        const WCHAR *line = GetCommandLineW();
        if (wide_length(line) >= MAX_WIDE) fatal("the command line is too long");
        memcpy(command, line, 2 * wide_length(line) + 2);
    } else if (MultiByteToWideChar(CP_ACP, 0, GetCommandLineA(), -1, command, MAX_WIDE) <= 0) fatal("the command line is too long");
    next_word(&rest);
    while ((word = next_word(&rest)) != NULL) {
        if (is(word, "-h") || is(word, "-?") || is(word, "/?") || is(word, "--help")) {
            print(output, USAGE, sizeof USAGE - 1);
            ExitProcess(0);
        }
        if (is(word, "-V") || is(word, "--version")) {
            print(output, "hfcollect " HFCOLLECT_VERSION "\r\n", sizeof "hfcollect " HFCOLLECT_VERSION "\r\n" - 1);
            ExitProcess(0);
        }
        if (is(word, "-o")) {
            if (to) fatal("-o is given twice");
            if ((to = next_word(&rest)) == NULL) fatal("-o: the name of a file is missing");
        } else if (word[0] == '-' || !word[0]) fatal("unknown option: see hfcollect -h");
        else if (trees == MAX_TREES) fatal("more than 64 folders");
        else given[trees++] = word;
    }
    if (!trees) {
        windows_folder(windows);
        given[trees++] = windows;
    }
    if (to) {
        to = output_path(to);
        try_output(to);
    }
    /* Libraries are loaded first: afterwards, System32 is the 64-bit folder. */
    load_registry();
    see_system32();

    for (i = 0; i < trees; i++) {
        WCHAR *full = full_path(given[i]);
        offer_running(i, full);
        if (!walk(i, full, &error)) failed("cannot read", given[i], error);
        free_memory(full);
    }
    read_systems();
    sort_records(&files);
    sort_records(&troubles);

    put_text(&out, "{\n\"schema\":\"hotfixcheck.inventory/1\",\n\"tool\":{\"name\":\"hfcollect\",\"version\":\"" HFCOLLECT_VERSION "\"},\n\"trees\":[");
    for (i = 0; i < trees; i++) {
        text.used = 0;
        put_name(&text, given[i], wide_length(given[i]));
        put_text(&out, i ? ",\n{" : "\n{");
        path_json(&out, text.data, text.used);
        put_byte(&out, '}');
    }
    /* Every file is recorded, so that a later catalogue finds all the files that it needs. */
    say(&out, "],\n\"coverage\":null,\n\"files_seen\":%u,\n\"versions\":[", files_seen);
    put_versions(&out);
    put_text(&out, "],\n\"files\":[");
    put_list(&out, &files);
    put_text(&out, "],\n\"problems\":[");
    put_list(&out, &troubles);
    put_text(&out, "],\n\"systems\":[");
    put_systems(&out);
    put_text(&out, "]\n}\n");
    write_out(&out, to);

    end();
    text.used = 0;
    say(&text, "hfcollect: %u files", files_seen);
    if (unreadable) say(&text, ", %u of them could not be read", unreadable);
    if (troubles.count) say(&text, ", %u folders could not be listed", troubles.count);
    if (links) say(&text, ", %u links were not followed", links);
    put_text(&text, "\r\n");
    message(&text);
    ExitProcess(0);
}
