/* page - a page for a browser that holds all it needs: the shell that all our pages share */
#include "page/page.h"

#include <gio/gio.h>
#include <string.h>

#define STYLE "/circular/lib/page/page.css"
#define REPLACEMENT "\357\277\275" /* U+FFFD */

/* --- escaping -------------------------------------------------------------------------------- */

/* Characters that change the order of what stands after them, beyond the value they are in. */
static gboolean turns_text(gunichar c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* GLib escapes a control character as a reference, which HTML doesn't allow. Nothing else that it
 * writes begins so: a '#' of a value follows "&amp;". */
static gsize control_length(const char *at)
{
    return g_str_has_prefix(at, "&#x") ? strcspn(at, ";") + 1 : 0;
}

static void add_harmless(GString *out, const char *escaped)
{
    const char *done = escaped;
    for (const char *at = escaped; *at;) {
        gsize control = *at == '&' ? control_length(at) : 0;
        const char *next = control ? at + control : g_utf8_next_char(at);
        if (control || turns_text(g_utf8_get_char(at))) {
            g_string_append_len(out, done, at - done);
            g_string_append(out, REPLACEMENT);
            done = next;
        }
        at = next;
    }
    g_string_append(out, done);
}

void page_add(GString *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *escaped = g_markup_vprintf_escaped(format, args);
    va_end(args);
    g_autofree char *valid = g_utf8_make_valid(escaped, -1);
    add_harmless(out, valid);
}

char *page_escape(const char *text)
{
    GString *out = g_string_new(NULL);
    page_add(out, "%s", text);
    return g_string_free(out, FALSE);
}

/* --- what is built in ------------------------------------------------------------------------ */

static GBytes *builtin(const char *name)
{
    GBytes *bytes = g_resources_lookup_data(name, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (!bytes)
        g_error("%s is not built in: see lib/letter/builtin.gresource.xml", name);
    return bytes;
}

/* The style sheets, as one: a policy by hash wants the exact content of the element. */
static char *all_of(const char *first, const char *const *others)
{
    GString *text = g_string_new(NULL);
    for (const char *name = first; name; name = others ? *others++ : NULL) {
        g_autoptr(GBytes) bytes = builtin(name);
        gsize length;
        const char *data = g_bytes_get_data(bytes, &length);
        g_string_append_len(text, data, (gssize)length);
    }
    return g_string_free(text, FALSE);
}

/* " 'sha256-…'": a source expression of CSP Level 3, section 2.3.1. */
static void add_hash(GString *out, const char *text)
{
    guint8 digest[32];
    gsize length = sizeof digest;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text));
    g_checksum_get_digest(sum, digest, &length);
    g_checksum_free(sum);
    g_autofree char *base64 = g_base64_encode(digest, length);
    g_string_append_printf(out, " 'sha256-%s'", base64);
}

static void add_policy(GString *out, const PageSpec *spec, const char *style)
{
    g_string_append(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                         "'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src");
    if (spec->holds_letters)
        g_string_append(out, " 'unsafe-inline'"); /* a hash beside it would switch it off */
    else
        add_hash(out, style);
    g_string_append(out, "; script-src");
    if (!spec->scripts || !*spec->scripts)
        g_string_append(out, " 'none'");
    for (const char *const *name = spec->scripts; name && *name; name++) {
        g_autofree char *script = all_of(*name, NULL);
        add_hash(out, script);
    }
    g_string_append(out, "\">\n");
}

/* --- the shell ------------------------------------------------------------------------------- */

void page_begin(GString *out, const PageSpec *spec)
{
    const char *heading = spec->heading ? spec->heading : spec->title;
    g_autofree char *style = all_of(STYLE, spec->styles);
    page_add(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
             spec->lang ? spec->lang : "en-GB");
    add_policy(out, spec, style);
    page_add(out,
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"robots\" content=\"noindex\">\n"
             "<meta name=\"referrer\" content=\"no-referrer\">\n"
             "<title>%s</title>\n<style>",
             spec->title);
    g_string_append(out, style);
    page_add(out,
             "</style>\n</head>\n<body>\n"
             "<a class=\"skip\" href=\"#main\">Skip to the content</a>\n"
             "<header><h1>%s</h1></header>\n<main id=\"main\" tabindex=\"-1\">\n",
             heading);
}

void page_end(GString *out, const PageSpec *spec, const char *foot)
{
    g_string_append(out, "</main>\n");
    if (foot)
        page_add(out, "<footer><p>%s</p></footer>\n", foot);
    for (const char *const *name = spec->scripts; name && *name; name++) {
        g_autofree char *script = all_of(*name, NULL);
        g_string_append_printf(out, "<script>%s</script>\n", script);
    }
    g_string_append(out, "</body>\n</html>\n");
}

void page_section(GString *out, const char *id, const char *heading)
{
    page_add(out, "<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">%s</h2>\n", id, id,
             id, heading);
}

void page_section_end(GString *out)
{
    g_string_append(out, "</section>\n");
}

/* --- tables ---------------------------------------------------------------------------------- */

static const char *const KINDS[] = {"t", "n", "day", "any"}; /* classes, by PageKind */

/* What a column of each kind needs, in characters, so that it reads well: most words of a text, a
 * count below 100,000, the day and month of a date, an address in two or three lines. */
static const guint NEEDS[] = {10, 6, 12, 14};

enum {
    GAP = 4, /* after a column, in thirds of a character */
    NEED_STEP = 10,
    NEED_LEAST = 30,
    NEED_MOST = 120 /* page.css has a class for each step */
};

static guint longest_word(const char *text)
{
    guint longest = 0;
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    for (char **word = words; *word; word++)
        longest = MAX(longest, (guint)g_utf8_strlen(*word, -1));
    return longest;
}

/* The width below which a table is shown as cards: characters, up to the next of page.css. */
static guint need_of(const PageTable *table)
{
    guint need = 0;
    for (const PageColumn *column = table->columns; column->heading; column++)
        need += MAX(NEEDS[column->kind], longest_word(column->heading)) * 3 + GAP;
    need = (need / 3 + NEED_STEP - 1) / NEED_STEP * NEED_STEP;
    return CLAMP(need, NEED_LEAST, NEED_MOST);
}

/* Roles are written out: a browser forgets that a table is one when it isn't shown as one. */
void page_table(GString *out, const PageTable *table)
{
    guint count = 0;
    while (table->columns[count].heading)
        count++;
    g_string_append_printf(out, "<div class=\"fit need-%u\">\n", need_of(table));
    page_add(out, "<table role=\"table\" class=\"%s\">\n<caption>%s</caption>\n",
             count > 3 ? "stack" : "plain", table->caption);
    g_string_append(out, "<thead role=\"rowgroup\"><tr role=\"row\">");
    for (const PageColumn *column = table->columns; column->heading; column++)
        page_add(out,
                 column->kind == PAGE_NUMBER
                     ? "<th role=\"columnheader\" scope=\"col\" class=\"n\">%s</th>"
                     : "<th role=\"columnheader\" scope=\"col\">%s</th>",
                 column->heading);
    g_string_append(out, "</tr></thead>\n<tbody role=\"rowgroup\">\n");
}

void page_row(GString *out, const PageTable *table, const char *const *cells)
{
    g_string_append(out, "<tr role=\"row\">");
    for (guint i = 0; table->columns[i].heading; i++) {
        const char *text = cells[i] ? cells[i] : "";
        if (i == 0)
            page_add(out, "<th role=\"rowheader\" scope=\"row\"><bdi>%s</bdi></th>", text);
        else if (!*text)
            g_string_append(out, "<td role=\"cell\"></td>");
        else
            page_add(out, "<td role=\"cell\" data-head=\"%s\" class=\"%s\"><bdi>%s</bdi></td>",
                     table->columns[i].heading, KINDS[table->columns[i].kind], text);
    }
    g_string_append(out, "</tr>\n");
}

void page_table_end(GString *out)
{
    g_string_append(out, "</tbody>\n</table>\n</div>\n");
}
