/* reading - for the tests of composing: a letter, and GMime to read it back
 */
#ifndef TESTS_READING_H
#define TESTS_READING_H

#include <gmime/gmime.h>
#include <string.h>

#include "mail/compose.h"
#include "mail/qp.h"

/* A name as it should come out: its last step, on one line. */
static char *wanted_filename(const char *name)
{
    char *base = g_strdup(name + (strrchr(name, '/') ? strrchr(name, '/') + 1 - name : 0));
    const char *step = strrchr(base, '\\');
    if (step)
        memmove(base, step + 1, strlen(step));
    return g_strstrip(g_strdelimit(base, "\r\n", '_'));
}

static char *wanted_value(const char *value, gboolean is_name)
{
    g_autoptr(GRegex) run = g_regex_new(is_name ? "[\\r\\n ]+" : " *[\\r\\n]+ *", 0, 0, NULL);
    return g_regex_replace_literal(run, value, -1, 0, " ", 0, NULL);
}

static char *crlf(const char *text)
{
    g_autoptr(GString) out = g_string_new(text);
    g_string_replace(out, "\r\n", "\n", 0);
    g_string_replace(out, "\n", "\r\n", 0);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

typedef struct {
    const char *subject, *to_name, *text, *html;
    ComposeFile embedded[4], attached[16], more[4];
    guint n_embedded, n_attached, n_more;
    gboolean attaches_more, is_bare;
} Letter;

static GString *compose(const Letter *letter)
{
    g_autoptr(Address) from = address_parse_mailbox("\"Siân, Director\" <d@example.org>", NULL);
    g_autoptr(Address) reply = address_parse_mailbox("Office <office@example.org>", NULL);
    ComposeOptions options = {.from = from,
                              .reply_to = letter->is_bare ? NULL : reply,
                              .list_id = letter->is_bare ? NULL : "heads.example.org",
                              .list_name = "Headteachers, all",
                              .lang = letter->is_bare ? NULL : "en-GB",
                              .auto_generated = !letter->is_bare,
                              .embedded = letter->embedded,
                              .n_embedded = letter->n_embedded,
                              .attached = letter->attached,
                              .n_attached = letter->n_attached,
                              .attaches_more = letter->attaches_more,
                              .boundary = "plan"};
    ComposeHeaders headers = {
        .to_name = letter->to_name,
        .to = "head@school.example",
        .subject = letter->subject,
        .date = "Mon, 05 Jan 2026 09:00:00 +0000",
        .message_id = "<1.plan@example.org>",
        .unsubscribe = letter->is_bare ? NULL : "mailto:u+abc@example.org?subject=unsubscribe",
        .delivery = letter->is_bare ? NULL : "plan/1",
    };
    g_autoptr(Compose) self = compose_new(&options);
    g_autoptr(Splice) splice = splice_new();
    GString *out = g_string_new(NULL);
    compose_head(self, splice, &headers);
    qp_append(splice->own, letter->text, strlen(letter->text));
    compose_html(self, splice);
    qp_append(splice->own, letter->html, strlen(letter->html));
    compose_end(self, splice, letter->more, letter->n_more);
    splice_end(splice);
    splice_gather(splice, out);
    g_assert_cmpuint(splice->length, ==, out->len);
    g_assert_true(splice->is_plain); /* by construction: it travels as it is */
    g_assert_true(splice_is_plain(out->str, out->len));
    return out;
}

/* --- reading it back with GMime -------------------------------------------------------------- */

typedef struct {
    GString *shape;   /* "mixed(related(alternative(plain html) png) pdf)" */
    GPtrArray *parts; /* of GMimePart, borrowed, in order */
} Reading;

static void read_object(Reading *reading, GMimeObject *object)
{
    const char *subtype =
        g_mime_content_type_get_media_subtype(g_mime_object_get_content_type(object));
    g_string_append(reading->shape, subtype);
    if (GMIME_IS_MULTIPART(object)) {
        GMimeMultipart *multipart = GMIME_MULTIPART(object);
        for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
            g_string_append_c(reading->shape, i ? ' ' : '(');
            read_object(reading, g_mime_multipart_get_part(multipart, i));
        }
        g_string_append_c(reading->shape, ')');
    } else {
        g_ptr_array_add(reading->parts, object);
    }
}

static GMimeMessage *parse(const GString *bytes)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes->str, bytes->len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    g_assert_nonnull(message);
    return message;
}

/* The content of a part, decoded. */
static GByteArray *content(GMimePart *part)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(part), stream);
    GByteArray *bytes = g_byte_array_new();
    GByteArray *got = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    g_byte_array_append(bytes, got->data, got->len);
    g_object_unref(stream);
    return bytes;
}

static void assert_text(GMimePart *part, const char *text)
{
    g_autoptr(GByteArray) bytes = content(part);
    g_autofree char *want = crlf(text);
    g_assert_cmpmem(bytes->data, bytes->len, want, strlen(want));
}

static void assert_file(GMimePart *part, const ComposeFile *file)
{
    g_autofree char *name = wanted_filename(file->filename);
    g_autoptr(GByteArray) bytes = content(part);
    g_assert_cmpstr(g_mime_part_get_filename(part), ==, name);
    g_assert_cmpstr(g_mime_object_get_content_id(GMIME_OBJECT(part)), ==, file->cid);
    g_assert_cmpstr(g_mime_object_get_disposition(GMIME_OBJECT(part)), ==,
                    file->cid ? "inline" : "attachment");
    g_assert_cmpmem(bytes->data, bytes->len, file->bytes, file->length);
}

static void assert_headers(GMimeMessage *message, const Letter *letter)
{
    g_autofree char *subject = wanted_value(letter->subject, FALSE);
    g_autofree char *name = wanted_value(letter->to_name ? letter->to_name : "", TRUE);
    InternetAddressList *to = g_mime_message_get_to(message);
    InternetAddressList *from = g_mime_message_get_from(message);
    g_assert_cmpstr(g_mime_message_get_subject(message), ==, subject);
    g_assert_cmpint(internet_address_list_length(to), ==, 1);
    InternetAddress *head = internet_address_list_get_address(to, 0);
    const char *got = internet_address_get_name(head);
    g_autoptr(GString) unfolded = g_string_new(got ? got : "");
    g_string_replace(unfolded, "\r\n ", " ", 0); /* GMime leaves a fold in a phrase as it is */
    g_assert_cmpstr(unfolded->str, ==, name);
    g_assert_cmpstr(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(head)), ==,
                    "head@school.example");
    g_assert_cmpstr(internet_address_get_name(internet_address_list_get_address(from, 0)), ==,
                    "Siân, Director");
    g_assert_cmpstr(g_mime_message_get_message_id(message), ==, "1.plan@example.org");
    g_autoptr(GDateTime) date = g_date_time_new_utc(2026, 1, 5, 9, 0, 0);
    g_assert_true(g_date_time_equal(date, g_mime_message_get_date(message)));
    g_assert_null(g_mime_object_get_header(GMIME_OBJECT(message), "Bcc"));
    g_assert_null(g_mime_object_get_header(GMIME_OBJECT(message), "X-Injected"));
    g_assert_cmpstr(g_mime_object_get_header(GMIME_OBJECT(message), "Auto-Submitted"), ==,
                    letter->is_bare ? NULL : "auto-generated");
    g_assert_cmpstr(
        g_mime_object_get_header(g_mime_message_get_mime_part(message), "Content-Language"), ==,
        letter->is_bare ? NULL : "en-GB");
    g_assert_cmpstr(g_mime_object_get_header(GMIME_OBJECT(message), "List-Id"), ==,
                    letter->is_bare ? NULL : "\"Headteachers, all\" <heads.example.org>");
}

static void assert_reads(const GString *bytes, const Letter *letter, const char *shape)
{
    GMimeMessage *message = parse(bytes);
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    Reading reading = {seen, parts};
    read_object(&reading, g_mime_message_get_mime_part(message));
    if (shape)
        g_assert_cmpstr(seen->str, ==, shape);
    assert_headers(message, letter);

    guint at = 2;
    g_assert_cmpuint(parts->len, ==, at + letter->n_embedded + letter->n_attached + letter->n_more);
    assert_text(parts->pdata[0], letter->text);
    assert_text(parts->pdata[1], letter->html);
    for (guint i = 0; i < letter->n_embedded; i++)
        assert_file(parts->pdata[at++], &letter->embedded[i]);
    for (guint i = 0; i < letter->n_attached; i++)
        assert_file(parts->pdata[at++], &letter->attached[i]);
    for (guint i = 0; i < letter->n_more; i++)
        assert_file(parts->pdata[at++], &letter->more[i]);
    g_object_unref(message);
}

#endif
