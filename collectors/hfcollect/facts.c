/* The facts of the registry about a system: product, version, service pack, architecture, pending renames. Each fact
   has the path of its value; a fact that is missing or could not be read is null. */
#include "hfcollect.h"

#define MAX_PROBLEMS 1024u
#define MAX_RENAMES 16384u

enum {
    PRODUCT, CURRENT_VERSION, VERSION_NUMBERS, BUILD, REVISION, RELEASE_ID, CURRENT_TYPE, INSTALL_DATE, CSD_VERSION, PRODUCT_TYPE,
    PRODUCT_SUITE, CONTROL_CSD_VERSION, ARCHITECTURE, PENDING_RENAMES
};
static const char *const FACTS[] = {
    "product_name", "current_version", "version_numbers", "build", "revision", "release_id", "current_type", "install_date",
    "csd_version", "product_type", "product_suite", "control_csd_version", "processor_architecture", "pending_renames" };

void system_problem(System *system, const char *source, const Text *what)
{
    if (system->problem_count++ >= MAX_PROBLEMS) return;
    put_text(&system->problems, system->problem_count > 1 ? ",{\"source\":" : "{\"source\":");
    json_text(&system->problems, source);
    put_text(&system->problems, ",\"what\":");
    json(&system->problems, what->data, what->used);
    put_byte(&system->problems, '}');
}
int tried(System *system, const char *source, int answer, const Text *why)
{
    if (answer == FAILED) system_problem(system, source, why);
    return answer;
}
static void problem_text(System *system, const char *source, const char *what)
{
    Text text;
    memset(&text, 0, sizeof text);
    put_text(&text, what);
    system_problem(system, source, &text);
    free_memory(text.data);
}

/* The key that is read, its path, and the value that was read last: its path and data. */
static struct { System *system; Key key; Text path, source, why; Data data; } place;

static int open_place(System *system, const Key *root, const char *hive, const char *path)
{
    int answer;
    place.system = system;
    place.path.used = place.why.used = 0;
    say(&place.path, "%s\\%s", hive, path);
    put_byte(&place.path, 0);
    answer = key_below(root, path, &place.key, &place.why);
    return tried(system, (const char *)place.path.data, answer, &place.why) == THERE;
}
static int look_up(const char *name)
{
    int answer;
    place.source.used = place.why.used = 0;
    say(&place.source, "%s\\%s", (const char *)place.path.data, name);
    put_byte(&place.source, 0);
    answer = key_value(&place.key, name, &place.data, &place.why);
    return tried(place.system, (const char *)place.source.data, answer, &place.why);
}
static const char *source(void) { return (const char *)place.source.data; }
static void wrong_type(void) { problem_text(place.system, source(), "its data is not of the expected type"); }

static Text *begin(int fact)
{
    Text *to = &place.system->facts[fact];
    to->used = 0;
    put_text(to, "{\"value\":");
    return to;
}
static void end(Text *to)
{
    put_text(to, ",\"source\":");
    json_text(to, source());
    put_byte(to, '}');
}

static Text text;
static int look_up_text(const char *name)
{
    if (look_up(name) != THERE) return 0;
    if (data_text(&place.data, &text)) return 1;
    wrong_type();
    return 0;
}
static int look_up_number(const char *name, u32 *number)
{
    if (look_up(name) != THERE) return 0;
    if (data_number(&place.data, number)) return 1;
    wrong_type();
    return 0;
}
static int text_fact(int fact, const char *name)
{
    Text *to;
    if (!look_up_text(name)) return 0;
    to = begin(fact);
    json_text(to, (const char *)text.data);
    end(to);
    return 1;
}
static void number_fact(int fact, const char *name)
{
    u32 number;
    Text *to;
    if (!look_up_number(name, &number)) return;
    to = begin(fact);
    say(to, "%u", number);
    end(to);
}
static int is_blank(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }
/* A number that consists of digits, with blanks around it; 0 for any other text, and for a number above 32 bits. */
static int parse(const char *digits, u32 *number)
{
    u32 value = 0, count = 0;
    while (is_blank(*digits)) digits++;
    for (; *digits >= '0' && *digits <= '9'; digits++, count++) {
        u32 digit = (u32)(*digits - '0');
        if (value > 429496729 || (value == 429496729 && digit > 5)) return 0;
        value = value * 10 + digit;
    }
    while (is_blank(*digits)) digits++;
    *number = value;
    return count && !*digits;
}

/* One text of REG_MULTI_SZ data from `at` on, as UTF-8 with a NUL. Returns where the next one begins. */
static u32 text_at(u32 at, Text *to)
{
    u32 start = at, count = place.data.bytes.used & ~1u;
    while (at < count && u16_at(place.data.bytes.data + at)) at += 2;
    to->used = 0;
    put_wide(to, place.data.bytes.data + start, (at - start) / 2);
    put_byte(to, 0);
    return at + 2;
}
/* The number of texts in the data: empty ones in between count, but not the one that ends the list. */
static u32 text_count(void)
{
    u32 count = 1, at, size = place.data.bytes.used & ~1u;
    const u8 *bytes = place.data.bytes.data;
    int all_empty = 1;
    for (at = 0; at < size; at += 2) {
        if (u16_at(bytes + at)) all_empty = 0;
        else count++;
    }
    if (all_empty) return 0;
    /* The part after the last NUL is not a text, unless the list was cut short. */
    if (size >= 2 && !u16_at(bytes + size - 2)) {
        count--;
        if (size >= 4 && !u16_at(bytes + size - 4)) count--;
    }
    return count;
}

static void suite_fact(void)
{
    int answer = look_up("ProductSuite");
    Text *to;
    u32 count, i, at = 0;
    if (answer == FAILED) return;
    if (answer == THERE && place.data.kind != REG_MULTI_SZ && !data_text(&place.data, &text)) { wrong_type(); return; }
    to = begin(PRODUCT_SUITE);
    put_byte(to, '[');
    if (answer == THERE && place.data.kind == REG_MULTI_SZ) {
        count = text_count();
        for (i = 0; i < count; i++) {
            at = text_at(at, &text);
            if (i) put_byte(to, ',');
            json_text(to, (const char *)text.data);
        }
    } else if (answer == THERE) json_text(to, (const char *)text.data);
    put_byte(to, ']');
    end(to);
}
static const char *plain(const char *path)
{
    return path[0] == '\\' && path[1] == '?' && path[2] == '?' && path[3] == '\\' ? path + 4 : path;
}
/* Pairs of paths in the format of the session manager: \??\ before each, ! before a new name that may already exist. */
static void renames_fact(void)
{
    static Text from, name;
    Text *to;
    u32 count, i, at = 0, written = 0;
    if (look_up("PendingFileRenameOperations") != THERE) return;
    if (place.data.kind != REG_MULTI_SZ) { wrong_type(); return; }
    count = text_count();
    if ((count + 1) / 2 > MAX_RENAMES) {
        Text what;
        memset(&what, 0, sizeof what);
        say(&what, "%u renames: only %u are listed", (count + 1) / 2, MAX_RENAMES);
        system_problem(place.system, source(), &what);
        free_memory(what.data);
        count = 2 * MAX_RENAMES;
    }
    to = begin(PENDING_RENAMES);
    put_byte(to, '[');
    for (i = 0; i < count; i += 2) {
        const char *new_name;
        at = text_at(at, &from);
        name.used = 0;
        put_byte(&name, 0);
        if (i + 1 < count) at = text_at(at, &name);
        if (!from.data[0]) continue;
        put_text(to, written++ ? ",{\"from\":" : "{\"from\":");
        json_text(to, plain((const char *)from.data));
        put_text(to, ",\"to\":");
        new_name = (const char *)name.data;
        if (*new_name) json_text(to, plain(*new_name == '!' ? new_name + 1 : new_name)); else put_text(to, "null");
        say(to, ",\"replace\":%s}", *new_name == '!' ? "true" : "false");
    }
    put_byte(to, ']');
    end(to);
}

void software_facts(System *system, const Key *root)
{
    static const char NT[] = "Microsoft\\Windows NT\\CurrentVersion";
    u32 major, minor, number;
    Text *to;
    int answer;
    if (!open_place(system, root, "SOFTWARE", NT)) {
        problem_text(system, "SOFTWARE", "there is no Microsoft\\Windows NT\\CurrentVersion");
        return;
    }
    text_fact(PRODUCT, "ProductName");
    text_fact(CURRENT_VERSION, "CurrentVersion");
    if (look_up_number("CurrentMajorVersionNumber", &major) && look_up_number("CurrentMinorVersionNumber", &minor)) {
        to = begin(VERSION_NUMBERS);
        say(to, "[%u,%u]", major, minor);
        place.source.used = 0;
        say(&place.source, "%s\\CurrentMajorVersionNumber", (const char *)place.path.data);
        put_byte(&place.source, 0);
        end(to);
    }
    /* CurrentBuild is an obsolete text in Windows NT 4.0: it is used only if it is a number. */
    if ((look_up_text("CurrentBuildNumber") && parse((const char *)text.data, &number))
        || (look_up_text("CurrentBuild") && parse((const char *)text.data, &number))) {
        to = begin(BUILD);
        say(to, "%u", number);
        end(to);
    }
    number_fact(REVISION, "UBR");
    if (!text_fact(RELEASE_ID, "DisplayVersion")) text_fact(RELEASE_ID, "ReleaseId");
    text_fact(CURRENT_TYPE, "CurrentType");
    number_fact(INSTALL_DATE, "InstallDate");
    answer = look_up("CSDVersion");
    if (answer == MISSING) {
        to = begin(CSD_VERSION);
        put_text(to, "\"\"");
        end(to);
    } else if (answer == THERE) {
        if (data_text(&place.data, &text)) {
            to = begin(CSD_VERSION);
            json_text(to, (const char *)text.data);
            end(to);
        } else wrong_type();
    }
    close_key(&place.key);
}

void system_facts(System *system, const Key *root)
{
    static Text path;
    u32 current, digits;
    int open = open_place(system, root, "SYSTEM", "Select"), known = open && look_up_number("Current", &current);
    if (open) close_key(&place.key);
    if (!known) {
        problem_text(system, "SYSTEM", "there is no Select\\Current: the control set is not known");
        return;
    }
    path.used = 0;
    put_text(&path, "ControlSet");
    for (digits = current; digits < 100 && path.used < 12; digits = digits ? digits * 10 : 10) put_byte(&path, '0');
    say(&path, "%u\\Control", current);
    digits = path.used;

#define OPEN(below) (path.used = digits, say(&path, "\\%s", below), put_byte(&path, 0), \
    open_place(system, root, "SYSTEM", (const char *)path.data))
    if (OPEN("ProductOptions")) {
        text_fact(PRODUCT_TYPE, "ProductType");
        suite_fact();
        close_key(&place.key);
    }
    if (OPEN("Windows")) {
        number_fact(CONTROL_CSD_VERSION, "CSDVersion");
        close_key(&place.key);
    }
    if (OPEN("Session Manager")) {
        renames_fact();
        close_key(&place.key);
    }
    if (OPEN("Session Manager\\Environment")) {
        text_fact(ARCHITECTURE, "PROCESSOR_ARCHITECTURE");
        close_key(&place.key);
    }
#undef OPEN
}

void system_json(const System *system, Text *to)
{
    u32 i;
    put_text(to, ",\"hives\":[");
    put(to, system->hives.data, system->hives.used);
    put_text(to, "],\"facts\":{");
    for (i = 0; i < sizeof FACTS / sizeof *FACTS; i++) {
        say(to, "%s\"%s\":", i ? "," : "", FACTS[i]);
        if (system->facts[i].used) put(to, system->facts[i].data, system->facts[i].used);
        else put_text(to, "null");
    }
    put_text(to, "},\"hotfixes\":[");
    put(to, system->hotfixes.data, system->hotfixes.used);
    put_text(to, "],\"problems\":[");
    put(to, system->problems.data, system->problems.used);
    put_text(to, "]}");
}
