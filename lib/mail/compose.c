/* compose - a message's MIME structure around two encoded texts */
#include "mail/compose.h"

#include <string.h>

enum { BOUNDARY_MAX = 40 }; /* of what the caller gives; RFC 2046 section 5.1.1 allows 70 in all */

struct Compose {
    Constant *sender;    /* the headers From and Reply-To */
    Constant *structure; /* from List-Id to where the plain text begins */
    Constant *between;   /* the texts */
    Constant *files;     /* from the end of the HTML to that of the last file all get */
    char *mixed;         /* the outermost boundary, or NULL */
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

/* Up to where the plain text begins. */
static GString *make_structure(const ComposeOptions *options, const char *mixed,
                               const char *alternative, const char *related)
{
    GString *out = make_list_headers(options);
    if (mixed)
        open_multipart(out, "mixed", mixed);
    if (options->n_embedded) /* its type is that of its first part: RFC 2387 section 3.1 */
        open_multipart(out, "related; type=\"multipart/alternative\"", related);
    open_multipart(out, "alternative", alternative);
    open_text(out, "plain");
    return out;
}

/* The empty line gives a text that ends with a soft break something to be joined to. */
static GString *make_between(const char *alternative)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "\r\n--%s\r\n", alternative);
    open_text(out, "html");
    return out;
}

static GString *make_files(const ComposeOptions *options, const char *mixed,
                           const char *alternative, const char *related)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "\r\n--%s--\r\n", alternative);
    if (options->n_embedded) {
        append_files(out, related, options->embedded, options->n_embedded);
        g_string_append_printf(out, "--%s--\r\n", related);
    }
    append_files(out, mixed, options->attached, options->n_attached);
    return out;
}

Compose *compose_new(const ComposeOptions *options)
{
    Compose *self = g_new0(Compose, 1);
    g_autofree char *alternative = boundary_new('a', options->boundary);
    g_autofree char *related = boundary_new('r', options->boundary);
    if (options->n_attached || options->attaches_more)
        self->mixed = boundary_new('m', options->boundary);
    self->sender = constant_new(make_sender(options));
    self->structure = constant_new(make_structure(options, self->mixed, alternative, related));
    self->between = constant_new(make_between(alternative));
    self->files = constant_new(make_files(options, self->mixed, alternative, related));
    return self;
}

void compose_free(Compose *self)
{
    if (!self)
        return;
    constant_free(self->sender);
    constant_free(self->structure);
    constant_free(self->between);
    constant_free(self->files);
    g_free(self->mixed);
    g_free(self);
}

/* --- one message ----------------------------------------------------------------------------- */

static void append_thread(GString *out, const char *thread)
{
    const char *last = strrchr(thread, ' ');
    header_append_ids(out, "In-Reply-To", last ? last + 1 : thread);
    header_append_ids(out, "References", thread);
}

void compose_head(const Compose *self, Splice *out, const ComposeHeaders *headers)
{
    GString *own = out->own;
    header_append_token(own, "Date", headers->date);
    splice_borrow(out, self->sender);
    header_append_mailbox(own, "To", headers->to_name, headers->to);
    header_append(own, "Subject", headers->subject);
    header_append_token(own, "Message-ID", headers->message_id);
    if (headers->thread && *headers->thread)
        append_thread(own, headers->thread);
    if (headers->delivery)
        header_append_token(own, "X-Circular-Delivery", headers->delivery);
    if (headers->copy_of)
        header_append(own, "X-Circular-Copy", headers->copy_of);
    if (headers->unsubscribe)
        header_append_uri(own, "List-Unsubscribe", headers->unsubscribe);
    splice_borrow(out, self->structure);
}

void compose_html(const Compose *self, Splice *out)
{
    splice_borrow(out, self->between);
}

void compose_end(const Compose *self, Splice *out, const ComposeFile *more, guint n_more)
{
    g_assert(self->mixed || !n_more); /* attaches_more was not said: there is no place for them */
    splice_borrow(out, self->files);
    append_files(out->own, self->mixed, more, n_more);
    if (self->mixed)
        g_string_append_printf(out->own, "--%s--\r\n", self->mixed);
}
