/* ui - every word to the user: standard output, standard error, the progress bar, the question */
#include "ui.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "text/amount.h"
#include "base/clock.h"
#include "text/controls.h"
#include "fold.h"
#include "template/wrap.h"

enum {
    COLUMNS_DEFAULT = 80, /* of a terminal that doesn't say */
    COLUMNS_LEAST = 20
};

static gboolean quiet, colour_out, colour_err, can_redraw;
static gboolean bar_shown;

static gboolean is_set(const char *name)
{
    const char *value = g_getenv(name);
    return value && *value;
}

/* GLib's own words (--help). */
static void print_folded(const char *text)
{
    ui_progress_end();
    g_autofree char *folded = fold_text(text, ui_columns(stdout));
    fputs(folded, stdout);
}

void ui_init(gboolean be_quiet)
{
    gboolean moves = is_set("TERM") && g_strcmp0(g_getenv("TERM"), "dumb") != 0;
    gboolean colour = moves && !is_set("NO_COLOR"); /* no-color.org: "and not empty" */
    quiet = be_quiet;
    colour_out = colour && isatty(STDOUT_FILENO);
    colour_err = colour && isatty(STDERR_FILENO);
    can_redraw = moves && isatty(STDERR_FILENO);
    g_set_print_handler(print_folded);
}

/* Asked at each line, for a window may be made wider or narrower. */
guint ui_columns(FILE *out)
{
    struct winsize size = {0};
    if (!isatty(fileno(out)))
        return 0;
    if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || !size.ws_col)
        return COLUMNS_DEFAULT;
    return MAX(size.ws_col, COLUMNS_LEAST);
}

gboolean ui_is_terminal(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* --- lines ----------------------------------------------------------------------------------- */

static void line(FILE *out, const char *style, const char *format, va_list args)
{
    g_autofree char *text = g_strdup_vprintf(format, args);
    g_autofree char *safe = ui_safe(text, 0);
    g_autofree char *folded = fold_text(safe, ui_columns(out));
    gboolean colour = *style && (out == stdout ? colour_out : colour_err);
    ui_progress_end();
    fprintf(out, "%s%s%s\n", colour ? style : "", folded, colour ? "\033[0m" : "");
}

#define BOLD "\033[1m"
#define RED "\033[1;31m"
#define DIM "\033[2m"
#define PROGRAM "circular: "

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

void ui_verbatim(const char *text)
{
    g_autofree char *safe = isatty(STDOUT_FILENO) ? ui_safe(text, 0) : NULL;
    ui_progress_end();
    printf("%s\n", safe ? safe : text);
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

void ui_keep_first(GError **first, GError *problem)
{
    if (*first && problem) {
        ui_error("%s", problem->message);
        g_error_free(problem);
    } else if (problem) {
        *first = problem;
    }
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
    g_autofree char *said = g_strconcat(PROGRAM, safe, NULL);
    g_autofree char *folded = fold_text(said, ui_columns(stderr));
    ui_progress_end();
    fflush(stdout);
    fprintf(stderr, "%s" PROGRAM "%s%s\n", colour_err ? RED : "", colour_err ? "\033[0m" : "",
            folded + strlen(PROGRAM));
}

static void count_word(GString *out, guint count, const char *one)
{
    if (!count)
        return;
    g_string_append_printf(out, "%s%u %s%s", out->len ? ", " : "", count, one,
                           amount_form(count, "", "s"));
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
        g_autofree char *folded = fold_text(safe, ui_columns(stderr));
        ui_progress_end();
        fprintf(stderr, "%s\n", folded);
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

/* A line may end as in RFC 4180. */
static gboolean steers(const char *at)
{
    gunichar c = g_utf8_get_char(at);
    if (c == '\r')
        return at[1] && at[1] != '\n';
    return controls_has(c) && c != '\n' && c != '\t';
}

char *ui_safe(const char *text, guint columns)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (steers(p))
            controls_add(out, c);
        else
            g_string_append_unichar(out, c);
    }
    if (!columns || wrap_columns(out->str, out->len) <= columns)
        return g_string_free(out, FALSE);
    const char *end = out->str;
    for (guint used = 0; used < columns; end = g_utf8_next_char(end))
        used += wrap_columns(end, (gsize)(g_utf8_next_char(end) - end));
    g_string_truncate(out, (gsize)(g_utf8_prev_char(end) - out->str));
    return g_string_free(g_string_append(out, "…"), FALSE);
}

void ui_field(const char *name, const char *text)
{
    g_autofree char *safe = ui_safe(text, 0);
    if (*safe)
        ui_print("    %-9s %s", name, safe);
}

void ui_excerpt(const char *text)
{
    enum { LINES_SHOWN = 12, COLUMNS_SHOWN = 100 };
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint shown = 0;
    for (char **line = lines; *line && shown < LINES_SHOWN; line++) {
        if (!*g_strstrip(*line))
            continue;
        g_autofree char *safe = ui_safe(*line, COLUMNS_SHOWN);
        ui_print("    | %s", safe);
        shown++;
    }
}

char *ui_pad(char *text, guint columns)
{
    guint used = (guint)wrap_columns(text, strlen(text));
    char *padded = g_strdup_printf("%s%*s", text, (int)(columns - MIN(used, columns)), "");
    g_free(text);
    return padded;
}

char *ui_called(const char *label, const char *key)
{
    g_autofree char *safe = ui_safe(label ? label : "", 60), *plain = ui_safe(key, 0);
    return *safe ? g_strdup_printf("%s (%s)", safe, plain) : g_steal_pointer(&plain);
}

char *ui_place(const Location *at)
{
    g_autofree char *place = location_text(at), *safe = ui_safe(place, 0);
    return *safe ? g_strdup_printf(" (%s)", safe) : g_steal_pointer(&safe);
}

char *ui_ask(const char *question)
{
    char *text = NULL;
    size_t room = 0;
    ui_progress_end();
    fflush(stdout);
    g_autofree char *safe = ui_safe(question, 0);
    g_autofree char *folded = fold_text(safe, ui_columns(stderr));
    fprintf(stderr, "%s%s%s ", colour_err ? BOLD : "", folded, colour_err ? "\033[0m" : "");
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

/* What is told of how far something has come. */
typedef struct {
    const char *what;
    guint64 done, total;
    char *have, *want, *speed, *left;
} Progress;

static Progress progress_of(const char *what, guint64 done, guint64 total, gint64 took)
{
    double rate = (double)done * G_USEC_PER_SEC / (double)took;
    double rest = (double)(total - MIN(done, total));
    return (Progress){
        .what = what,
        .done = done,
        .total = total,
        .have = amount_number(done),
        .want = amount_number(total),
        .speed = rate >= 10 ? g_strdup_printf("%.0f a second", rate)
                            : g_strdup_printf("%.0f a minute", rate * 60),
        .left = done ? amount_duration((gint64)(rest / rate * G_USEC_PER_SEC))
                     : g_strdup("unknown time"),
    };
}

static void progress_clear(Progress *self)
{
    g_free(self->have);
    g_free(self->want);
    g_free(self->speed);
    g_free(self->left);
}

/* The words, of which a narrow terminal gets fewer: 0 has all. */
enum { PROGRESS_TERSEST = 2 };
static char *progress_words(const Progress *self, guint terse)
{
    if (terse == 0)
        return g_strdup_printf("%s of %s, %s, %s left", self->have, self->want, self->speed,
                               self->left);
    if (terse == 1)
        return g_strdup_printf("%s of %s, %s left", self->have, self->want, self->left);
    return g_strdup_printf("%s of %s", self->have, self->want);
}

static void add_bar(GString *out, const Progress *self, guint wide)
{
    guint64 full = self->total ? MIN(self->done, self->total) * wide / self->total : wide;
    for (guint i = 0; i < wide; i++)
        g_string_append(out, i < full ? "█" : "░");
    g_string_append_c(out, ' ');
}

/* One line that fits: the bar shrinks first and goes, then words do. The last column stays free, for
 * some terminals begin a new line when it is written. */
static void draw(const Progress *self)
{
    enum { BAR_MOST = 24, BAR_LEAST = 4 };
    guint room = ui_columns(stderr) - 1, terse = 0;
    gsize label = strlen(self->what) + 1;
    char *words = progress_words(self, terse);
    while (label + strlen(words) > room && terse < PROGRESS_TERSEST) {
        g_free(words);
        words = progress_words(self, ++terse);
    }
    g_autoptr(GString) line = g_string_new(NULL);
    if (label + strlen(words) <= room)
        g_string_append_printf(line, "%s ", self->what);
    gsize left = room - MIN(room, line->len + strlen(words) + 1);
    if (left >= BAR_LEAST)
        add_bar(line, self, (guint)MIN(left, BAR_MOST));
    g_string_append_printf(line, "%.*s", (int)room, words);
    fprintf(stderr, "\r\033[K%s", line->str);
    fflush(stderr);
    bar_shown = TRUE;
    g_free(words);
}

void ui_progress(const char *what, guint64 done, guint64 total, gint64 started)
{
    static gint64 last;
    gint64 now = clock_ticks(), took = MAX(now - started, 1);
    gint64 pause = (can_redraw ? 0.1 : 10) * G_USEC_PER_SEC;
    if (quiet || now - last < pause || (!can_redraw && took < pause))
        return;
    last = now;
    Progress progress = progress_of(what, done, total, took);
    if (can_redraw) {
        draw(&progress);
    } else {
        g_autofree char *words = progress_words(&progress, 0);
        ui_note("%s: %s", what, words);
    }
    progress_clear(&progress);
}

void ui_countdown(gint64 left)
{
    static gint64 told = G_MAXINT64;
    gint64 seconds = (left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC, minutes = (seconds + 59) / 60;
    g_autofree char *clock =
        g_strdup_printf("%" G_GINT64_FORMAT ":%02d", seconds / 60, (int)(seconds % 60));
    g_autofree char *most =
        g_strdup_printf("Goes in %s. Ctrl-C takes it back: nothing has gone.", clock);
    g_autofree char *fewer = g_strdup_printf("Goes in %s. Ctrl-C takes it back.", clock);
    g_autofree char *least = g_strdup_printf("%s, Ctrl-C: back", clock);
    const char *const words[] = {most, fewer, least};
    guint room = MAX(ui_columns(stderr), 2) - 1, terse = 0;
    if (quiet)
        return;
    if (!can_redraw) {
        if (minutes < told)
            ui_note("%s", words[0]);
        told = minutes;
    } else {
        while (terse + 1 < G_N_ELEMENTS(words) && strlen(words[terse]) > room)
            terse++;
        fprintf(stderr, "\r\033[K%.*s", (int)room, words[terse]);
        fflush(stderr);
        bar_shown = TRUE;
    }
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

gboolean ui_json_if(JsonBuilder *builder, gboolean ok)
{
    if (ok)
        ui_json(builder);
    else
        g_object_unref(builder);
    return ok;
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

void json_place(JsonBuilder *builder, const Location *at)
{
    g_autofree char *cell = location_cell(at);
    json_text(builder, "file", at->file);
    json_number(builder, "line", at->line);
    json_text(builder, "cell", cell);
}

void json_findings(JsonBuilder *builder, const Findings *findings)
{
    json_builder_set_member_name(builder, "findings");
    json_builder_begin_array(builder);
    for (guint i = 0; i < findings_kept(findings); i++) {
        const Finding *finding = findings_get(findings, i);
        const Location at = finding_location(finding);
        json_builder_begin_object(builder);
        json_text(builder, "severity", severity_name(finding->severity));
        json_text(builder, "id", finding->id);
        json_place(builder, &at);
        json_text(builder, "text", finding->text);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}
