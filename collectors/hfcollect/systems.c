/* The systems of the trees: those with hives in System32\config, and the running one, whose registry is read. */
#include "hfcollect.h"

typedef struct {
    u32 tree;
    Text folder;        /* below the tree */
    int is_running;
    WCHAR *paths[2];    /* of the hives SOFTWARE and SYSTEM; NULL: not found */
    int certain[2];     /* below System32: a file there that is not a hive is damaged */
    System system;
    int is_read;
} Place;
static Place *places;
static u32 count, room;

static const char *const NAMES[2] = { "SOFTWARE", "SYSTEM" };

static Place *place_of(u32 tree, const u8 *folder, u32 length)
{
    u32 i;
    for (i = 0; i < count; i++)
        if (places[i].tree == tree && places[i].folder.used == length && same_bytes(places[i].folder.data, folder, length))
            return &places[i];
    if (count == room) {
        Place *bigger = get_memory((room ? 2 * room : 4) * sizeof *bigger);
        if (count) memcpy(bigger, places, count * sizeof *bigger);
        free_memory(places);
        places = bigger;
        room = room ? 2 * room : 4;
    }
    memset(&places[count], 0, sizeof *places);
    places[count].tree = tree;
    put(&places[count].folder, folder, length);
    return &places[count++];
}
static int same_folder(const Text *one, const u8 *other, u32 length)
{
    u32 i;
    if (one->used != length) return 0;
    for (i = 0; i < length; i++) if (lower((char)one->data[i]) != lower((char)other[i])) return 0;
    return 1;
}
/* Compares the component of a path that ends before `end` with a name. Returns where the component begins, or -1. */
static int component(const WCHAR *path, u32 end, const char *name)
{
    u32 length = text_length(name), i, start;
    if (end < length) return -1;
    start = end - length;
    for (i = 0; i < length; i++) if (path[start + i] > 127 || lower((char)path[start + i]) != name[i]) return -1;
    return start && path[start - 1] != '\\' ? -1 : (int)start;
}

void offer_hive(u32 tree, const WCHAR *path, u32 root_length, const Text *below)
{
    u32 length = wide_length(path), depth = 0, i, last = below->used;
    int kind, name, config, system32;
    Place *place;
    if ((name = component(path, length, "software")) > 0) kind = 0;
    else if ((name = component(path, length, "system")) > 0) kind = 1;
    else return;
    if ((config = component(path, (u32)name - 1, "config")) < 1) return;
    system32 = component(path, (u32)config - 1, "system32");
    for (i = root_length; path[i]; i++) if (path[i] == '\\') depth++;
    /* If the walk begins at or below it, System32 may have been mounted or copied under any name. */
    if (system32 < 0 && depth > 2) return;
    while (last && below->data[last - 1] != '/') last--;
    place = place_of(tree, below->data, last ? last - 1 : 0);
    if (place->paths[kind]) return;
    place->paths[kind] = get_memory(2 * length + 2);
    memcpy(place->paths[kind], path, 2 * length + 2);
    place->certain[kind] = system32 >= 0;
}

/* The folder of the running Windows's hives below a tree, and the tree; spelled as on the disk if it was found
   there. */
static Text running_folder;
static u32 running_tree;
static int has_running;

static int same_wide(WCHAR one, WCHAR other)
{
    WCHAR left[2], right[2];
    if (one == other) return 1;
    left[0] = one;
    right[0] = other;
    left[1] = right[1] = 0;
    return lstrcmpiW(left, right) == 0;
}
void offer_running(u32 tree, const WCHAR *root)
{
    static WCHAR folder[MAX_PATH + 16];
    u32 length, root_length = wide_length(root), i;
    if (has_running || !windows_nt || !load_registry()) return;
    length = GetSystemDirectoryW(folder, MAX_PATH);
    if (!length || length >= MAX_PATH) return;
    for (i = 0; i < 8; i++) folder[length + i] = (WCHAR)"\\config"[i];
    length += 7;
    while (root_length && root[root_length - 1] == '\\') root_length--;
    if (root_length >= 4 && root[0] == '\\' && root[2] == '?') { root += 4; root_length -= 4; }
    if (!root_length || root_length > length || (root_length < length && folder[root_length] != '\\')) return;
    for (i = 0; i < root_length; i++) if (!same_wide(root[i], folder[i])) return;
    running_folder.used = 0;
    if (root_length < length) put_path(&running_folder, folder + root_length + 1, length - root_length - 1);
    running_tree = tree;
    has_running = 1;
}
int is_running_folder(u32 tree, const Text *below)
{
    return has_running && tree == running_tree && same_folder(&running_folder, below->data, below->used);
}

static void begin_hive(System *system, int kind, const Hive *hive)
{
    static const char *const BOOLEANS[] = { "false", "true" };
    put_text(&system->hives, system->hive_count++ ? ",{" : "{");
    say(&system->hives, "\"hive\":\"%s\",\"unfinished\":%s,\"wrong_checksum\":%s,\"truncated\":%s}", kind ? "system" : "software",
        BOOLEANS[hive->unfinished], BOOLEANS[hive->wrong_checksum], BOOLEANS[hive->cut]);
}
static void read_root(System *system, int kind, Key *root)
{
    if (kind == 0) {
        software_facts(system, root);
        software_updates(system, root);
    } else system_facts(system, root);
    close_key(root);
}
static void read_running(System *system)
{
    static Text why;
    Hive sound;
    Key root;
    int kind, answer;
    memset(&sound, 0, sizeof sound);
    for (kind = 0; kind < 2; kind++) {
        why.used = 0;
        answer = open_running(NAMES[kind], &root, &why);
        if (tried(system, NAMES[kind], answer, &why) != THERE) continue;
        begin_hive(system, kind, &sound);
        read_root(system, kind, &root);
    }
}
/* Whether the folder contains a log of a hive. */
static int has_log(const WCHAR *path)
{
    static const char *const ENDS[] = { ".LOG", ".LOG1", ".LOG2" };
    u32 length = wide_length(path), i, j;
    WCHAR *log = get_memory(2 * length + 12);
    int found = 0;
    memcpy(log, path, 2 * length);
    for (i = 0; i < 3 && !found; i++) {
        HANDLE file;
        for (j = 0; ENDS[i][j]; j++) log[length + j] = (WCHAR)ENDS[i][j];
        log[length + j] = 0;
        file = open_to_read(log, 0);
        found = file != INVALID_HANDLE_VALUE;
        if (found) CloseHandle(file);
    }
    free_memory(log);
    return found;
}
/* Reads the hives of a folder; 0 if neither is one. */
static int read_hives(Place *place)
{
    static Text why, refused[2];
    int kind, any = 0, answer;
    for (kind = 0; kind < 2; kind++) {
        Source source;
        Hive hive;
        Key root;
        HANDLE file;
        DWORD size_high = 0, size;
        why.used = refused[kind].used = 0;
        if (!place->paths[kind]) continue;
        file = open_to_read(place->paths[kind], 0);
        if (file == INVALID_HANDLE_VALUE) {
            if (!place->certain[kind]) continue;
            say(&refused[kind], "unreadable: cannot be opened (Windows error %u)", (u32)GetLastError());
            any = 1;
            continue;
        }
        size = GetFileSize(file, &size_high);
        open_file_source(&source, file, (u64)size_high << 32 | size);
        answer = open_hive(&source, &hive, &why);
        if (answer != MISSING || place->certain[kind]) {
            any = 1;
            if (answer == THERE) answer = hive_root(&hive, &root, &why);
            if (answer == THERE) {
                begin_hive(&place->system, kind, &hive);
                read_root(&place->system, kind, &root);
            } else system_problem(&place->system, NAMES[kind], &why);
        }
        CloseHandle(file);
        if (any && hive.lost)
            put_text(&refused[kind], has_log(place->paths[kind])
                ? "its last changes were not written to it: they are in a log beside it, which is not read"
                : "its last changes were not written to it, and are lost: there is no log beside it");
    }
    for (kind = 0; kind < 2; kind++)
        if (refused[kind].used) system_problem(&place->system, NAMES[kind], &refused[kind]);
    return any;
}
void read_systems(void)
{
    u32 i;
    if (has_running) {
        Place *place = NULL;
        for (i = 0; i < count && !place; i++)
            if (places[i].tree == running_tree && same_folder(&places[i].folder, running_folder.data, running_folder.used))
                place = &places[i];
        if (!place) place = place_of(running_tree, running_folder.data, running_folder.used);
        place->is_running = 1;
        read_running(&place->system);
        place->is_read = 1;
    }
    for (i = 0; i < count; i++)
        if (!places[i].is_running) places[i].is_read = read_hives(&places[i]);
}

static int comes_before(const Place *one, const Place *other)
{
    u32 i;
    if (one->tree != other->tree) return one->tree < other->tree;
    for (i = 0; i < one->folder.used && i < other->folder.used; i++)
        if (one->folder.data[i] != other->folder.data[i]) return one->folder.data[i] < other->folder.data[i];
    return one->folder.used < other->folder.used;
}
void put_systems(Text *to)
{
    u32 i, best, written = 0;
    for (;;) {
        best = count;
        for (i = 0; i < count; i++)
            if (places[i].is_read && (best == count || comes_before(&places[i], &places[best]))) best = i;
        if (best == count) return;
        put_text(to, written++ ? ",\n{" : "\n{");
        if (places[best].tree) say(to, "\"tree\":%u,", places[best].tree);
        path_json(to, places[best].folder.data, places[best].folder.used);
        system_json(&places[best].system, to);
        places[best].is_read = 0;
    }
}
