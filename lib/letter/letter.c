/* letter - an update set into its layouts, ready to be merged with one recipient after another */
#include "letter/letter.h"

#include <string.h>

#include "base/error.h"
#include "letter/parts.h"
#include "mail/qp.h"

static void part_clear(LetterPart *part)
{
    template_free(part->template);
    if (part->encoded)
        g_ptr_array_unref(part->encoded);
}

void letter_free(Letter *self)
{
    if (!self)
        return;
    front_free(self->front);
    address_free(self->from);
    address_free(self->reply_to);
    g_free(self->lang);
    g_free(self->unsubscribe);
    template_free(self->subject);
    part_clear(&self->html);
    part_clear(&self->text);
    g_ptr_array_unref(self->images);
    g_ptr_array_unref(self->own_files);
    compose_free(self->compose);
    g_ptr_array_unref(self->uses);
    g_ptr_array_unref(self->checked);
    g_strfreev(self->fields);
    g_clear_pointer(&self->questions, g_ptr_array_unref);
    g_clear_pointer(&self->event_questions, g_ptr_array_unref);
    g_clear_pointer(&self->events, g_ptr_array_unref);
    g_free(self);
}

const char *letter_subject_template(const Letter *self)
{
    return self->front->subject.text ? self->front->subject.text : "";
}

const Address *letter_from(const Letter *self)
{
    return self->from;
}

const char *letter_audience(const Letter *self)
{
    return self->front->audience.text;
}

const char *letter_lang(const Letter *self)
{
    return self->lang;
}

const char *letter_correction(const Letter *self)
{
    return self->front->correction.text;
}

const GPtrArray *letter_questions(const Letter *self)
{
    return self->questions;
}

const GPtrArray *letter_events(const Letter *self)
{
    return self->events;
}

GPtrArray *letter_answerable(const Letter *self)
{
    GPtrArray *all = g_ptr_array_new();
    for (guint i = 0; i < self->questions->len; i++)
        g_ptr_array_add(all, g_ptr_array_index(self->questions, i));
    for (guint i = 0; i < self->event_questions->len; i++)
        g_ptr_array_add(all, g_ptr_array_index(self->event_questions, i));
    return all;
}

const GPtrArray *letter_uses(const Letter *self)
{
    return self->uses;
}

const char *const *letter_fields(const Letter *self)
{
    return (const char *const *)self->fields;
}

gboolean letter_shows_answer(const Letter *self)
{
    return template_has_late(self->html.template, LATE_ANSWER) ||
           template_has_late(self->text.template, LATE_ANSWER);
}

/* --- writing --------------------------------------------------------------------------------- */

typedef struct {
    const LetterPart *part;
    Splice *out;
} Encoder;

static void encode_literal(void *user, guint number)
{
    const Encoder *encoder = user;
    splice_borrow(encoder->out, g_ptr_array_index(encoder->part->encoded, number));
}

static void encode_value(void *user, const char *bytes, gsize length)
{
    qp_append(((Encoder *)user)->out->own, bytes, length);
}

/* What a letter is marked with; NULL when it isn't. Borrowed. */
static const char *mark_of(const Value *fields, const char *name)
{
    const Value *mark = value_get(fields, LETTER_MARK);
    const Value *text = mark && value_kind(mark) == VALUE_MAP ? value_get(mark, name) : NULL;
    return text ? value_text(text) : NULL;
}

/* Whose letter it is that the office gets a copy of; NULL for a reader's own. Borrowed. */
static const char *copy_key(const Value *fields)
{
    return mark_of(fields, LETTER_COPY_KEY);
}

static gboolean write_part(const LetterPart *part, const LetterCopy *copy, TypesetMemo *memo,
                           Splice *out, GError **error)
{
    Encoder encoder = {part, out};
    TemplateSink sink = {encode_literal,
                         encode_value,
                         &encoder,
                         {[LATE_UNSUBSCRIBE] = copy->unsubscribe, [LATE_ANSWER] = copy->answer},
                         memo};
    return template_render(part->template, copy->fields, &sink, error);
}

static gboolean write_parts(const Letter *self, const LetterCopy *copy, Splice *out, GError **error)
{
    TypesetMemo memo;
    typeset_memo_init(&memo);
    gboolean ok = write_part(&self->text, copy, &memo, out, error);
    if (ok) {
        compose_html(self->compose, out);
        ok = write_part(&self->html, copy, &memo, out, error);
    }
    typeset_memo_clear(&memo);
    return ok;
}

gboolean letter_has_own_files(const Letter *self)
{
    return self->own_files->len > 0;
}

char **letter_own_files(const Letter *self, const Value *fields, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < self->own_files->len; i++) {
        g_autofree char *path =
            template_render_text(g_ptr_array_index(self->own_files, i), fields, error);
        if (!path)
            return NULL;
        if (*path) /* an empty value is an error: then it is a section that isn't this reader's */
            g_ptr_array_add(names, g_strconcat("file:", path, NULL));
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_steal(names, NULL);
}

/* The attachments that only this copy has, and then the end of the message. */
static gboolean write_own_files(const Letter *self, const Value *fields, Splice *out,
                                GError **error)
{
    g_auto(GStrv) names = letter_own_files(self, fields, error);
    if (!names)
        return FALSE;
    g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(GArray) files = g_array_new(FALSE, TRUE, sizeof(ComposeFile));
    g_autoptr(GPtrArray) bases = g_ptr_array_new_with_free_func(g_free);
    for (char **name = names; *name; name++) {
        GBytes *bytes = bundle_get(self->bundle, *name, FALSE, error);
        if (!bytes)
            return FALSE;
        char *base = g_path_get_basename(*name + strlen("file:"));
        ComposeFile file = {.filename = base};
        file.bytes = g_bytes_get_data(bytes, &file.length);
        g_ptr_array_add(held, bytes);
        g_ptr_array_add(bases, base);
        g_array_append_val(files, file);
    }
    compose_end(self->compose, out, (const ComposeFile *)(void *)files->data, files->len);
    return TRUE;
}

gboolean letter_splice(const Letter *self, const LetterCopy *copy, Splice *out, GError **error)
{
    splice_clear(out);
    g_autofree char *subject = letter_subject(self, copy->fields, error);
    if (!subject)
        return FALSE;
    ComposeHeaders headers = {
        .to_name = copy->to_name,
        .to = copy->to,
        .subject = subject,
        .date = copy->date,
        .message_id = copy->message_id,
        .unsubscribe = copy->unsubscribe ? copy->unsubscribe : self->unsubscribe,
        .delivery = copy->delivery,
        .copy_of = copy_key(copy->fields),
        .thread = mark_of(copy->fields, LETTER_THREAD),
    };
    compose_head(self->compose, out, &headers);
    if (!write_parts(self, copy, out, error))
        return FALSE;
    if (!self->own_files->len)
        compose_end(self->compose, out, NULL, 0);
    else if (!write_own_files(self, copy->fields, out, error))
        return FALSE;
    splice_end(out);
    if (out->length <= LETTER_SIZE_MAX)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                "the message for '%s' has %" G_GSIZE_FORMAT
                " MB, over the %d MB that providers take: attach less, or link to it",
                copy->to, out->length >> 20, LETTER_SIZE_MAX >> 20);
    return FALSE;
}

gboolean letter_write(const Letter *self, const LetterCopy *copy, GString *out, GError **error)
{
    g_autoptr(Splice) splice = splice_new();
    if (!letter_splice(self, copy, splice, error))
        return FALSE;
    splice_gather(splice, out);
    return TRUE;
}

/* --- showing --------------------------------------------------------------------------------- */

char *letter_html(const Letter *self, const Value *fields, GError **error)
{
    g_autofree char *page = template_render_text(self->html.template, fields, error);
    if (!page || !self->images->len)
        return g_steal_pointer(&page);
    GString *shown = g_string_new(page);
    for (guint i = 0; i < self->images->len; i++) {
        const LetterImage *image = g_ptr_array_index(self->images, i);
        gsize length = 0;
        const guchar *bytes = image->bytes ? g_bytes_get_data(image->bytes, &length) : NULL;
        g_autofree char *base64 = g_base64_encode(bytes, length);
        g_autofree char *from = g_strdup_printf("\"cid:%s\"", image->cid);
        g_autofree char *to =
            g_strdup_printf("\"data:%s;base64,%s\"", media_type(image->path), base64);
        g_string_replace(shown, from, to, 0);
    }
    return g_string_free(shown, FALSE);
}

char *letter_page(const Letter *self, const Value *fields, GError **error)
{
    return template_render_text(self->html.template, fields, error);
}

char *letter_text(const Letter *self, const Value *fields, GError **error)
{
    return template_render_text(self->text.template, fields, error);
}

char *letter_subject(const Letter *self, const Value *fields, GError **error)
{
    g_autofree char *subject = template_render_text(self->subject, fields, error);
    const char *of = copy_key(fields);
    if (!subject || !of)
        return g_steal_pointer(&subject);
    return g_strdup_printf("Copy (%s): %s", of, subject);
}
