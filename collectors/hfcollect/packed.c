/* Files that COMPRESS.EXE packed one by one, and the directories of cabinets. SZDD and the simple methods of KWAJ
   are unpacked here; files packed by another method are reported as such. */
#include "hfcollect.h"

#define MAX_UNPACKED (64u << 20)
#define RING 4096
#define UNKNOWN_SIZE 0xFFFFFFFFu

int packing_of(const u8 *head, u32 count)
{
    if (count >= 4 && same_bytes(head, "MSCF", 4)) return CABINET;
    if (count >= 8 && (same_bytes(head, "SZDD\x88\xF0\x27\x33", 8) || same_bytes(head, "SZ\x20\x88\xF0\x27\x33\xD1", 8)
                       || same_bytes(head, "KWAJ\x88\xF0\x27\xD1", 8)))
        return PACKED;
    return PLAIN;
}

/* ---- the packed bytes, one after another ---- */

static struct { Source *source; u64 next; u8 buffer[16384]; u32 filled, at; } input;

static void start_input(Source *source, u64 offset)
{
    input.source = source;
    input.next = offset;
    input.filled = input.at = 0;
}
/* 1: a byte; 0: the end; -1: a read error. */
static int next_byte(u8 *byte)
{
    if (input.at == input.filled) {
        input.at = 0;
        if (!read_at(input.source, input.next, input.buffer, sizeof input.buffer, &input.filled)) {
            input.filled = 0;
            return -1;
        }
        input.next += input.filled;
        if (!input.filled) return 0;
    }
    *byte = input.buffer[input.at++];
    return 1;
}

static int io_error(Text *error)
{
    put_text(error, "{\"io\":");
    json(error, fault.detail.data, fault.detail.used);
    put_byte(error, '}');
    return 0;
}
static int cut_error(Text *error, const char *what, u64 offset)
{
    put_text(error, "{\"truncated\":{\"what\":");
    json_text(error, what);
    say(error, ",\"offset\":%U}}", offset);
    return 0;
}
static int corrupt_error(Text *error, const char *format, u32 number)
{
    Text text;
    memset(&text, 0, sizeof text);
    say(&text, format, number);
    put_text(error, "{\"corrupt\":");
    json(error, text.data, text.used);
    put_byte(error, '}');
    free_memory(text.data);
    return 0;
}
static int header_bytes(u8 *bytes, u32 count, const char *what, Text *error)
{
    u64 offset = input.next - (input.filled - input.at);
    while (count--) {
        int there = next_byte(bytes++);
        if (there < 0) return io_error(error);
        if (!there) return cut_error(error, what, offset);
    }
    return 1;
}

/* ---- the methods ---- */

static int too_large(const Text *bytes, Text *error)
{
    if (bytes->used < MAX_UNPACKED) return 0;
    put_text(error, "\"too-large\"");
    return 1;
}
static int unpack_lz(Text *bytes, u32 declared, u32 start, Text *error)
{
    static u8 ring[RING];
    u32 place = start, i, length, from;
    u8 control, low, high;
    int bit, there;
    memset(ring, ' ', RING);
    while (bytes->used != declared) {
        there = next_byte(&control);
        if (there < 0) return io_error(error);
        if (!there) break;
        for (bit = 0; bit < 8 && bytes->used != declared; bit++) {
            there = next_byte(&low);
            if (there < 0) return io_error(error);
            if (!there) return 1;
            if (control >> bit & 1) {
                if (declared == UNKNOWN_SIZE && too_large(bytes, error)) return 0;
                ring[place] = low;
                place = (place + 1) % RING;
                put_byte(bytes, low);
                continue;
            }
            if (!header_bytes(&high, 1, "match", error)) return 0;
            from = low | (u32)(high & 0xF0) << 4;
            length = (u32)(high & 15) + 3;
            for (i = 0; i < length; i++) {
                u8 byte = ring[(from + i) % RING];
                if (declared == UNKNOWN_SIZE && too_large(bytes, error)) return 0;
                ring[place] = byte;
                place = (place + 1) % RING;
                if (bytes->used != declared) put_byte(bytes, byte);
            }
        }
    }
    return 1;
}
static int unpack_copy(Text *bytes, u32 declared, u32 mask, Text *error)
{
    u8 byte;
    int there;
    while (bytes->used != declared) {
        there = next_byte(&byte);
        if (there < 0) return io_error(error);
        if (!there) break;
        if (declared == UNKNOWN_SIZE && too_large(bytes, error)) return 0;
        put_byte(bytes, byte ^ mask);
    }
    return 1;
}

/* ---- the headers ---- */

/* Bytes as part of a file name: code pages differ beyond ASCII, and a separator could lead out of the folder. */
static int is_part(const u8 *bytes, u32 count)
{
    u32 i, j;
    static const char FORBIDDEN[] = "/\\:*?\"<>|";
    for (i = 0; i < count; i++) {
        if (bytes[i] <= 32 || bytes[i] >= 127) return 0;
        for (j = 0; FORBIDDEN[j]; j++) if (bytes[i] == (u8)FORBIDDEN[j]) return 0;
    }
    return count > 0;
}
static int name_part(u8 *text, u32 *length, u32 most, Text *error)
{
    u8 byte;
    *length = 0;
    for (;;) {
        if (!header_bytes(&byte, 1, "KWAJ header", error)) return 0;
        if (!byte) return 1;
        if (*length == most) return corrupt_error(error, "a name part of more than %u characters in the header", most);
        text[(*length)++] = byte;
    }
}
static int unpack_kwaj(Source *source, Text *bytes, u32 *declared, Text *hint, Text *error)
{
    u8 head[6], part[4], stem[8], extension[3];
    u32 method, data, flags, length, stem_length = 0, extension_length = 0;
    if (!header_bytes(head, 6, "KWAJ header", error)) return 0;
    method = u16_at(head);
    data = u16_at(head + 2);
    flags = u16_at(head + 4);
    if (data < 14) return corrupt_error(error, "the packed data begins at %x, within the header", data);
    if (data > source->size) return cut_error(error, "packed data", data);
    if (flags & 1) {
        if (!header_bytes(part, 4, "KWAJ header", error)) return 0;
        *declared = u32_at(part);
    }
    if (flags & 2 && !header_bytes(part, 2, "KWAJ header", error)) return 0;
    if (flags & 4) {
        if (!header_bytes(part, 2, "KWAJ header", error)) return 0;
        for (length = u16_at(part); length; length--) if (!header_bytes(part, 1, "KWAJ header", error)) return 0;
    }
    if (flags & 8 && !name_part(stem, &stem_length, 8, error)) return 0;
    if (flags & 16 && !name_part(extension, &extension_length, 3, error)) return 0;
    if (!is_part(stem, stem_length)) stem_length = 0;
    if (!is_part(extension, extension_length)) extension_length = 0;
    if (stem_length || extension_length) {
        put_text(hint, "{\"parts\":{\"stem\":");
        if (stem_length) json(hint, stem, stem_length); else put_text(hint, "null");
        put_text(hint, ",\"extension\":");
        if (extension_length) json(hint, extension, extension_length); else put_text(hint, "null");
        put_text(hint, "}}");
    } else put_text(hint, "\"none\"");
    if (*declared != UNKNOWN_SIZE && *declared > MAX_UNPACKED) { put_text(error, "\"too-large\""); return 0; }
    start_input(source, data);
    if (method < 2) return unpack_copy(bytes, *declared, method ? 0xFF : 0, error);
    if (method == 2) return unpack_lz(bytes, *declared, RING - 18, error);
    say(error, "{\"unsupported-method\":{\"method\":%u}}", method);
    return 0;
}

int unpack(Source *source, Text *bytes, Text *packed, Text *error)
{
    static Text hint;
    u8 head[8], more[6];
    u32 declared = UNKNOWN_SIZE;
    int ok;
    hint.used = bytes->used = 0;
    start_input(source, 0);
    ok = header_bytes(head, 8, "SZDD header", error);
    if (ok && head[0] == 'K') ok = unpack_kwaj(source, bytes, &declared, &hint, error);
    else if (ok && head[2] == 'D') {
        ok = header_bytes(more, 6, "SZDD header", error);
        if (ok && more[0] != 'A') {
            say(error, "{\"unsupported-method\":{\"method\":%u}}", (u32)more[0]);
            ok = 0;
        } else if (ok) {
            declared = u32_at(more + 2);
            if (is_part(more + 1, 1)) {
                put_text(&hint, "{\"last-letter\":");
                json(&hint, more + 1, 1);
                put_byte(&hint, '}');
            } else put_text(&hint, "\"none\"");
        }
    } else if (ok) {
        ok = header_bytes(more, 4, "SZDD header", error);
        if (ok) declared = u32_at(more);
        put_text(&hint, "\"none\"");
    }
    if (ok && head[0] != 'K') {
        if (declared > MAX_UNPACKED) { put_text(error, "\"too-large\""); ok = 0; }
        else ok = unpack_lz(bytes, declared, head[2] == 'D' ? RING - 16 : RING - 18, error);
    }
    if (ok && declared != UNKNOWN_SIZE && bytes->used < declared) {
        say(error, "{\"ends-early\":{\"unpacked\":%u,\"declared\":%u}}", bytes->used, declared);
        ok = 0;
    }
    put_text(packed, ",\"packed\":{");
    if (ok) {
        put_text(packed, "\"hint\":");
        put(packed, hint.data, hint.used);
        say(packed, ",\"size\":%u", bytes->used);
    }
    put_byte(packed, '}');
    return ok;
}

/* ---- cabinets ---- */

#define MAX_MEMBER_NAME 256

static int cabinet_bytes(Source *source, u64 *offset, u8 *to, u32 count, const char *what, Text *error)
{
    const u8 *bytes;
    u32 held;
    if (!up_to(source, *offset, count, &bytes, &held)) return io_error(error);
    if (held < count) return cut_error(error, what, *offset);
    memcpy(to, bytes, count);
    *offset += count;
    return 1;
}
static int cabinet_text(Source *source, u64 *offset, u8 *to, u32 *length, const char *what, Text *error)
{
    const u8 *bytes;
    u32 held, i;
    if (!up_to(source, *offset, MAX_MEMBER_NAME + 1, &bytes, &held)) return io_error(error);
    for (i = 0; i < held && bytes[i]; i++) ;
    if (i == held) {
        if (held <= MAX_MEMBER_NAME) return cut_error(error, what, *offset);
        return corrupt_error(error, "a name of more than %u bytes", MAX_MEMBER_NAME);
    }
    memcpy(to, bytes, i);
    *length = i;
    *offset += i + 1;
    return 1;
}
/* Seconds since 1970 of a FAT date, whose local time is treated as UTC; 0 for an invalid date. */
static int dos_time(u32 date, u32 time, u64 *seconds)
{
    static const u8 DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    u32 year = 1980 + (date >> 9), month = date >> 5 & 15, day = date & 31, days, i;
    u32 hour = time >> 11, minute = time >> 5 & 63, second = 2 * (time & 31);
    int leap = year % 4 == 0 && (year % 100 || year % 400 == 0);
    if (!month || month > 12 || !day || hour > 23 || minute > 59 || second > 59) return 0;
    if (day > DAYS[month - 1] + (u32)(month == 2 && leap)) return 0;
    days = (year - 1970) * 365 + (year - 1969) / 4 - (year > 2100 ? 1 : 0) + day - 1;
    for (i = 1; i < month; i++) days += DAYS[i - 1] + (u32)(i == 2 && leap);
    *seconds = (u64)days * 86400 + hour * 3600 + minute * 60 + second;
    return 1;
}

int read_cabinet(Source *source, u32 *members, EachMember each, void *context, Text *error)
{
    static u8 text[MAX_MEMBER_NAME + 1];
    u8 head[36], row[16];
    u64 offset = 0;
    u32 folders, flags, i, length, reserve = 0;
    *members = 0;
    if (!cabinet_bytes(source, &offset, head, 36, "header", error)) return 0;
    if (head[25] != 1 || head[24] > 3) {
        say(error, "{\"unknown-version\":{\"major\":%u,\"minor\":%u}}", (u32)head[25], (u32)head[24]);
        return 0;
    }
    folders = u16_at(head + 26);
    flags = u16_at(head + 30);
    if (flags & 4) {
        if (!cabinet_bytes(source, &offset, row, 4, "header", error)) return 0;
        offset += u16_at(row);
        reserve = row[2];
    }
    for (i = flags & 3; i; i &= i - 1)
        if (!cabinet_text(source, &offset, text, &length, "name of a neighbour", error)
            || !cabinet_text(source, &offset, text, &length, "name of a neighbour's disk", error)) return 0;
    for (i = 0; i < folders; i++) {
        if (!cabinet_bytes(source, &offset, row, 8, "folder entry", error)) return 0;
        offset += reserve;
    }
    offset = u32_at(head + 16);
    for (*members = 0; *members < u16_at(head + 28); ++*members) {
        Member member;
        u64 start = offset;
        u32 folder;
        if (!cabinet_bytes(source, &offset, row, 16, "entry of a member", error)) return 0;
        folder = u16_at(row + 8);
        if (folder < 0xFFFD && folder >= folders) {
            Text what;
            memset(&what, 0, sizeof what);
            say(&what, "the member at offset %X lies in folder %u of %u", start, folder, folders);
            put_text(error, "{\"corrupt\":");
            json(error, what.data, what.used);
            put_byte(error, '}');
            free_memory(what.data);
            return 0;
        }
        if (!cabinet_text(source, &offset, text, &length, "name of a member", error)) return 0;
        member.name = text;
        member.length = length;
        member.size = u32_at(row);
        member.utf8 = u16_at(row + 14) & 0x80;
        member.has_time = dos_time(u16_at(row + 10), u16_at(row + 12), &member.modified);
        each(context, &member);
    }
    return 1;
}
