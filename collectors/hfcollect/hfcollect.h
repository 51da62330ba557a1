/* hfcollect: records the facts of Windows files as a snapshot that `hotfixcheck scan --inventory` judges.

   C89 and Win32, no C library. KERNEL32 is imported with functions that Windows NT 3.51 and Windows 95 have; ADVAPI32 is
   loaded by name. The readers answer as those of hotfixcheck do, with the same words, so that snapshots can be compared.

   base.c      memory, texts, JSON
   source.c    positioned reads of a file or of memory
   block.c     version resources
   pe.c old.c  where PE, NE and LE files have them
   binary.c    the outcome of one file
   packed.c    SZDD, KWAJ, cabinets
   hive.c      registry hives that lie in a tree
   registry.c  the registry as the rest sees it: hives, or that of the running Windows
   facts.c     what the registry says of a system; updates.c: which updates it lists
   systems.c   which systems the trees hold
   records.c   what is recorded, until all is sorted
   cabinet.c   the members of cabinets
   walk.c      the files of a tree
   hfcollect.c command line, output */
#ifndef HFCOLLECT_H
#define HFCOLLECT_H

#include <stdarg.h>
#include <windows.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned __int64 u64;

/* ---- base.c ---- */

/* Bytes that grow. The program ends if there is not enough memory: a snapshot is complete or does not exist. */
typedef struct { u8 *data; u32 used, room; } Text;

void *get_memory(u32 bytes);
void free_memory(void *memory);
void fatal(const char *message);
void put(Text *to, const void *bytes, u32 count);
void put_text(Text *to, const char *text);
void put_byte(Text *to, u32 byte);
/* %s text, %u and %x 32-bit numbers (%x with 0x), %U and %X 64-bit ones, %q a quoted UTF-8 text */
void say(Text *to, const char *format, ...);
void put_utf8(Text *to, u32 character);
/* UTF-16, little-endian, as UTF-8; invalid units become U+FFFD. */
void put_wide(Text *to, const u8 *units, u32 count);
/* UTF-8 as a JSON text, with its quotes. */
void json(Text *to, const u8 *utf8, u32 count);
void json_text(Text *to, const char *text);
u32 text_length(const char *text);
int same_text(const char *one, const char *other);
int same_bytes(const void *one, const void *other, u32 count);
char lower(char letter);
/* Divides by at most 65535 and returns the remainder: the compiler's own division is in a library. */
u32 divide(u64 *number, u32 by);
u32 u16_at(const u8 *bytes);
u32 u32_at(const u8 *bytes);

/* ---- source.c ---- */

typedef struct { u8 *buffer; u32 room; u64 offset; u32 filled; } Window;

/* A file, or bytes in memory. Its reads use three buffers, as in hotfixcheck: header, resources, one other part. */
typedef struct {
    HANDLE file;
    const u8 *memory;
    u64 size;
    Window header, resource, extra;
} Source;

/* The reason why something could not be read. */
enum { NO_FAULT, TRUNCATED, CORRUPT, NOT_PE, IO_FAULT, EMPTY_FILE, NOT_EXECUTABLE };
typedef struct { int kind; const char *what; u64 offset, size; Text detail; } Fault;
extern Fault fault;

int truncated(const char *what, u64 offset, u64 size);
int corrupt(const char *format, ...);
int not_pe(const char *what);
/* The reason in the words of hotfixcheck; as JSON, as in a snapshot. */
void fault_text(Text *to);
void fault_json(Text *to);

#define MAX_PIECE 65536
void open_file_source(Source *source, HANDLE file, u64 size);
void open_memory_source(Source *source, const u8 *bytes, u32 count);
/* Fills as much of the buffer as there are bytes; 0 with fault set for a read error. */
int read_at(Source *source, u64 offset, void *buffer, u32 want, u32 *got);
int open_header(Source *source);
int open_resources(Source *source, u64 offset, u64 available);
/* As many of `count` bytes as there are; valid until the next call. */
int up_to(Source *source, u64 offset, u32 count, const u8 **bytes, u32 *held);
/* Exactly this many bytes, or a fault that names `what`. */
int at(Source *source, const char *what, u64 offset, u32 count, const u8 **bytes);

/* ---- block.c ---- */

enum { FILE_VERSION, PRODUCT_VERSION, ORIGINAL, INTERNAL, PRODUCT_NAME, COMPANY, STRINGS };
#define MAX_TABLES 256
/* Offsets of JSON texts in the arena; 0: none. */
typedef struct { u32 key, strings[STRINGS]; } Table;
typedef struct {
    int has_fixed;
    u32 file[4], product[4];
    Table tables[MAX_TABLES];
    u32 count;
    Text arena, damage;
} Info;

void clear_info(Info *info);
/* 0 with `why` if no part of the block can be used. Adds to the language that `info` already has. */
int parse_block(const u8 *bytes, u32 count, u32 announced, Info *info, Text *why);
void info_json(const Info *info, Text *to);
/* The original names of its tables: ,"original":... or ,"originals":[...] or nothing. */
void originals_json(const Info *info, Text *to);

/* ---- binary.c, pe.c, old.c ---- */

enum { FORMAT_PE, FORMAT_NE, FORMAT_LE, FORMAT_LX };
typedef struct { u64 offset; u32 size; } Leaf;
#define MAX_LEAVES 64
typedef struct { Leaf leaves[MAX_LEAVES]; u32 count; } Leaves;
typedef struct {
    int format;
    u64 start, optional;                 /* optional: of PE */
    u32 optional_size, sections;         /* of PE */
    u32 raw, built, checksum;
    u32 resource_table, resident_names;  /* of NE */
    u32 system, object_table;            /* of NE and LE */
} Header;

int pe_header(Source *source, u64 start, Header *header);
int pe_leaves(Source *source, const Header *header, Leaves *leaves);
int pe_is_whole(Source *source, const Header *header);
int ne_header(Source *source, u64 start, Header *header);
int ne_leaves(Source *source, const Header *header, Leaves *leaves);
int le_header(Source *source, u64 start, int format, Header *header);
int le_leaves(Source *source, const Header *header, Leaves *leaves);

enum { ABSENT, FOUND, DAMAGED };
typedef struct {
    Header header;
    const char *machine;  /* NULL: not a known machine */
    int version;          /* ABSENT, FOUND (info), DAMAGED (detail) */
    Text detail;
    Info info;
} Binary;

/* 0 with fault set for a file that is not a binary or cannot be read as one. */
int read_binary(Source *source, Binary *binary);
/* The members of a record about a binary, before and after its ,"version":N. */
void binary_json(const Binary *binary, Text *before, Text *after);

/* ---- packed.c ---- */

/* The part of a record about a packed file: ,"packed":{...}; 0 with `error` (JSON) if it could not be unpacked. */
enum { PLAIN, PACKED, CABINET };
int packing_of(const u8 *head, u32 count);
int unpack(Source *source, Text *bytes, Text *packed, Text *error);
/* The directory of a cabinet: calls a function for each member. 0 with `error` if it cannot be read. */
typedef struct { const u8 *name; u32 length, size; int utf8, has_time; u64 modified; } Member;
typedef void (*EachMember)(void *context, const Member *member);
int read_cabinet(Source *source, u32 *members, EachMember each, void *context, Text *error);

/* ---- hive.c, registry.c, facts.c, updates.c ---- */

/* Results of reading the registry: it does not exist, it exists, it cannot be read (see `why`). */
enum { MISSING, THERE, FAILED };
typedef struct {
    Source *source;
    u32 minor, root, bins, steps;
    int unfinished, wrong_checksum, cut;
    int lost;  /* The last changes are missing from it. */
} Hive;
typedef struct {
    Hive *hive;  /* NULL: the running Windows, by its handle */
    HKEY handle;
    u32 place, depth, subkey_count, subkey_list, value_count, value_list;
    char *name;  /* UTF-8 */
} Key;
typedef struct { u32 kind; Text bytes; } Data;
typedef struct { Key *items; u32 count, room; } Keys;
typedef struct {
    Text hives, facts[14], hotfixes, problems;
    u32 hive_count, hotfix_count, problem_count;
} System;

int open_hive(Source *source, Hive *hive, Text *why);
int hive_root(Hive *hive, Key *key, Text *why);
typedef void (*Problem)(System *system, const char *source, const Text *what);
/* The subkeys that can be read; the others are problems of `source`. FAILED if the list itself cannot be read. */
int hive_subkeys(const Key *key, Keys *keys, System *system, const char *source, Text *why);
int hive_child(const Key *key, const char *name, u32 length, Key *found, Text *why);
int hive_value(const Key *key, const char *name, Data *data, Text *why);
int hive_has_values(const Key *key, Text *why);

/* ADVAPI32; 0 if this Windows does not have the registry of Windows NT. */
int load_registry(void);
int open_running(const char *hive, Key *key, Text *why);
void close_key(Key *key);
void add_key(Keys *keys, const Key *key);
void close_keys(Keys *keys);
int key_below(const Key *key, const char *path, Key *found, Text *why);
int key_value(const Key *key, const char *name, Data *data, Text *why);
int key_has_values(const Key *key, Text *why);
void subkeys_of(const Key *key, Keys *keys, System *system, const char *source);

void system_problem(System *system, const char *source, const Text *what);
/* Returns `answer`; adds `why` as a problem of `source` if it is FAILED. */
int tried(System *system, const char *source, int answer, const Text *why);
void software_facts(System *system, const Key *root);
void system_facts(System *system, const Key *root);
void software_updates(System *system, const Key *root);
void system_json(const System *system, Text *to);
/* The text of REG_SZ data as UTF-8, with a NUL; 0 for data of another type. */
int data_text(const Data *data, Text *to);
int data_number(const Data *data, u32 *number);

/* ---- systems.c ---- */

/* A file of a tree with the name of a hive; for the tree itself: its full path. */
void offer_hive(u32 tree, const WCHAR *path, u32 root_length, const Text *below);
/* Before a tree is walked: whether it contains the running Windows. After all trees: reads the registries. */
void offer_running(u32 tree, const WCHAR *root);
void read_systems(void);
/* Whether a folder, relative to a tree, holds the running Windows's hives: it need not be listed. */
int is_running_folder(u32 tree, const Text *below);
void put_systems(Text *to);

/* ---- records.c ---- */

/* The longest path, in UTF-16 units. */
#define MAX_WIDE 32700
/* One record of a list, kept separately until all are sorted by tree and path. */
typedef struct {
    u32 tree, path, path_length;  /* in `paths` */
    u32 before, after, end;       /* in `bodies`: the parts before ,"version":N and after it */
    int version;                  /* -1: none */
} Record;
typedef struct { Record *items; u32 count, room; } Records;
typedef struct { u32 offset, length, hash; } Piece;
extern Records files, troubles;
extern Text paths, bodies, version_blocks;
extern Piece *blocks;
extern u32 block_count;

/* A path of this Windows as bytes: UTF-8; an invalid unit becomes three bytes. put_path: with / between folders. */
void put_name(Text *to, const WCHAR *path, u32 count);
void put_path(Text *to, const WCHAR *path, u32 count);
/* "path":... and, if that is not exact, "path_raw":... */
void path_json(Text *to, const u8 *bytes, u32 count);
u32 wide_length(const WCHAR *text);
Record *begin_record(Records *records, u32 tree, const Text *below);
void end_record(Record *record, const Text *before, const Text *after);
/* ,"error":… and the end of a record. */
void put_error(Text *after, const Text *error);
void sort_records(Records *records);
/* The index of a version block. */
int place_block(const Info *info);

/* ---- cabinet.c ---- */

int ends_with_cab(const Text *below);
/* The members of a cabinet, and the fields for the record of the file itself. */
void read_cabinet_file(u32 tree, const Text *below, const Text *size, Source *source, Text *before, Text *error);
/* A cabinet that cannot be opened: any wanted file may be in it. */
void add_cabinet(u32 tree, const Text *below, const Text *size, const Text *error);

/* ---- walk.c ---- */

extern u32 files_seen, unreadable, links;
/* The tree is a file. */
extern int windows_nt, is_root_file;

/* Walks a folder or records a file; 0 with the Windows error if it does not exist or cannot be listed. */
int walk(u32 tree, const WCHAR *root, u32 *error);
HANDLE open_to_read(const WCHAR *path, u32 attributes);

/* ---- hfcollect.c ---- */

void progress(int last);

#endif
