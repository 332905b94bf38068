/* ui - every word to the user: standard output, standard error, the progress bar, the question */
#include "ui.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static gboolean quiet, colour_out, colour_err;
static gboolean bar_shown;

void ui_init(gboolean be_quiet)
{
    const char *term = g_getenv("TERM");
    gboolean colour = !g_getenv("NO_COLOR") && g_strcmp0(term, "dumb") != 0;
    quiet = be_quiet;
    colour_out = colour && isatty(STDOUT_FILENO);
    colour_err = colour && isatty(STDERR_FILENO);
}

gboolean ui_is_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* --- lines ----------------------------------------------------------------------------------- */

static void line(FILE *out, const char *style, const char *format, va_list args)
{
    ui_progress_end();
    g_autofree char *text = g_strdup_vprintf(format, args);
    gboolean colour = *style && (out == stdout ? colour_out : colour_err);
    fprintf(out, "%s%s%s\n", colour ? style : "", text, colour ? "\033[0m" : "");
}

#define BOLD "\033[1m"
#define RED "\033[1;31m"
#define DIM "\033[2m"

gboolean ui_is_quiet(void)
{
    return quiet;
}

void ui_print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    line(stdout, "", format, args);
    va_end(args);
}

void ui_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!quiet)
        line(stdout, "", format, args);
    va_end(args);
}

void ui_hint(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!quiet)
        line(stdout, DIM, format, args);
    va_end(args);
}

void ui_heading(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!quiet)
        line(stdout, BOLD, format, args);
    va_end(args);
}

void ui_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!quiet)
        line(stderr, "", format, args);
    va_end(args);
}

void ui_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *safe = ui_safe(text, 0);
    ui_progress_end();
    fflush(stdout);
    fprintf(stderr, "%scircular:%s %s\n", colour_err ? RED : "", colour_err ? "\033[0m" : "", safe);
}

static void count_word(GString *out, guint count, const char *one)
{
    if (!count)
        return;
    g_string_append_printf(out, "%s%u %s%s", out->len ? ", " : "", count, one,
                           count == 1 ? "" : "s");
}

void ui_findings(const Findings *findings, Severity least)
{
    guint shown = 0, all = 0;
    g_autoptr(GString) counts = g_string_new(NULL);
    for (guint i = 0; i < findings_kept(findings); i++) {
        const Finding *finding = findings_get(findings, i);
        if (finding->severity < least)
            continue;
        g_autofree char *text = finding_text(finding);
        g_autofree char *safe = ui_safe(text, 0);
        ui_progress_end();
        fprintf(stderr, "%s\n", safe);
        shown++;
    }
    for (int severity = FINDING_ERROR; severity >= (int)least; severity--) {
        guint count = findings_count(findings, (Severity)severity);
        all += count;
        count_word(counts, count, severity_name((Severity)severity));
    }
    if (all > shown)
        ui_note("… and %u more like these", all - shown);
    if (all)
        ui_note("%s", counts->str);
}

/* --- words ----------------------------------------------------------------------------------- */

char *ui_number(guint64 number)
{
    g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, number);
    GString *out = g_string_new(NULL);
    gsize length = strlen(digits);
    for (gsize i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            g_string_append_c(out, ',');
        g_string_append_c(out, digits[i]);
    }
    return g_string_free(out, FALSE);
}

char *ui_count(guint64 number, const char *one, const char *many)
{
    g_autofree char *digits = ui_number(number);
    return g_strdup_printf("%s %s", digits, number == 1 ? one : many);
}

char *ui_duration(gint64 microseconds)
{
    gint64 seconds = (microseconds + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC;
    if (seconds < 60)
        return ui_count((guint64)MAX(seconds, 0), "second", "seconds");
    if (seconds < 3600)
        return ui_count((guint64)(seconds + 30) / 60, "minute", "minutes");
    g_autofree char *hours = ui_count((guint64)seconds / 3600, "hour", "hours");
    guint64 minutes = (guint64)seconds % 3600 / 60;
    if (!minutes)
        return g_steal_pointer(&hours);
    g_autofree char *rest = ui_count(minutes, "minute", "minutes");
    return g_strdup_printf("%s %s", hours, rest);
}

/* Characters that would move the cursor, reorder a line or hide text. */
static gboolean is_unsafe(gunichar c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *ui_safe(const char *text, guint columns)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    guint used = 0;
    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (columns && ++used >= columns && *g_utf8_next_char(p)) {
            g_string_append(out, "…");
            break;
        }
        if (is_unsafe(c))
            g_string_append_printf(out, "\\x%02x", c);
        else
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

char *ui_called(const char *label, const char *key)
{
    g_autofree char *safe = ui_safe(label ? label : "", 60), *plain = ui_safe(key, 24);
    return *safe ? g_strdup_printf("%s (%s)", safe, plain) : g_steal_pointer(&plain);
}

char *ui_ask(const char *question)
{
    char *text = NULL;
    size_t room = 0;
    ui_progress_end();
    fflush(stdout);
    fprintf(stderr, "%s%s%s ", colour_err ? BOLD : "", question, colour_err ? "\033[0m" : "");
    ssize_t length = getline(&text, &room, stdin);
    if (length < 0) {
        free(text);
        fprintf(stderr, "\n");
        return NULL;
    }
    char *answer = g_strdup(text);
    free(text);
    return g_strstrip(answer);
}

/* --- progress -------------------------------------------------------------------------------- */

static void draw_bar(const char *what, guint64 done, guint64 total, const char *rest)
{
    enum { WIDTH = 24 };
    guint full = total ? (guint)(done * WIDTH / total) : WIDTH;
    g_autoptr(GString) bar = g_string_new(NULL);
    for (guint i = 0; i < WIDTH; i++)
        g_string_append(bar, i < full ? "█" : "░");
    fprintf(stderr, "\r\033[K%s %s %s", what, bar->str, rest);
    fflush(stderr);
    bar_shown = TRUE;
}

void ui_progress(const char *what, guint64 done, guint64 total, gint64 started)
{
    static gint64 last;
    gint64 now = clock_ticks(), took = MAX(now - started, 1);
    gboolean terminal = isatty(STDERR_FILENO);
    gint64 pause = (terminal ? 0.1 : 10) * G_USEC_PER_SEC;
    if (quiet || now - last < pause || (!terminal && took < pause))
        return;
    last = now;
    double rate = (double)done * G_USEC_PER_SEC / (double)took;
    g_autofree char *have = ui_number(done), *want = ui_number(total);
    g_autofree char *left =
        done ? ui_duration((gint64)((double)(total - MIN(done, total)) / rate * G_USEC_PER_SEC))
             : NULL;
    g_autofree char *speed = rate >= 10 ? g_strdup_printf("%.0f a second", rate)
                                        : g_strdup_printf("%.0f a minute", rate * 60);
    g_autofree char *rest =
        g_strdup_printf("%s of %s, %s, %s left", have, want, speed, left ? left : "unknown time");
    if (terminal)
        draw_bar(what, done, total, rest);
    else
        fprintf(stderr, "%s: %s\n", what, rest);
}

void ui_progress_end(void)
{
    if (bar_shown)
        fprintf(stderr, "\r\033[K");
    bar_shown = FALSE;
}

/* --- JSON ------------------------------------------------------------------------------------ */

void ui_json(JsonBuilder *builder)
{
    JsonNode *root = json_builder_get_root(builder);
    g_autoptr(JsonGenerator) generator = json_generator_new();
    json_generator_set_pretty(generator, TRUE);
    json_generator_set_root(generator, root);
    g_autofree char *text = json_generator_to_data(generator, NULL);
    ui_progress_end();
    printf("%s\n", text);
    json_node_unref(root);
    g_object_unref(builder);
}

void json_text(JsonBuilder *builder, const char *name, const char *value)
{
    json_builder_set_member_name(builder, name);
    if (value)
        json_builder_add_string_value(builder, value);
    else
        json_builder_add_null_value(builder);
}

void json_number(JsonBuilder *builder, const char *name, gint64 value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, value);
}

void json_flag(JsonBuilder *builder, const char *name, gboolean value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, value);
}

void json_findings(JsonBuilder *builder, const Findings *findings)
{
    json_builder_set_member_name(builder, "findings");
    json_builder_begin_array(builder);
    for (guint i = 0; i < findings_kept(findings); i++) {
        const Finding *finding = findings_get(findings, i);
        json_builder_begin_object(builder);
        json_text(builder, "severity", severity_name(finding->severity));
        json_text(builder, "id", finding->id);
        json_text(builder, "file", finding->file);
        json_number(builder, "line", finding->line);
        json_text(builder, "text", finding->text);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}
