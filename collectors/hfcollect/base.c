/* Memory, texts and JSON: the functions that a C library would provide. */
#include "hfcollect.h"

/* The compiler generates calls of these. */
void *memset(void *to, int what, size_t count)
{
    char *bytes = to;
    while (count--) *bytes++ = (char)what;
    return to;
}
void *memcpy(void *to, const void *from, size_t count)
{
    char *bytes = to;
    const char *others = from;
    while (count--) *bytes++ = *others++;
    return to;
}

void *get_memory(u32 bytes)
{
    void *memory = HeapAlloc(GetProcessHeap(), 0, bytes ? bytes : 1);
    if (!memory) fatal("not enough memory");
    return memory;
}
void free_memory(void *memory)
{
    if (memory) HeapFree(GetProcessHeap(), 0, memory);
}

void put(Text *to, const void *bytes, u32 count)
{
    if (count > to->room - to->used) {
        u32 room = to->room ? to->room : 256;
        u8 *bigger;
        while (count > room - to->used) {
            if (room >= 0x40000000) fatal("not enough memory");
            room *= 2;
        }
        bigger = get_memory(room);
        if (to->used) memcpy(bigger, to->data, to->used);
        free_memory(to->data);
        to->data = bigger;
        to->room = room;
    }
    if (count) memcpy(to->data + to->used, bytes, count);
    to->used += count;
}
void put_text(Text *to, const char *text) { put(to, text, text_length(text)); }
void put_byte(Text *to, u32 byte)
{
    u8 one = (u8)byte;
    put(to, &one, 1);
}

u32 text_length(const char *text)
{
    u32 length = 0;
    while (text[length]) length++;
    return length;
}
char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? (char)(letter + 32) : letter; }
int same_text(const char *one, const char *other)
{
    while (*one && lower(*one) == lower(*other)) one++, other++;
    return lower(*one) == lower(*other);
}
int same_bytes(const void *one, const void *other, u32 count)
{
    const u8 *left = one, *right = other;
    while (count--) if (*left++ != *right++) return 0;
    return 1;
}
u32 u16_at(const u8 *bytes) { return bytes[0] | (u32)bytes[1] << 8; }
u32 u32_at(const u8 *bytes) { return u16_at(bytes) | u16_at(bytes + 2) << 16; }

u32 divide(u64 *number, u32 by)
{
    u32 limbs[4], rest = 0;
    int i;
    limbs[0] = (u32)(*number >> 48) & 0xFFFF;
    limbs[1] = (u32)(*number >> 32) & 0xFFFF;
    limbs[2] = (u32)*number >> 16;
    limbs[3] = (u32)*number & 0xFFFF;
    for (i = 0; i < 4; i++) {
        u32 part = rest << 16 | limbs[i];
        limbs[i] = part / by;
        rest = part % by;
    }
    *number = (u64)(limbs[0] << 16 | limbs[1]) << 32 | (limbs[2] << 16 | limbs[3]);
    return rest;
}
static void put_number(Text *to, u64 number)
{
    char digits[24];
    int start = 24;
    do digits[--start] = (char)('0' + divide(&number, 10)); while (number);
    put(to, digits + start, (u32)(24 - start));
}
static void put_hex(Text *to, u64 number)
{
    char digits[24];
    int start = 24;
    do {
        digits[--start] = "0123456789abcdef"[(u32)number & 15];
        number >>= 4;
    } while (number);
    put_text(to, "0x");
    put(to, digits + start, (u32)(24 - start));
}

/* Prints a text like {:?} in Rust. */
static void put_quoted(Text *to, const char *text)
{
    put_byte(to, '"');
    for (; *text; text++) {
        u8 byte = (u8)*text;
        if (byte == '"' || byte == '\\') { put_byte(to, '\\'); put_byte(to, byte); }
        else if (byte == '\n') put_text(to, "\\n");
        else if (byte == '\r') put_text(to, "\\r");
        else if (byte == '\t') put_text(to, "\\t");
        else if (byte < 32 || byte == 127) {
            put_text(to, "\\u{");
            if (byte >= 16) put_byte(to, (u32)"0123456789abcdef"[byte >> 4]);
            put_byte(to, (u32)"0123456789abcdef"[byte & 15]);
            put_byte(to, '}');
        } else put_byte(to, byte);
    }
    put_byte(to, '"');
}
static void say_list(Text *to, const char *format, va_list list)
{
    for (; *format; format++) {
        if (*format != '%') { put_byte(to, (u8)*format); continue; }
        switch (*++format) {
        case 's': put_text(to, va_arg(list, const char *)); break;
        case 'q': put_quoted(to, va_arg(list, const char *)); break;
        case 'u': put_number(to, va_arg(list, u32)); break;
        case 'x': put_hex(to, va_arg(list, u32)); break;
        case 'U': put_number(to, va_arg(list, u64)); break;
        case 'X': put_hex(to, va_arg(list, u64)); break;
        }
    }
}
void say(Text *to, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    say_list(to, format, list);
    va_end(list);
}

void put_utf8(Text *to, u32 c)
{
    if (c < 0x80) put_byte(to, c);
    else if (c < 0x800) { put_byte(to, 0xC0 | c >> 6); put_byte(to, 0x80 | (c & 63)); }
    else if (c < 0x10000) {
        put_byte(to, 0xE0 | c >> 12); put_byte(to, 0x80 | (c >> 6 & 63)); put_byte(to, 0x80 | (c & 63));
    } else {
        put_byte(to, 0xF0 | c >> 18); put_byte(to, 0x80 | (c >> 12 & 63));
        put_byte(to, 0x80 | (c >> 6 & 63)); put_byte(to, 0x80 | (c & 63));
    }
}
void put_wide(Text *to, const u8 *units, u32 count)
{
    u32 i;
    for (i = 0; i < count; i++) {
        u32 c = u16_at(units + 2 * i);
        if (c >= 0xD800 && c < 0xE000) {
            u32 second = i + 1 < count ? u16_at(units + 2 * i + 2) : 0;
            if (c < 0xDC00 && second >= 0xDC00 && second < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (second - 0xDC00);
                i++;
            } else c = 0xFFFD;
        }
        put_utf8(to, c);
    }
}

void json(Text *to, const u8 *utf8, u32 count)
{
    u32 i;
    put_byte(to, '"');
    for (i = 0; i < count; i++) {
        u8 byte = utf8[i];
        if (byte == '"' || byte == '\\') { put_byte(to, '\\'); put_byte(to, byte); }
        else if (byte >= 32) put_byte(to, byte);
        else if (byte == '\n') put_text(to, "\\n");
        else if (byte == '\r') put_text(to, "\\r");
        else if (byte == '\t') put_text(to, "\\t");
        else if (byte == '\b') put_text(to, "\\b");
        else if (byte == '\f') put_text(to, "\\f");
        else {
            put_text(to, "\\u00");
            put_byte(to, (u32)"01"[byte >> 4]);
            put_byte(to, (u32)"0123456789abcdef"[byte & 15]);
        }
    }
    put_byte(to, '"');
}
void json_text(Text *to, const char *text) { json(to, (const u8 *)text, text_length(text)); }

/* ---- faults ---- */

Fault fault;

int truncated(const char *what, u64 offset, u64 size)
{
    fault.kind = TRUNCATED;
    fault.what = what;
    fault.offset = offset;
    fault.size = size;
    return 0;
}
int corrupt(const char *format, ...)
{
    va_list list;
    fault.kind = CORRUPT;
    fault.detail.used = 0;
    va_start(list, format);
    say_list(&fault.detail, format, list);
    va_end(list);
    return 0;
}
int not_pe(const char *what)
{
    fault.kind = NOT_PE;
    fault.what = what;
    return 0;
}
void fault_text(Text *to)
{
    switch (fault.kind) {
    case TRUNCATED:
        say(to, "truncated: %s at offset %X is after the end of the file (%U bytes)", fault.what, fault.offset, fault.size);
        break;
    case IO_FAULT: put_text(to, "unreadable: "); put(to, fault.detail.data, fault.detail.used); break;
    default: put(to, fault.detail.data, fault.detail.used);
    }
}
void fault_json(Text *to)
{
    switch (fault.kind) {
    case TRUNCATED:
        put_text(to, "{\"truncated\":{\"what\":");
        json_text(to, fault.what);
        say(to, ",\"offset\":%U,\"size\":%U}}", fault.offset, fault.size);
        return;
    case NOT_PE:
        put_text(to, "{\"not-pe\":{\"kind\":");
        json_text(to, fault.what);
        put_text(to, "}}");
        return;
    case EMPTY_FILE: put_text(to, "\"empty\""); return;
    case NOT_EXECUTABLE: put_text(to, "\"not-executable\""); return;
    }
    put_text(to, fault.kind == IO_FAULT ? "{\"io\":" : "{\"corrupt\":");
    json(to, fault.detail.data, fault.detail.used);
    put_byte(to, '}');
}
