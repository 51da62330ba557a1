/* The registry, read from a hive in a file or from the running Windows, whose hives cannot be opened. ADVAPI32 is
   loaded by name. Names and texts are UTF-8 here. */
#include "hfcollect.h"

typedef LONG (WINAPI *OpenKey)(HKEY, LPCWSTR, DWORD, REGSAM, HKEY *);
typedef LONG (WINAPI *QueryValue)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
typedef LONG (WINAPI *EnumKey)(HKEY, DWORD, LPWSTR, LPDWORD, LPDWORD, LPWSTR, LPDWORD, FILETIME *);
typedef LONG (WINAPI *EnumValue)(HKEY, DWORD, LPWSTR, LPDWORD, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
typedef LONG (WINAPI *CloseKey)(HKEY);
static OpenKey open_key;
static QueryValue query_value;
static EnumKey enum_key;
static EnumValue enum_value;
static CloseKey close_handle;
static REGSAM view;

/* Function pointers of another type, as returned by GetProcAddress. */
static void *function(HMODULE library, const char *name)
{
    union { FARPROC function; void *data; } address;
    address.function = GetProcAddress(library, name);
    return address.data;
}
int load_registry(void)
{
    typedef BOOL (WINAPI *IsWow64)(HANDLE, BOOL *);
    union { void *data; IsWow64 function; } wow64;
    BOOL is_wow64 = FALSE;
    HMODULE library;
    if (!windows_nt || (library = LoadLibraryA("ADVAPI32.DLL")) == NULL) return 0;
    *(void **)&open_key = function(library, "RegOpenKeyExW");
    *(void **)&query_value = function(library, "RegQueryValueExW");
    *(void **)&enum_key = function(library, "RegEnumKeyExW");
    *(void **)&enum_value = function(library, "RegEnumValueW");
    *(void **)&close_handle = function(library, "RegCloseKey");
    wow64.data = function(GetModuleHandleA("KERNEL32.DLL"), "IsWow64Process");
    /* Without the flag, a 32-bit program would read Wow6432Node instead of the key. */
    if (wow64.data && wow64.function(GetCurrentProcess(), &is_wow64) && is_wow64) view = 0x0100;
    return open_key && query_value && enum_key && enum_value && close_handle;
}

static int failed(LONG error, Text *why)
{
    if (error == ERROR_FILE_NOT_FOUND) return MISSING;
    say(why, "unreadable: Windows error %u", (u32)error);
    return FAILED;
}
static int open_below(HKEY parent, const WCHAR *path, Key *key, Text *why)
{
    LONG error = open_key(parent, path, 0, KEY_READ | view, &key->handle);
    if (error) return failed(error, why);
    key->hive = NULL;
    return THERE;
}
static void widen(const char *name, u32 length, WCHAR *to)
{
    u32 i;
    for (i = 0; i < length; i++) to[i] = (u8)name[i];
    to[length] = 0;
}
static char *named(const WCHAR *name)
{
    Text text;
    u32 length = 0;
    memset(&text, 0, sizeof text);
    while (name[length]) length++;
    put_wide(&text, (const u8 *)name, length);
    put_byte(&text, 0);
    return (char *)text.data;
}
int open_running(const char *hive, Key *key, Text *why)
{
    WCHAR wide[32];
    int answer;
    widen(hive, text_length(hive), wide);
    answer = open_below(HKEY_LOCAL_MACHINE, wide, key, why);
    if (answer == THERE) key->name = named(wide);
    return answer;
}

void close_key(Key *key)
{
    if (!key->hive) close_handle(key->handle);
    free_memory(key->name);
    key->name = NULL;
}
void add_key(Keys *keys, const Key *key)
{
    if (keys->count == keys->room) {
        u32 room = keys->room ? 2 * keys->room : 16;
        Key *items = get_memory(room * sizeof *items);
        if (keys->count) memcpy(items, keys->items, keys->count * sizeof *items);
        free_memory(keys->items);
        keys->items = items;
        keys->room = room;
    }
    keys->items[keys->count++] = *key;
}
void close_keys(Keys *keys)
{
    u32 i;
    for (i = 0; i < keys->count; i++) close_key(&keys->items[i]);
    free_memory(keys->items);
    memset(keys, 0, sizeof *keys);
}

int key_below(const Key *key, const char *path, Key *found, Text *why)
{
    Key at = *key;
    int first = 1;
    if (!key->hive) {
        WCHAR wide[300];
        u32 length = text_length(path), last = length;
        int answer;
        if (length > 299) return MISSING;
        widen(path, length, wide);
        answer = open_below(key->handle, wide, found, why);
        while (last && path[last - 1] != '\\') last--;
        if (answer == THERE) found->name = named(wide + last);
        return answer;
    }
    while (*path) {
        u32 length = 0;
        int answer;
        while (path[length] && path[length] != '\\') length++;
        answer = hive_child(&at, path, length, found, why);
        if (!first) close_key(&at);
        if (answer != THERE) return answer;
        at = *found;
        first = 0;
        path += length;
        if (*path) path++;
    }
    return THERE;
}

int key_value(const Key *key, const char *name, Data *data, Text *why)
{
    WCHAR wide[100];
    DWORD kind = 0, size;
    LONG error;
    u32 tries;
    if (key->hive) return hive_value(key, name, data, why);
    widen(name, text_length(name), wide);
    for (tries = 0; tries < 8; tries++) {
        size = 0;
        error = query_value(key->handle, wide, NULL, &kind, NULL, &size);
        if (error) return failed(error, why);
        if (size > 1 << 20) {
            say(why, "%u bytes of data: more than %u are not read", (u32)size, 1u << 20);
            return FAILED;
        }
        if (size > data->bytes.room) {
            free_memory(data->bytes.data);
            data->bytes.data = get_memory(size);
            data->bytes.room = size;
        }
        data->bytes.used = 0;
        if (!size) break;
        error = query_value(key->handle, wide, NULL, &kind, data->bytes.data, &size);
        if (error == ERROR_MORE_DATA) continue;
        if (error) return failed(error, why);
        break;
    }
    if (tries == 8) return failed(ERROR_MORE_DATA, why);
    data->kind = kind;
    data->bytes.used = size;
    return THERE;
}
int key_has_values(const Key *key, Text *why)
{
    WCHAR name[2];
    DWORD length = 2;
    LONG error;
    if (key->hive) return hive_has_values(key, why);
    error = enum_value(key->handle, 0, name, &length, NULL, NULL, NULL, NULL);
    if (!error || error == ERROR_MORE_DATA) return THERE;
    return error == ERROR_NO_MORE_ITEMS ? MISSING : failed(error, why);
}

static int running_subkeys(const Key *key, Keys *keys, System *system, const char *source, Text *why)
{
    static Text problem;
    WCHAR name[260];
    DWORD i, length;
    Key found;
    for (i = 0; ; i++) {
        LONG error;
        int answer;
        length = 260;
        error = enum_key(key->handle, i, name, &length, NULL, NULL, NULL, NULL);
        if (error == ERROR_NO_MORE_ITEMS) return THERE;
        if (error) return failed(error, why) == MISSING ? THERE : FAILED;
        problem.used = 0;
        answer = open_below(key->handle, name, &found, &problem);
        if (answer == MISSING) put_text(&problem, "unreadable: the key was removed meanwhile");
        if (answer != THERE) { system_problem(system, source, &problem); continue; }
        found.name = named(name);
        add_key(keys, &found);
    }
}
void subkeys_of(const Key *key, Keys *keys, System *system, const char *source)
{
    Text why;
    int answer;
    memset(keys, 0, sizeof *keys);
    memset(&why, 0, sizeof why);
    answer = key->hive ? hive_subkeys(key, keys, system, source, &why) : running_subkeys(key, keys, system, source, &why);
    tried(system, source, answer, &why);
    free_memory(why.data);
}

int data_text(const Data *data, Text *to)
{
    u32 i;
    to->used = 0;
    if (data->kind != REG_SZ && data->kind != REG_EXPAND_SZ) return 0;
    for (i = 0; i + 1 < data->bytes.used && u16_at(data->bytes.data + i); i += 2) ;
    put_wide(to, data->bytes.data, i / 2);
    put_byte(to, 0);
    return 1;
}
int data_number(const Data *data, u32 *number)
{
    const u8 *bytes = data->bytes.data;
    if (data->bytes.used != 4) return 0;
    if (data->kind == REG_DWORD) *number = u32_at(bytes);
    else if (data->kind == REG_DWORD_BIG_ENDIAN) *number = (u32)bytes[0] << 24 | (u32)bytes[1] << 16 | (u32)bytes[2] << 8 | bytes[3];
    else return 0;
    return 1;
}
