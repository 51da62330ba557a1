/* The lists of installed updates in the SOFTWARE hive: HotFix of Windows NT 4.0 to 2003, Updates of 2000 and later,
   packages of Vista and later. */
#include "hfcollect.h"

#define MAX_UPDATES 65536u
#define MAX_FILES 4096u
#define MAX_DEPTH 4

static System *found;

static Data data;
static Text source_text, why;

static const char *below(const char *source, const char *name, Text *to)
{
    to->used = 0;
    say(to, "%s\\%s", source, name);
    put_byte(to, 0);
    return (const char *)to->data;
}
static int look_up(const Key *key, const char *source, const char *name)
{
    why.used = 0;
    return tried(found, below(source, name, &source_text), key_value(key, name, &data, &why), &why);
}
static int is_blank(const char *text)
{
    while (*text == ' ' || (*text >= '\t' && *text <= '\r')) text++;
    return !*text;
}
/* The first of these values, up to a NULL, that is a text and is not blank. */
static int text_of(const Key *key, const char *source, const char *const *names, Text *to)
{
    for (; *names; names++)
        if (look_up(key, source, *names) == THERE && data_text(&data, to) && !is_blank((const char *)to->data)) return 1;
    return 0;
}
static void json_or_null(Text *to, int there, const Text *text)
{
    if (there) json_text(to, (const char *)text->data);
    else put_text(to, "null");
}

/* The article at the beginning of a name: Q246009, KB823980-v2. 0 for names of another form. */
static u32 kb_id(const char *name)
{
    u32 letters = 0, digits = 0, number = 0;
    char after;
    while (lower(name[letters]) >= 'a' && lower(name[letters]) <= 'z') letters++;
    if (!(letters == 1 && lower(name[0]) == 'q') && !(letters == 2 && lower(name[0]) == 'k' && lower(name[1]) == 'b')) return 0;
    for (name += letters; name[digits] >= '0' && name[digits] <= '9'; digits++)
        if (digits < 8) number = number * 10 + (u32)(name[digits] - '0');
    after = lower(name[digits]);
    /* KB931125x is not a known form, and neither is a letter beyond ASCII. */
    if ((after >= 'a' && after <= 'z') || (u8)after >= 0x80) return 0;
    return digits && digits <= 8 && number >= 1000 ? number : 0;
}

/* Begins an update: {"id":…,"name":…,"source":…,"list":…,"state":… */
static int begin(const Key *key, const char *source, u32 id, const char *list)
{
    Text *to = &found->hotfixes;
    if (found->hotfix_count >= MAX_UPDATES) {
        why.used = 0;
        say(&why, "more than %u updates: not listed", MAX_UPDATES);
        system_problem(found, source, &why);
        return 0;
    }
    put_text(to, found->hotfix_count++ ? ",{\"id\":" : "{\"id\":");
    if (id) say(to, id < 400000 ? "\"Q%u\"" : "\"KB%u\"", id);
    else put_text(to, "null");
    put_text(to, ",\"name\":");
    json_text(to, key->name);
    put_text(to, ",\"source\":");
    json_text(to, source);
    say(to, ",\"list\":\"%s\",\"state\":", list);
    return 1;
}

static void add_file(const Key *key, const char *source, Text *to, u32 *count)
{
    static const char *const NAME[] = { "FileName", "File Name", "New File", NULL };
    static const char *const VERSION[] = { "Version", "File Version", NULL };
    static const char *const LOCATION[] = { "Location", NULL };
    static Text name, version, location;
    int has_version, has_location;
    /* It is blank for many updates of Windows 2000 and XP. */
    if (!text_of(key, source, NAME, &name)) return;
    if (*count == MAX_FILES) {
        why.used = 0;
        say(&why, "more than %u files: not listed", MAX_FILES);
        system_problem(found, source, &why);
        return;
    }
    has_version = text_of(key, source, VERSION, &version);
    has_location = text_of(key, source, LOCATION, &location);
    put_text(to, (*count)++ ? ",{\"name\":" : "{\"name\":");
    json_text(to, (const char *)name.data);
    put_text(to, ",\"version\":");
    json_or_null(to, has_version, &version);
    put_text(to, ",\"location\":");
    json_or_null(to, has_location, &location);
    put_byte(to, '}');
}
static int begins_with(const char *name, const char *start)
{
    for (; *start; name++, start++) if (lower(*name) != lower(*start)) return 0;
    return 1;
}
/* The keys File 1, File 2 ... of the older list, and Filelist\0, Filelist\1 ... of the later one. */
static void list_files(const Key *key, const char *source, Text *to)
{
    Text path, below_path;
    Keys keys, listed;
    u32 i, j, count = 0;
    memset(&path, 0, sizeof path);
    memset(&below_path, 0, sizeof below_path);
    subkeys_of(key, &keys, found, source);
    for (i = 0; i < keys.count; i++) {
        below(source, keys.items[i].name, &path);
        if (same_text(keys.items[i].name, "Filelist")) {
            subkeys_of(&keys.items[i], &listed, found, (const char *)path.data);
            for (j = 0; j < listed.count; j++)
                add_file(&listed.items[j], below((const char *)path.data, listed.items[j].name, &below_path), to, &count);
            close_keys(&listed);
        } else if (begins_with(keys.items[i].name, "File")) add_file(&keys.items[i], (const char *)path.data, to, &count);
    }
    close_keys(&keys);
    free_memory(path.data);
    free_memory(below_path.data);
}
/* Ends an update: …,"description":…,"installed_on":…,"files":[…]} */
static void finish(const Key *key, const char *source, u32 id, const char *list, const Text *state,
                   const char *const *descriptions, const char *const *dates)
{
    Text description, date, files, *to = &found->hotfixes;
    int has_description, has_date;
    memset(&description, 0, sizeof description);
    memset(&date, 0, sizeof date);
    memset(&files, 0, sizeof files);
    has_description = text_of(key, source, descriptions, &description);
    has_date = text_of(key, source, dates, &date);
    list_files(key, source, &files);
    if (begin(key, source, id, list)) {
        put(to, state->data, state->used);
        put_text(to, ",\"description\":");
        json_or_null(to, has_description, &description);
        put_text(to, ",\"installed_on\":");
        json_or_null(to, has_date, &date);
        put_text(to, ",\"files\":[");
        put(to, files.data, files.used);
        put_text(to, "]}");
    }
    free_memory(description.data);
    free_memory(date.data);
    free_memory(files.data);
}

/* A number, also one that is stored as text. */
static int number_of(u32 *number)
{
    static Text text;
    u32 value = 0, i, digits = 0;
    if (data_number(&data, number)) return 1;
    if (!data_text(&data, &text)) return 0;
    for (i = 0; text.data[i]; i++) {
        if (text.data[i] == ' ' || (text.data[i] >= '\t' && text.data[i] <= '\r')) { if (digits && !is_blank((char *)text.data + i)) return 0; continue; }
        if (text.data[i] < '0' || text.data[i] > '9' || ++digits > 9) return 0;
        value = value * 10 + (u32)(text.data[i] - '0');
    }
    *number = value;
    return digits > 0;
}
enum { INSTALLED, LISTED, SUPERSEDED, NOT_INSTALLED, OTHER };
static int installed_state(u32 number) { return number == 0 ? NOT_INSTALLED : number == 1 ? INSTALLED : OTHER; }
static int package_state(u32 number)
{
    switch (number) {
    case 0x70: case 0x80: return INSTALLED;
    case 0x50: return SUPERSEDED;
    case 0x00: case 0x05: case 0x10: case 0x20: case 0x30: case 0x40: case 0x60: case 0x65: return NOT_INSTALLED;
    }
    return OTHER;
}
static void state_of(const Key *key, const char *source, const char *name, int (*tell)(u32), Text *to)
{
    static const char *const STATES[] = { "\"installed\"", "\"listed\"", "\"superseded\"", "\"not-installed\"" };
    u32 number = 0;
    int state, answer = look_up(key, source, name);
    to->used = 0;
    if (answer == FAILED) { put_text(to, "\"unreadable\""); return; }
    state = answer == THERE && number_of(&number) ? tell(number) : LISTED;
    if (state == OTHER) say(to, "{\"other\":%u}", number);
    else put_text(to, STATES[state]);
}

static int open_list(const Key *root, const char *path, Key *list, Text *source)
{
    source->used = 0;
    say(source, "SOFTWARE\\%s", path);
    put_byte(source, 0);
    why.used = 0;
    return tried(found, (const char *)source->data, key_below(root, path, list, &why), &why) == THERE;
}

static void nt_list(const Key *root, const char *path)
{
    static const char *const DESCRIPTIONS[] = { "Fix Description", "Comments", "Description", NULL };
    static const char *const DATES[] = { "Installed On", "InstalledDate", NULL };
    static Text source, path_text, state;
    Key list;
    Keys keys;
    u32 i;
    if (!open_list(root, path, &list, &path_text)) return;
    subkeys_of(&list, &keys, found, (const char *)path_text.data);
    for (i = 0; i < keys.count; i++) {
        const Key *key = &keys.items[i];
        const char *at = below((const char *)path_text.data, key->name, &source);
        state_of(key, at, "Installed", installed_state, &state);
        finish(key, at, kb_id(key->name), "windows-nt", &state, DESCRIPTIONS, DATES);
    }
    close_keys(&keys);
    close_key(&list);
}

/* Descends through products and service packs to the updates. */
static void updates(const Key *folder, const char *path, int depth)
{
    static const char *const INSTALLED_HERE[] = { "ThisVersionInstalled", NULL };
    static const char *const DESCRIPTIONS[] = { "Description", "PackageName", NULL };
    static const char *const DATES[] = { "InstalledDate", NULL };
    static Text state, text;
    Text source;
    Keys keys;
    u32 i;
    memset(&source, 0, sizeof source);
    subkeys_of(folder, &keys, found, path);
    for (i = 0; i < keys.count; i++) {
        const Key *key = &keys.items[i];
        const char *at = below(path, key->name, &source);
        u32 id = kb_id(key->name);
        int is_update = id != 0;
        if (!is_update && depth > 1) {
            /* A key with an unknown name that has values, as updates do: S867460, M886903. */
            why.used = 0;
            is_update = tried(found, at, key_has_values(key, &why), &why) == THERE;
        }
        if (!is_update) {
            if (depth < MAX_DEPTH) updates(key, at, depth + 1);
            continue;
        }
        state.used = 0;
        put_text(&state, "\"listed\"");
        if (text_of(key, at, INSTALLED_HERE, &text) && text.used == 2) {
            state.used = 0;
            put_text(&state, lower((char)text.data[0]) == 'y' ? "\"installed\""
                : lower((char)text.data[0]) == 'n' ? "\"not-installed\"" : "\"listed\"");
        }
        finish(key, at, id, "updates", &state, DESCRIPTIONS, DATES);
    }
    close_keys(&keys);
    free_memory(source.data);
}

/* For the package of an update: the text after _for_, and whether it is only a part of one. */
static const char *package(const char *name, int *part)
{
    const char *at;
    if (!begins_with(name, "package_")) return NULL;
    at = name + 8;
    *part = !begins_with(at, "for_");
    if (!*part) return at + 4;
    for (; !begins_with(at, "_for_"); at++) if (*at < '0' || *at > '9') return NULL;
    *part = at > name + 8;
    return at + 5;
}
static void servicing(const Key *root)
{
    static Text source, path, state;
    Key list;
    Keys keys;
    u32 i, j;
    int pass, part, other;
    if (!open_list(root, "Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages", &list, &path)) return;
    subkeys_of(&list, &keys, found, (const char *)path.data);
    /* First the whole packages, then the parts of updates without one. */
    for (pass = 0; pass < 2; pass++)
        for (i = 0; i < keys.count; i++) {
            const Key *key = &keys.items[i];
            const char *rest = package(key->name, &part), *at;
            u32 id = rest ? kb_id(rest) : 0;
            if (!rest || part != pass) continue;
            if (part && id) {
                for (j = 0; j < keys.count; j++) {
                    const char *whole = package(keys.items[j].name, &other);
                    if (whole && !other && kb_id(whole) == id) break;
                }
                if (j < keys.count) continue;
            }
            at = below((const char *)path.data, key->name, &source);
            state_of(key, at, "CurrentState", package_state, &state);
            if (!begin(key, at, id, "servicing")) continue;
            put(&found->hotfixes, state.data, state.used);
            put_text(&found->hotfixes, ",\"description\":null,\"installed_on\":null,\"files\":[]}");
        }
    close_keys(&keys);
    close_key(&list);
}

void software_updates(System *system, const Key *root)
{
    static Text source;
    Key list;
    found = system;
    nt_list(root, "Microsoft\\Windows NT\\CurrentVersion\\HotFix");
    if (open_list(root, "Microsoft\\Updates", &list, &source)) {
        updates(&list, "SOFTWARE\\Microsoft\\Updates", 1);
        close_key(&list);
    }
    /* 32-bit programs on 64-bit systems have separate lists. */
    nt_list(root, "Wow6432Node\\Microsoft\\Windows NT\\CurrentVersion\\HotFix");
    if (open_list(root, "Wow6432Node\\Microsoft\\Updates", &list, &source)) {
        updates(&list, "SOFTWARE\\Wow6432Node\\Microsoft\\Updates", 1);
        close_key(&list);
    }
    servicing(root);
}
