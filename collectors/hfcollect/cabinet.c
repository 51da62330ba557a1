/* Cabinets in a tree: their members are recorded by name, size and date; their contents are not unpacked. */
#include "hfcollect.h"

int ends_with_cab(const Text *below)
{
    const char *end = (const char *)below->data + below->used - 4;
    return below->used >= 4 && end[0] == '.' && lower(end[1]) == 'c' && lower(end[2]) == 'a' && lower(end[3]) == 'b';
}

/* The kind of copy by the folders of a path, as described in docs/inventories.md. */
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

/* A cabinet while its members are read: whether they are records, and the name of the last one. */
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
/* A member of a cabinet: its name, size and date are known; its contents are not unpacked here. */
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
        /* This Windows lacks the code page: characters beyond ASCII are not known. */
        else for (at = 0; at < member->length; at++) put_utf8(&name, member->name[at] < 0x80 ? member->name[at] : 0xFFFD);
    }
    /* Parts that cannot be file names are left out. */
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
    record = begin_record(&files, cabinet->tree, &whole);
    say(&before, ",\"size\":%u", member->size);
    if (member->has_time) say(&before, ",\"modified\":%U", member->modified);
    put_text(&before, ",\"origin\":\"member\"");
    if (!is_root_file) say(&before, ",\"copy\":\"%s\"", copy_kind(cabinet->below));
    put_text(&error, "\"not-told\"");
    put_error(&after, &error);
    end_record(record, &before, &after);
}
void add_cabinet(u32 tree, const Text *below, const Text *size, const Text *error)
{
    static Text before, after;
    Record *record = begin_record(&files, tree, below);
    before.used = after.used = 0;
    put(&before, size->data, size->used);
    put_text(&before, ",\"origin\":\"cabinet\"");
    if (!is_root_file) say(&before, ",\"copy\":\"%s\"", copy_kind(below));
    put_error(&after, error);
    end_record(record, &before, &after);
}
/* The name of a packed file, from the only member of its cabinet: TAPISRV.EX_. The size is not verified. */
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
/* The members of a cabinet, and the fields for the record of the file itself. */
void read_cabinet_file(u32 tree, const Text *below, const Text *size, Source *source, Text *before, Text *error)
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
        /* Its members do not count: any wanted file may be in it. */
        files.count = count;
        add_cabinet(tree, below, size, error);
    }
}
