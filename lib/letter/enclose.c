/* enclose - images, attachments, and the MIME structure that holds them */
#include <string.h>

#include "base/files.h"
#include "letter/compiling.h"
#include "letter/picture.h"

void letter_image_free(gpointer data)
{
    LetterImage *image = data;
    g_free(image->cid);
    g_free(image->path);
    g_bytes_unref(image->bytes);
    g_free(image);
}

void compiling_images(Compiling *c)
{
    const GPtrArray *images = markdown_images(c->markdown);
    for (guint i = 0; i < images->len; i++) {
        GError *error = NULL;
        gsize length = 0;
        MarkdownImage *image = g_ptr_array_index(images, i);
        g_autofree char *name = g_strconcat("file:", image->path, NULL);
        GBytes *bytes = bundle_get(c->bundle, name, TRUE, &error);
        if (!bytes)
            compiling_complain(c, c->shown, image->line, "missing-image", error);
        const guchar *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
        image->width = picture_width(data, length);
        LetterImage *kept = g_new0(LetterImage, 1);
        kept->cid = g_strdup(image->cid);
        kept->path = g_strdup(image->path);
        kept->bytes = bytes;
        g_ptr_array_add(c->letter->images, kept);
    }
}

/* An attachment with fields in its path differs by recipient; the others are read now. */
static void read_attachments(Compiling *c, GPtrArray *constant)
{
    const GPtrArray *paths = c->letter->front->attachments;
    if (paths->len > LETTER_ATTACHMENTS_MAX)
        findings_add(c->findings, FINDING_ERROR, c->shown, 0, "too-many-attachments",
                     "%u attachments, over the limit of %d", paths->len, LETTER_ATTACHMENTS_MAX);
    for (guint i = 0; i < paths->len; i++) {
        const FrontText *path = g_ptr_array_index(paths, i);
        if (strstr(path->text, "{{")) {
            TemplateOptions options = {.file = c->shown,
                                       .first_line = path->line,
                                       .kind = TEMPLATE_PATH,
                                       .strict_partials = TRUE};
            Template *template = template_new(path->text, &options, c->findings);
            if (template)
                g_ptr_array_add(c->letter->own_files, template);
            continue;
        }
        GError *error = NULL;
        g_autofree char *name = g_strconcat("file:", path->text, NULL);
        GBytes *bytes = bundle_get(c->bundle, name, TRUE, &error);
        if (!bytes) {
            compiling_complain(c, c->shown, path->line, "missing-attachment", error);
            continue;
        }
        g_ptr_array_add(c->letter->held, bytes);
        g_ptr_array_add(constant, g_path_get_basename(path->text));
    }
}

static ComposeFile compose_file(char *filename, const char *cid, GBytes *bytes)
{
    ComposeFile file = {.filename = filename, .cid = cid};
    file.bytes = g_bytes_get_data(bytes, &file.length);
    return file;
}

/* The config's, or "heads.northmere.example.org" of the audience and the sender's domain; NULL for
 * a letter to no audience. */
static char *make_list_id(const Compiling *c)
{
    const char *given = compiling_setting(c, "list_id"),
               *audience = compiling_setting(c, "audience");
    if (*given)
        return g_strdup(given);
    if (!*audience)
        return NULL;
    g_autofree char *word =
        g_strcanon(g_strdup(audience), G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS, '-');
    return g_strconcat(word, ".", c->letter->from->domain, NULL);
}

static void make_compose(Compiling *c, GPtrArray *attached_names)
{
    Letter *letter = c->letter;
    g_autofree ComposeFile *embedded = g_new0(ComposeFile, letter->images->len + 1);
    g_autofree ComposeFile *attached = g_new0(ComposeFile, attached_names->len + 1);
    g_autoptr(GPtrArray) bases = g_ptr_array_new_with_free_func(g_free);
    guint n_embedded = 0;
    for (guint i = 0; i < letter->images->len; i++) {
        const LetterImage *image = g_ptr_array_index(letter->images, i);
        char *base = g_path_get_basename(image->path);
        g_ptr_array_add(bases, base);
        if (image->bytes)
            embedded[n_embedded++] = compose_file(base, image->cid, image->bytes);
    }
    for (guint i = 0; i < attached_names->len; i++)
        attached[i] = compose_file(g_ptr_array_index(attached_names, i), NULL,
                                   g_ptr_array_index(letter->held, i));
    gsize length;
    const char *bytes = g_bytes_get_data(c->update, &length);
    g_autofree char *hash = bytes_sha256(bytes, length);
    hash[16] = '\0';
    g_autofree char *list_id = make_list_id(c);
    const char *list_name = compiling_setting(c, "list_name");
    const char *automatic = compiling_setting(c, "auto_submitted");
    letter->compose = compose_new(&(ComposeOptions){.from = letter->from,
                                                    .reply_to = letter->reply_to,
                                                    .list_id = list_id,
                                                    .list_name = *list_name ? list_name : NULL,
                                                    .lang = *letter->lang ? letter->lang : NULL,
                                                    .auto_generated = *automatic != '\0',
                                                    .embedded = embedded,
                                                    .n_embedded = n_embedded,
                                                    .attached = attached,
                                                    .n_attached = attached_names->len,
                                                    .attaches_more = letter->own_files->len > 0,
                                                    .boundary = hash});
}

void compiling_enclose(Compiling *c)
{
    g_autoptr(GPtrArray) attached = g_ptr_array_new_with_free_func(g_free);
    read_attachments(c, attached);
    if (c->letter->from)
        make_compose(c, attached);
}
