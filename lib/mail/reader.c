/* reader - a received message, read without trust */
#include "mail/reader.h"

#include <gmime/gmime.h>
#include <string.h>

/* GMime loses the record that each registration below replaces, 16 bytes once a process. Those are
 * made by g_mime_init, so its allocations are none of the leak checker's business. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_LEAK_CHECKER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_LEAK_CHECKER 1
#endif
#endif
#ifdef HAS_LEAK_CHECKER
#include <sanitizer/lsan_interface.h>
#else
#define __lsan_disable() ((void)0)
#define __lsan_enable() ((void)0)
#endif

#include "mail/charset.h"
#include "mail/html_text.h"

typedef struct {
    ReaderPart part;
    char *type;
    GMimeObject *object; /* borrowed from the message */
    char *text;          /* NULL until asked for */
} Item;

struct Reader {
    GMimeMessage *message;
    char *bytes; /* normalised, NUL-terminated */
    gsize length;
    char *head;     /* the headers alone, valid UTF-8 */
    char *raw_head; /* and as they came, for decoding */
    char *type;
    char *body;         /* NULL until asked for */
    GHashTable *values; /* decoded headers by lower-case name */
    GHashTable *parameters;
    GPtrArray *items;
};

static void item_free(gpointer data)
{
    Item *item = data;
    g_free(item->type);
    g_free(item->text);
    g_free(item);
}

/* GMime 3.2 has no thread-safe initialiser of its own. */
static void prepare_gmime(void)
{
    static gsize done;
    if (g_once_init_enter(&done)) {
        __lsan_disable();
        g_mime_init();
        charset_prepare();
        __lsan_enable();
        /* An enclosed letter stays one part and is not read into: whatever it holds is another
         * message's and must never be taken for this one's. That also spares most of the work and
         * all of the depth. */
        static const char *const LETTERS[] = {"rfc822", "rfc2822", "news", "global"};
        for (gsize i = 0; i < G_N_ELEMENTS(LETTERS); i++)
            g_mime_object_register_type("message", LETTERS[i], GMIME_TYPE_PART);
        g_once_init_leave(&done, 1);
    }
}

/* One kind of line end, no NUL, no mbox line: what comes after needs to know of none of them. */
static char *normalise(const char *bytes, gsize length, gsize *normalised)
{
    length = MIN(length, READER_BYTES_MAX);
    bytes = length ? bytes : "";
    if (length >= 5 && memcmp(bytes, "From ", 5) == 0) {
        gsize skip = 5;
        while (skip < length && bytes[skip] != '\n' && bytes[skip] != '\r')
            skip++;
        if (skip + 1 < length && bytes[skip] == '\r' && bytes[skip + 1] == '\n')
            skip++;
        skip = MIN(skip + 1, length);
        bytes += skip;
        length -= skip;
    }
    char *out = g_malloc(length + 1), *to = out;
    for (const char *at = bytes, *end = bytes + length; at < end;) {
        const char *stop = memchr(at, '\r', end - at);
        gsize run = (stop ? stop : end) - at;
        memcpy(to, at, run);
        to += run;
        at += run;
        if (stop) {
            *to++ = '\n';
            at += at + 1 < end && at[1] == '\n' ? 2 : 1;
        }
    }
    *to = '\0';
    for (char *nul = out; (nul = memchr(nul, '\0', to - nul)); nul++)
        *nul = ' ';
    *normalised = to - out;
    return out;
}

/* In lower case. Some calendars send theirs by a name of its own, as a file. */
static char *object_type(GMimeObject *object)
{
    GMimeContentType *type = g_mime_object_get_content_type(object);
    if (!type)
        return g_strdup("text/plain");
    if (g_mime_content_type_is_type(type, "application", "ics"))
        return g_strdup("text/calendar");
    g_autofree char *name = g_mime_content_type_get_mime_type(type);
    return g_ascii_strdown(name ? name : "text/plain", -1);
}

static void add_item(Reader *self, GMimeObject *object, guint depth)
{
    Item *item = g_new0(Item, 1);
    item->type = object_type(object);
    item->object = object;
    item->part.type = item->type;
    item->part.depth = depth;
    if (GMIME_IS_PART(object))
        item->part.name = g_mime_part_get_filename(GMIME_PART(object));
    g_ptr_array_add(self->items, item);
}

static void list_parts(Reader *self, GMimeObject *object, guint depth)
{
    if (!object || depth > READER_DEPTH_MAX || self->items->len >= READER_PARTS_MAX)
        return;
    if (!GMIME_IS_MULTIPART(object)) {
        add_item(self, object, depth);
        return;
    }
    GMimeMultipart *multipart = GMIME_MULTIPART(object);
    int count = g_mime_multipart_get_count(multipart);
    for (int i = 0; i < count && self->items->len < READER_PARTS_MAX; i++)
        list_parts(self, g_mime_multipart_get_part(multipart, i), depth + 1);
}

/* The message with no headers but those that describe its body. GMime makes objects of headers,
 * which takes most of its time; what we want of the others is read from the text. */
static GByteArray *without_headers(const char *bytes, gsize head, gsize length)
{
    GByteArray *out = g_byte_array_sized_new((guint)length + 1);
    gboolean wanted = FALSE;
    for (gsize at = 0; at < head;) {
        const char *newline = memchr(bytes + at, '\n', head - at);
        gsize n = newline ? (gsize)(newline - bytes) - at + 1 : head - at;
        if (bytes[at] != ' ' && bytes[at] != '\t')
            wanted = n > 8 && (g_ascii_strncasecmp(bytes + at, "content-", 8) == 0 ||
                               g_ascii_strncasecmp(bytes + at, "mime-version", 8) == 0);
        if (wanted)
            g_byte_array_append(out, (const guint8 *)bytes + at, (guint)n);
        at += n;
    }
    if (wanted && out->len && out->data[out->len - 1] != '\n')
        g_byte_array_append(out, (const guint8 *)"\n", 1);
    if (head < length && bytes[head] != '\n')
        g_byte_array_append(out, (const guint8 *)"\n", 1);
    g_byte_array_append(out, (const guint8 *)bytes + head, (guint)(length - head));
    return out;
}

static GMimeMessage *parse(const char *bytes, gsize head, gsize length)
{
    g_autoptr(GByteArray) array = without_headers(bytes, head, length);
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(array);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_persist_stream(parser, FALSE); /* so that `array` may go */
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return message;
}

/* Where the headers end: at an empty line, or where they begin to make no sense as headers. */
static gsize head_length(const char *bytes, gsize length)
{
    const char *blank = bytes[0] == '\n' ? bytes : strstr(bytes, "\n\n");
    return blank ? (gsize)(blank - bytes) + (blank > bytes) : length;
}

Reader *reader_new(const char *bytes, gsize length)
{
    Reader *self = g_new0(Reader, 1);
    prepare_gmime();
    self->bytes = normalise(bytes, length, &self->length);
    gsize head = head_length(self->bytes, self->length);
    self->head = charset_to_utf8(self->bytes, head, NULL);
    self->raw_head = g_strndup(self->bytes, head);
    self->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->parameters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->items = g_ptr_array_new_with_free_func(item_free);
    self->message = parse(self->bytes, head, self->length);
    GMimeObject *body = self->message ? g_mime_message_get_mime_part(self->message) : NULL;
    self->type = body ? object_type(body) : g_strdup("text/plain");
    list_parts(self, body, 0);
    return self;
}

void reader_free(Reader *self)
{
    if (!self)
        return;
    g_clear_object(&self->message);
    g_ptr_array_unref(self->items);
    g_hash_table_unref(self->values);
    g_hash_table_unref(self->parameters);
    g_free(self->bytes);
    g_free(self->head);
    g_free(self->raw_head);
    g_free(self->type);
    g_free(self->body);
    g_free(self);
}

const char *reader_type(const Reader *self)
{
    return self->type;
}

const char *reader_type_parameter(const Reader *self, const char *name)
{
    const char *known = g_hash_table_lookup(self->parameters, name);
    if (known)
        return known;
    GMimeObject *body = self->message ? g_mime_message_get_mime_part(self->message) : NULL;
    const char *value = body ? g_mime_object_get_content_type_parameter(body, name) : NULL;
    char *lower = g_ascii_strdown(value ? value : "", -1);
    g_hash_table_insert(self->parameters, g_strdup(name), lower);
    return lower;
}

const char *reader_header(Reader *self, const char *name)
{
    char *known = g_hash_table_lookup(self->values, name);
    if (known)
        return *known ? known + 1 : NULL;
    g_autofree char *raw = headers_value(self->raw_head, name);
    g_autofree char *value = raw ? g_mime_utils_header_decode_text(NULL, raw) : NULL;
    g_autofree char *valid = value ? charset_to_utf8(value, strlen(value), NULL) : NULL;
    /* the first byte tells "is there, empty" from "isn't there" */
    known = valid ? g_strconcat("+", valid, NULL) : g_strdup("");
    g_hash_table_insert(self->values, g_strdup(name), known);
    return *known ? known + 1 : NULL;
}

const char *reader_headers(const Reader *self)
{
    return self->head;
}

const char *reader_raw_body(Reader *self)
{
    if (!self->body) {
        const char *blank = strstr(self->bytes, "\n\n");
        const char *body = self->bytes[0] == '\n' ? self->bytes + 1 : blank ? blank + 2 : "";
        self->body = charset_to_utf8(body, MIN(strlen(body), READER_TEXT_MAX), NULL);
    }
    return self->body;
}

guint reader_parts(const Reader *self)
{
    return self->items->len;
}

const ReaderPart *reader_part(const Reader *self, guint index)
{
    return &((Item *)self->items->pdata[index])->part;
}

/* A stream that takes the first READER_TEXT_MAX bytes and claims to have taken the rest would be
 * neater; GMime's memory stream has a bound for reading only, so the whole is decoded and cut: it
 * can't be over READER_BYTES_MAX. */
static char *decode_text(Item *item)
{
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(item->object));
    if (!content)
        return g_strdup("");
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(content, stream);
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    const char *charset = g_mime_object_get_content_type_parameter(item->object, "charset");
    gsize length = 0;
    g_autofree char *narrowed =
        charset_narrow((const char *)bytes->data, bytes->len, charset, &length);
    g_autofree char *raw = normalise(narrowed, length, &length);
    g_object_unref(stream);
    return charset_to_utf8(raw, MIN(length, READER_TEXT_MAX), charset);
}

static char *plain_text(Item *item)
{
    char *text = decode_text(item);
    if (g_str_equal(item->type, "text/html")) {
        char *plain = html_text(text, strlen(text));
        g_free(text);
        text = plain;
    }
    return text;
}

static gboolean holds_text(const Item *item)
{
    return GMIME_IS_PART(item->object) &&
           (g_str_has_prefix(item->type, "text/") || g_str_has_prefix(item->type, "message/"));
}

const char *reader_text(Reader *self, guint index)
{
    Item *item = self->items->pdata[index];
    if (!item->text)
        item->text = holds_text(item) ? plain_text(item) : g_strdup("");
    return item->text;
}

char *reader_source(Reader *self, guint index)
{
    Item *item = self->items->pdata[index];
    return holds_text(item) ? decode_text(item) : g_strdup("");
}

gint64 reader_date(Reader *self)
{
    g_autofree char *raw = headers_value(self->raw_head, "Date");
    GDateTime *date = raw ? g_mime_utils_header_decode_date(raw) : NULL;
    gint64 when = date ? g_date_time_to_unix(date) * G_USEC_PER_SEC : 0;
    if (date)
        g_date_time_unref(date);
    return when;
}

/* Appends a line's words to a value being unfolded. */
static void append_unfolded(GString *value, const char *from, const char *to)
{
    while (from < to && g_ascii_isspace(*from))
        from++;
    while (to > from && g_ascii_isspace(to[-1]))
        to--;
    if (value->len && to > from)
        g_string_append_c(value, ' ');
    g_string_append_len(value, from, to - from);
}

char *headers_value(const char *headers, const char *name)
{
    gsize n = strlen(name);
    for (const char *line = headers; line && *line; line = strchr(line, '\n')) {
        if (*line == '\n')
            line++;
        const char *colon = line + n;
        if (g_ascii_strncasecmp(line, name, n) != 0)
            continue;
        colon += strspn(colon, " \t");
        if (*colon != ':')
            continue;
        GString *value = g_string_new(NULL);
        for (const char *from = colon + 1;;) {
            const char *to = strchr(from, '\n');
            to = to ? to : from + strlen(from);
            append_unfolded(value, from, to);
            if (*to != '\n' || (to[1] != ' ' && to[1] != '\t'))
                break;
            from = to + 1;
        }
        return g_string_free(value, FALSE);
    }
    return NULL;
}

char *reader_library(void)
{
    return g_strdup_printf("GMime %u.%u.%u", gmime_major_version, gmime_minor_version,
                           gmime_micro_version);
}
