/* Positioned reads: the header, the resources and one other part of the current file are kept. */
#include "hfcollect.h"

#define HEADER_BYTES 4096
#define RESOURCE_BYTES 4096
#define MIN_EXTRA 1024

/* The buffers for files, which one file after another uses; bytes in memory need none. */
static u8 header_buffer[HEADER_BYTES], resource_buffer[RESOURCE_BYTES], extra_buffer[MAX_PIECE];

static void reset(Source *source)
{
    source->header.filled = source->resource.filled = source->extra.filled = 0;
    source->header.offset = source->resource.offset = source->extra.offset = 0;
    source->header.buffer = header_buffer;
    source->resource.buffer = resource_buffer;
    source->extra.buffer = extra_buffer;
}
void open_file_source(Source *source, HANDLE file, u64 size)
{
    source->file = file;
    source->memory = NULL;
    source->size = size;
    reset(source);
}
void open_memory_source(Source *source, const u8 *bytes, u32 count)
{
    source->file = INVALID_HANDLE_VALUE;
    source->memory = bytes;
    source->size = count;
    reset(source);
}

int read_at(Source *source, u64 offset, void *buffer, u32 want, u32 *got)
{
    *got = 0;
    if (offset >= source->size) return 1;
    if (want > source->size - offset) want = (u32)(source->size - offset);
    if (source->file == INVALID_HANDLE_VALUE) {
        memcpy(buffer, source->memory + (u32)offset, want);
        *got = want;
        return 1;
    }
    {
        LONG high = (LONG)(offset >> 32);
        DWORD error = 0, done = 0;
        if (SetFilePointer(source->file, (LONG)(u32)offset, high ? &high : NULL, FILE_BEGIN) == 0xFFFFFFFF) error = GetLastError();
        while (!error && *got < want) {
            if (!ReadFile(source->file, (u8 *)buffer + *got, want - *got, &done, NULL)) error = GetLastError();
            else if (done == 0) break;
            else *got += done;
        }
        if (error) {
            fault.kind = IO_FAULT;
            fault.detail.used = 0;
            say(&fault.detail, "cannot be read (Windows error %u)", error);
            return 0;
        }
    }
    return 1;
}

static int fill(Source *source, Window *window, u64 offset, u32 want)
{
    window->filled = 0;
    window->offset = offset;
    if (source->memory && source->file == INVALID_HANDLE_VALUE) {
        if (offset < source->size) {
            u64 left = source->size - offset;
            window->buffer = (u8 *)source->memory + (u32)offset;
            window->filled = left < want ? (u32)left : want;
        }
        return 1;
    }
    return read_at(source, offset, window->buffer, want, &window->filled);
}
static int covers(const Window *window, u64 offset, u32 count)
{
    return offset >= window->offset && offset - window->offset <= window->filled
        && count <= window->filled - (u32)(offset - window->offset);
}
int open_header(Source *source)
{
    source->resource.filled = source->extra.filled = 0;
    return fill(source, &source->header, 0, HEADER_BYTES);
}
int open_resources(Source *source, u64 offset, u64 available)
{
    u32 want = available < RESOURCE_BYTES ? (u32)available : RESOURCE_BYTES;
    if (covers(&source->header, offset, want)) return 1;
    return fill(source, &source->resource, offset, want);
}
int up_to(Source *source, u64 offset, u32 count, const u8 **bytes, u32 *held)
{
    Window *window = &source->extra;
    if (count > MAX_PIECE) count = MAX_PIECE;
    if (covers(&source->header, offset, count)) window = &source->header;
    else if (covers(&source->resource, offset, count)) window = &source->resource;
    else if (!covers(window, offset, count) && !fill(source, window, offset, count < MIN_EXTRA ? MIN_EXTRA : count)) return 0;
    *bytes = window->buffer + (u32)(offset - window->offset);
    *held = covers(window, offset, count) ? count : window->filled;
    return 1;
}
int at(Source *source, const char *what, u64 offset, u32 count, const u8 **bytes)
{
    u32 held;
    if (!up_to(source, offset, count, bytes, &held)) return 0;
    return held >= count ? 1 : truncated(what, offset, source->size);
}
