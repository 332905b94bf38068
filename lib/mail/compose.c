/* compose - a message's MIME structure around two encoded texts */
#include "mail/compose.h"

#include <string.h>

enum { BOUNDARY_MAX = 40 }; /* of what the caller gives; RFC 2046 section 5.1.1 allows 70 in all */

struct Compose {
    GString *sender;    /* the headers From and Reply-To */
    GString *structure; /* from List-Id to where the plain text begins */
    GString *between;   /* the texts */
    GString *files;     /* from the end of the HTML to that of the last file all get */
    char *mixed;        /* the outermost boundary, or NULL */
};

/* --- boundaries ------------------------------------------------------------------------------ */

/* "=_" can't come from an encoder: quoted-printable puts hexadecimal digits or a line end after
 * "=", base64 nothing but "=". The kind's letter keeps one from being another's beginning. */
static char *boundary_new(char kind, const char *word)
{
    GString *out = g_string_new("=_");
    g_string_append_c(out, kind);
    g_string_append_c(out, '_');
    gsize before = out->len;
    for (; word && *word && out->len - before < BOUNDARY_MAX; word++)
        if (g_ascii_isalnum(*word))
            g_string_append_c(out, *word);
    return g_string_free(out, FALSE);
}

static void open_multipart(GString *out, const char *kind, const char *boundary)
{
    g_string_append_printf(out, "Content-Type: multipart/%s;\r\n boundary=\"%s\"\r\n\r\n--%s\r\n",
                           kind, boundary, boundary);
}

static void open_text(GString *out, const char *kind)
{
    g_string_append_printf(out,
                           "Content-Type: text/%s; charset=utf-8\r\n"
                           "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                           kind);
}

static void append_files(GString *out, const char *boundary, const ComposeFile *files, guint count)
{
    for (guint i = 0; i < count; i++) {
        g_string_append_printf(out, "--%s\r\n", boundary);
        part_append(out, &files[i]);
    }
}

/* --- what is the same for all ---------------------------------------------------------------- */

static GString *make_sender(const ComposeOptions *options)
{
    GString *out = g_string_new(NULL);
    header_append_mailbox(out, "From", options->from->name, options->from->spec);
    if (options->reply_to)
        header_append_mailbox(out, "Reply-To", options->reply_to->name, options->reply_to->spec);
    return out;
}

static GString *make_list_headers(const ComposeOptions *options)
{
    GString *out = g_string_new(NULL);
    if (options->list_id)
        header_append_id(out, "List-Id", options->list_name, options->list_id);
    if (options->auto_generated)
        header_append(out, "Auto-Submitted", "auto-generated");
    header_append(out, "MIME-Version", "1.0");
    if (options->lang && *options->lang)
        header_append_token(out, "Content-Language", options->lang);
    return out;
}

Compose *compose_new(const ComposeOptions *options)
{
    Compose *self = g_new0(Compose, 1);
    g_autofree char *alternative = boundary_new('a', options->boundary);
    g_autofree char *related = boundary_new('r', options->boundary);
    gboolean is_mixed = options->n_attached || options->attaches_more;

    self->sender = make_sender(options);
    self->structure = make_list_headers(options);
    if (is_mixed) {
        self->mixed = boundary_new('m', options->boundary);
        open_multipart(self->structure, "mixed", self->mixed);
    }
    if (options->n_embedded) /* its type is that of its first part: RFC 2387 section 3.1 */
        open_multipart(self->structure, "related; type=\"multipart/alternative\"", related);
    open_multipart(self->structure, "alternative", alternative);
    open_text(self->structure, "plain");

    /* The empty line gives a text that ends with a soft break something to be joined to. */
    self->between = g_string_new(NULL);
    g_string_append_printf(self->between, "\r\n--%s\r\n", alternative);
    open_text(self->between, "html");

    self->files = g_string_new(NULL);
    g_string_append_printf(self->files, "\r\n--%s--\r\n", alternative);
    if (options->n_embedded) {
        append_files(self->files, related, options->embedded, options->n_embedded);
        g_string_append_printf(self->files, "--%s--\r\n", related);
    }
    append_files(self->files, self->mixed, options->attached, options->n_attached);
    return self;
}

void compose_free(Compose *self)
{
    if (!self)
        return;
    g_string_free(self->sender, TRUE);
    g_string_free(self->structure, TRUE);
    g_string_free(self->between, TRUE);
    g_string_free(self->files, TRUE);
    g_free(self->mixed);
    g_free(self);
}

/* --- one message ----------------------------------------------------------------------------- */

static void append_constant(GString *out, const GString *constant)
{
    g_string_append_len(out, constant->str, (gssize)constant->len);
}

static void append_thread(GString *out, const char *thread)
{
    const char *last = strrchr(thread, ' ');
    header_append_ids(out, "In-Reply-To", last ? last + 1 : thread);
    header_append_ids(out, "References", thread);
}

void compose_head(const Compose *self, GString *out, const ComposeHeaders *headers)
{
    header_append_token(out, "Date", headers->date);
    append_constant(out, self->sender);
    header_append_mailbox(out, "To", headers->to_name, headers->to);
    header_append(out, "Subject", headers->subject);
    header_append_token(out, "Message-ID", headers->message_id);
    if (headers->thread && *headers->thread)
        append_thread(out, headers->thread);
    if (headers->delivery)
        header_append_token(out, "X-Circular-Delivery", headers->delivery);
    if (headers->copy_of)
        header_append(out, "X-Circular-Copy", headers->copy_of);
    if (headers->unsubscribe)
        header_append_uri(out, "List-Unsubscribe", headers->unsubscribe);
    append_constant(out, self->structure);
}

void compose_html(const Compose *self, GString *out)
{
    append_constant(out, self->between);
}

void compose_end(const Compose *self, GString *out, const ComposeFile *more, guint n_more)
{
    g_assert(self->mixed || !n_more); /* attaches_more was not said: there is no place for them */
    append_constant(out, self->files);
    append_files(out, self->mixed, more, n_more);
    if (self->mixed)
        g_string_append_printf(out, "--%s--\r\n", self->mixed);
}
