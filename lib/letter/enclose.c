/* enclose - images, attachments, and the MIME structure that holds them */
#include <string.h>

#include "base/clock.h"
#include "calendar/ical.h"
#include "base/sha256.h"
#include "letter/compiling.h"
#include "letter/exif.h"
#include "letter/picture.h"

void letter_image_free(gpointer data)
{
    LetterImage *image = data;
    g_free(image->cid);
    g_free(image->path);
    g_bytes_unref(image->bytes);
    g_free(image);
}

enum {
    HEAVY = 1 << 20, /* bytes and pixels that no letter needs */
    WIDE = 2000,
    LOGO = 280 /* pixels */
};

static void check_kind(const Compiling *c, const char *file, guint line, const char *path,
                       const guchar *bytes, gsize length)
{
    PictureKind kind = picture_kind(bytes, length);
    const char *name = picture_kind_name(kind);
    if (kind == PICTURE_EMPTY || kind == PICTURE_OTHER)
        findings_add(c->findings, FINDING_WARNING, file, line, "picture-format", "'%s' is %s", path,
                     kind == PICTURE_EMPTY ? "empty" : "no picture: nobody will see it");
    else if (kind > PICTURE_GIF)
        findings_add(c->findings, FINDING_WARNING, file, line, "picture-format",
                     "'%s': Gmail or Outlook don't show %s: save it as %s", path, name,
                     kind == PICTURE_SVG || kind == PICTURE_BMP ? "PNG" : "JPEG or PNG");
    else if (!picture_is_whole(bytes, length))
        findings_add(
            c->findings, FINDING_WARNING, file, line, "picture-format",
            "'%s' is cut off: the file ends before the picture does: copy or save it again", path);
    else if (!picture_is_called(path, kind))
        findings_add(c->findings, FINDING_WARNING, file, line, "picture-format",
                     "'%s' is a %s by its bytes: give it that ending, or it may not be shown", path,
                     name);
}

static void check_size(const Compiling *c, const char *file, guint line, const char *path,
                       guint width, gsize length)
{
    if (length > HEAVY)
        findings_add(
            c->findings, FINDING_WARNING, file, line, "picture-large",
            "'%s' has %.1f MB, for each reader: save it 1200 pixels wide, as JPEG if it is "
            "a photograph",
            path, (double)length / (1 << 20));
    else if (width > WIDE)
        findings_add(c->findings, FINDING_NOTE, file, line, "picture-large",
                     "'%s' is %u pixels wide, and the letter shows it no wider than 600: save it "
                     "1200 pixels wide",
                     path, width);
}

/* A picture as it is embedded: without what the camera wrote into it, unless that is to stay.
 * NULL for NULL; to be unreffed. */
static GBytes *prepared(const Compiling *c, const char *file, guint line, const char *path,
                        GBytes *bytes)
{
    gsize length;
    const guchar *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
    if (!bytes)
        return NULL;
    gboolean keeps = g_str_equal(compiling_setting(c, "pictures"), "keep");
    check_kind(c, file, line, path, data, length);
    check_size(c, file, line, path, picture_width(data, length), length);
    if (exif_has_place(data, length))
        findings_add(c->findings, keeps ? FINDING_WARNING : FINDING_NOTE, file, line,
                     "picture-place", "'%s' holds the place where it was taken: %s", path,
                     keeps ? "it is sent along (pictures.strip)" : "that is left out");
    return keeps ? g_bytes_ref(bytes) : exif_strip(bytes);
}

/* An id that no other picture has: mail programs keep pictures by it (RFC 2045 section 7). */
static char *content_id(const Compiling *c, GBytes *bytes)
{
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autofree char *hash = bytes_sha256(data, length);
    hash[32] = '\0';
    return g_strconcat(hash, "@", c->letter->from ? c->letter->from->domain : "circular.invalid",
                       NULL);
}

/* Keeps a picture to be embedded, once; takes `bytes`. */
static void keep_image(Compiling *c, const char *cid, const char *path, GBytes *bytes)
{
    for (guint i = 0; i < c->letter->images->len; i++) {
        const LetterImage *known = g_ptr_array_index(c->letter->images, i);
        if (g_str_equal(known->cid, cid)) {
            g_clear_pointer(&bytes, g_bytes_unref);
            return;
        }
    }
    LetterImage *kept = g_new0(LetterImage, 1);
    kept->cid = g_strdup(cid);
    kept->path = g_strdup(path);
    kept->bytes = bytes;
    g_ptr_array_add(c->letter->images, kept);
}

/* The id under which a picture of the layout is embedded; NULL with a finding. */
static char *layout_image(Compiling *c, const char *file, guint line, const char *path)
{
    g_autoptr(GError) error = NULL;
    gboolean inside = !strstr(path, "..") && !g_path_is_absolute(path) && !strchr(path, ':') &&
                      !g_str_has_prefix(path, "//");
    g_autofree char *name = g_uri_unescape_string(path, NULL);
    g_autoptr(GBytes) bytes = inside && name ? bundle_get(c->bundle, name, TRUE, &error) : NULL;
    if (!bytes) {
        findings_add(c->findings, FINDING_ERROR, file, line, "layout-picture",
                     inside ? "the picture '%s' isn't in the folder of the layouts"
                            : "the picture '%s' would have to be fetched: put it beside the layout",
                     path);
        return NULL;
    }
    GBytes *ready = prepared(c, file, line, path, bytes);
    char *cid = content_id(c, ready);
    keep_image(c, cid, path, ready);
    return cid;
}

/* The id under which a logo is embedded; NULL where there is none, or with a finding. */
static char *logo_image(Compiling *c, const char *key, const char *path)
{
    g_autoptr(GError) error = NULL;
    if (!*path)
        return NULL;
    gboolean inside = !strstr(path, "..") && !g_path_is_absolute(path) && !strchr(path, ':');
    g_autoptr(GBytes) bytes = inside ? bundle_get(c->bundle, path, TRUE, &error) : NULL;
    if (!bytes) {
        findings_add(c->findings, FINDING_ERROR, "config", 0, "layout-picture",
                     "the picture '%s' (%s) isn't in the folder of templates", path, key);
        return NULL;
    }
    GBytes *ready = prepared(c, "config", 0, path, bytes);
    char *cid = content_id(c, ready);
    keep_image(c, cid, path, ready);
    return cid;
}

static const char *text_of(const Value *map, const char *name)
{
    const Value *value = value_get(map, name);
    return value ? value_text(value) : "";
}

/* As it is shown: half of what it has, which is sharp everywhere, if that is enough. */
static guint logo_width(const Compiling *c, const char *path)
{
    gsize length;
    g_autoptr(GBytes) bytes = bundle_get(c->bundle, path, TRUE, NULL);
    const guchar *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
    guint width = data ? picture_width(data, length) : 0;
    return width > LOGO ? MAX(MIN(width / 2, LOGO), LOGO / 2) : width;
}

void compiling_logo(Compiling *c, Value *office)
{
    static const char *const known[] = {"name", "address",   "contact",
                                        "logo", "logo_text", "logo_dark"};
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (!value_get(office, known[i]))
            value_set_text(office, known[i], "");
    const char *path = text_of(office, "logo"), *dark = text_of(office, "logo_dark");
    c->logo = logo_image(c, "office.logo", path);
    c->logo_dark = c->logo ? logo_image(c, "office.logo_dark", dark) : NULL;
    guint width = c->logo ? logo_width(c, path) : 0;
    g_autofree char *shown = g_strdup_printf("%u", width ? width : LOGO);
    value_set_text(office, "logo_width", shown);
    if (!c->logo)
        value_set_text(office, "logo", "");
    if (!c->logo_dark)
        value_set_text(office, "logo_dark", "");
    if (!*text_of(office, "logo_text"))
        value_set_text(office, "logo_text", text_of(office, "name"));
}

/* The id of what a layout names: a picture of its own, or the office's logo. */
static char *named_image(Compiling *c, const char *file, guint line, const char *path)
{
    if (g_str_equal(path, "{{office.logo}}"))
        return g_strdup(c->logo);
    if (g_str_equal(path, "{{office.logo_dark}}"))
        return g_strdup(c->logo_dark);
    return layout_image(c, file, line, path);
}

char *compiling_layout_images(Compiling *c, const char *file, const char *source)
{
    g_autoptr(GRegex) regex = g_regex_new("<img\\b[^>]*?\\bsrc\\s*=\\s*[\"']"
                                          "([^\"'{}]+|\\{\\{office\\.logo(?:_dark)?\\}\\})[\"']",
                                          G_REGEX_CASELESS, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    GString *out = g_string_new(NULL);
    const char *done = source;
    g_regex_match(regex, source, 0, &match);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
        int start = 0, end = 0;
        guint line = 1;
        g_match_info_fetch_pos(match, 1, &start, &end);
        for (const char *p = source; p < source + start; p++)
            line += *p == '\n';
        g_autofree char *path = g_match_info_fetch(match, 1);
        if (g_str_has_prefix(path, "cid:") || g_str_has_prefix(path, "data:"))
            continue;
        g_autofree char *cid = named_image(c, file, line, path);
        g_string_append_len(out, done, source + start - done);
        g_string_append_printf(out, "%s%s", cid ? "cid:" : "", cid ? cid : path);
        done = source + end;
    }
    g_string_append(out, done);
    return g_string_free(out, FALSE);
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
        GBytes *ready = prepared(c, c->shown, image->line, image->path, bytes);
        image->width = picture_width(data, length);
        if (ready) {
            g_free(image->cid);
            image->cid = content_id(c, ready);
        }
        keep_image(c, image->cid, image->path, ready);
        g_clear_pointer(&bytes, g_bytes_unref);
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
        g_ptr_array_add(c->held, bytes);
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
        attached[i] =
            compose_file(g_ptr_array_index(attached_names, i), NULL, g_ptr_array_index(c->held, i));
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

static const char *calendar_text(const Compiling *c, const char *name, const char *otherwise)
{
    const Value *calendar = value_get(c->settings, LETTER_CALENDAR);
    const Value *text = calendar ? value_get(calendar, name) : NULL;
    return text ? value_text(text) : otherwise;
}

/* One file for the readers' calendars. Before the letter is planned its entries are nobody's. */
static void add_calendar(Compiling *c, GPtrArray *constant)
{
    GError *error = NULL;
    const Letter *letter = c->letter;
    const char *zone = compiling_setting(c, "zone"), *answers = compiling_setting(c, "answers");
    const char *stamp = calendar_text(c, LETTER_CALENDAR_STAMP, NULL);
    if (!letter->events->len || !letter->from)
        return;
    const Event *first = g_ptr_array_index(letter->events, 0);
    IcalOptions options = {
        .zone = *zone ? zone : LETTER_ZONE,
        .organiser = *answers ? answers : letter->from->spec,
        .domain = letter->from->domain,
        .organiser_name = letter->from->name,
        .mailing = calendar_text(c, LETTER_CALENDAR_MAILING, "draft"),
        .sequence =
            (guint)g_ascii_strtoull(calendar_text(c, LETTER_CALENDAR_SEQUENCE, "0"), NULL, 10),
        .stamp = stamp ? g_ascii_strtoll(stamp, NULL, 10) : clock_now() / G_USEC_PER_SEC};
    const Event *wrong;
    char *text = ical_write(letter->events, &options, &wrong, &error);
    if (!text) {
        compiling_complain(c, c->shown, wrong ? wrong->line : letter->front->body_line, "event",
                           error);
        return;
    }
    g_ptr_array_add(c->held, g_bytes_new_take(text, strlen(text)));
    g_ptr_array_add(constant,
                    g_strconcat(letter->events->len > 1 ? "dates" : first->slug, ".ics", NULL));
}

void compiling_enclose(Compiling *c)
{
    g_autoptr(GPtrArray) attached = g_ptr_array_new_with_free_func(g_free);
    read_attachments(c, attached);
    add_calendar(c, attached);
    if (c->letter->from)
        make_compose(c, attached);
}
