/* gallery_page - a page on which every letter of a mailing can be looked at before it is sent */
#include "gallery/gallery_page.h"

#include <gio/gio.h>
#include <string.h>

#include "page/pagefolder.h"
#include "page/script.h"
#include "gallery/shared.h"

#define GENERATOR "circular gallery"
#define BUILTIN "/circular/lib/"

enum { HTML, TEXT, SOURCE, VIEWS };
static const char *const views[VIEWS] = {"html", "text", "source"};

struct GalleryPage {
    PageFolder *folder;
    SharedPieces *shared[VIEWS];
    GString *list; /* members of the array of letters, for list.js */
    GString *left_out;
    guint64 letters, left_out_count;
};

GalleryPage *gallery_page_open(const char *folder, GError **error)
{
    PageFolder *opened = pagefolder_open(folder, GENERATOR, error);
    if (!opened)
        return NULL;
    GalleryPage *self = g_new0(GalleryPage, 1);
    self->folder = opened;
    for (int view = 0; view < VIEWS; view++)
        self->shared[view] = shared_new();
    self->list = g_string_new("[");
    self->left_out = g_string_new("[");
    return self;
}

void gallery_page_free(GalleryPage *self)
{
    if (!self)
        return;
    pagefolder_free(self->folder);
    for (int view = 0; view < VIEWS; view++)
        shared_free(self->shared[view]);
    g_string_free(self->list, TRUE);
    g_string_free(self->left_out, TRUE);
    g_free(self);
}

/* A file that calls a function of gallery.js with what it holds. */
static gboolean put_call(GalleryPage *self, const char *name, GString *call, GError **error)
{
    g_string_append(call, ");\n");
    return pagefolder_put(self->folder, name, call->str, call->len, error);
}

/* --- one letter ------------------------------------------------------------------------------ */

static void write_texts(GString *out, const char *name, const char *const *texts)
{
    script_name(out, name);
    script_open(out, '[');
    for (; texts && *texts; texts++)
        script_text(out, *texts);
    script_close(out, ']');
}

static void list_letter(GalleryPage *self, const GalleryLetter *letter)
{
    GString *out = self->list;
    script_open(out, '{');
    script_member(out, "key", letter->key);
    script_member(out, "name", letter->name);
    script_member(out, "label", letter->label);
    script_member(out, "address", letter->address);
    script_member(out, "file", letter->file);
    script_name(out, "line");
    script_number(out, letter->line);
    script_member(out, "why", letter->why);
    script_member(out, "problem", letter->problem);
    script_close(out, '}');
}

gboolean gallery_page_add(GalleryPage *self, const GalleryLetter *letter, GError **error)
{
    const char *texts[VIEWS] = {letter->html, letter->text, letter->source};
    g_autofree char *name = g_strdup_printf("%" G_GUINT64_FORMAT ".js", self->letters);
    g_autoptr(GString) call = g_string_new("gallery.letter(");
    list_letter(self, letter);
    script_number(call, (gint64)self->letters++);
    script_open(call, '{');
    script_member(call, "subject", letter->subject);
    script_name(call, "size");
    script_number(call, (gint64)letter->size);
    write_texts(call, "headers", letter->headers);
    write_texts(call, "files", letter->files);
    for (int view = 0; view < VIEWS; view++) {
        script_name(call, views[view]);
        if (texts[view])
            shared_write(self->shared[view], texts[view], call);
        else
            script_text(call, NULL);
    }
    script_close(call, '}');
    return put_call(self, name, call, error);
}

static void write_place(GString *out, const Location *at)
{
    g_autofree char *cell = location_cell(at);
    script_member(out, "file", at->file);
    script_name(out, "line");
    script_number(out, at->line);
    script_member(out, "cell", cell);
}

void gallery_page_leave_out(GalleryPage *self, const char *key, const char *address,
                            const char *reason, const Location *at)
{
    GString *out = self->left_out;
    if (self->left_out_count++ >= GALLERY_PAGE_LEFT_OUT_MAX)
        return;
    script_open(out, '{');
    script_member(out, "key", key);
    script_member(out, "address", address);
    script_member(out, "reason", reason);
    write_place(out, at);
    script_close(out, '}');
}

/* --- the whole ------------------------------------------------------------------------------- */

static void write_findings(GString *out, const Findings *findings)
{
    script_name(out, "findings");
    script_open(out, '[');
    for (guint i = 0; i < findings_kept(findings); i++) {
        const Finding *finding = findings_get(findings, i);
        script_open(out, '{');
        script_member(out, "severity", severity_name(finding->severity));
        const Location at = finding_location(finding);
        write_place(out, &at);
        script_member(out, "id", finding->id);
        script_member(out, "text", finding->text);
        script_close(out, '}');
    }
    script_close(out, ']');
}

/* How many findings there are beyond those that were kept. */
static gint64 findings_more(const Findings *findings)
{
    gint64 all = 0;
    for (int severity = FINDING_NOTE; severity <= FINDING_ERROR; severity++)
        all += findings_count(findings, (Severity)severity);
    return all - findings_kept(findings);
}

static gboolean put_list(GalleryPage *self, const GalleryAbout *about, GError **error)
{
    g_autoptr(GString) call = g_string_new("gallery.open(");
    script_open(call, '{');
    script_member(call, "subject", about->subject);
    script_member(call, "update", about->update);
    script_member(call, "audience", about->audience);
    script_member(call, "made", about->made);
    script_member(call, "sample", about->sample);
    script_name(call, "recipients");
    script_number(call, (gint64)about->recipients);
    write_findings(call, about->findings);
    script_name(call, "findings_more");
    script_number(call, findings_more(about->findings));
    script_name(call, "left_out_count");
    script_number(call, (gint64)self->left_out_count);
    script_name(call, "left_out");
    g_string_append_printf(call, "%s]", self->left_out->str);
    script_name(call, "letters");
    g_string_append_printf(call, "%s]", self->list->str);
    script_close(call, '}');
    return put_call(self, "list.js", call, error);
}

static gboolean put_shared(GalleryPage *self, GError **error)
{
    g_autoptr(GString) call = g_string_new("gallery.shared(");
    script_open(call, '{');
    for (int view = 0; view < VIEWS; view++) {
        script_name(call, views[view]);
        shared_write_pieces(self->shared[view], call);
    }
    script_close(call, '}');
    return put_call(self, "shared.js", call, error);
}

static GBytes *builtin(const char *name)
{
    g_autofree char *path =
        g_strconcat(BUILTIN, g_str_has_prefix(name, "gallery") ? "gallery/" : "page/", name, NULL);
    GBytes *bytes = g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_assert(bytes); /* named in builtin.gresource.xml */
    return bytes;
}

static gboolean put_builtin(GalleryPage *self, GError **error)
{
    static const char *const names[] = {"page.css", "gallery.css", "gallery.js", "gallery-diff.js",
                                        "gallery-letter.js"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        gsize length;
        g_autoptr(GBytes) bytes = builtin(names[i]);
        const char *text = g_bytes_get_data(bytes, &length);
        if (!pagefolder_put(self->folder, names[i], text, length, error))
            return FALSE;
    }
    return TRUE;
}

/* index.html says @FILES@ for the folder of what it loads, and nothing else of this gallery: so it
 * holds no personal data, and nothing has to be escaped in it. */
static gboolean show(GalleryPage *self, GError **error)
{
    gsize length;
    g_autoptr(GBytes) bytes = builtin("gallery.html");
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(GString) index = g_string_new_len(text, (gssize)length);
    g_string_replace(index, "@FILES@", pagefolder_files(self->folder), 0);
    return pagefolder_show(self->folder, index->str, index->len, error);
}

gboolean gallery_page_finish(GalleryPage *self, const GalleryAbout *about, GError **error)
{
    return put_builtin(self, error) && put_shared(self, error) && put_list(self, about, error) &&
           show(self, error);
}
