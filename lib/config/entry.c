/* entry - one key's value, checked against its row of the schema */
#include "config/entry.h"

#include <string.h>

#include "base/error.h"

typedef struct {
    const SchemaKey *row;
    const char *path, *file;
    GError **error;
} Checker;

void entry_free(Entry *self)
{
    if (!self)
        return;
    g_free(self->text);
    g_strfreev(self->texts);
    g_free(self);
}

/* Says what the key takes and what it got instead. Always FALSE. */
static gboolean refuse(const Checker *check, const Tree *node)
{
    g_autofree char *wants = schema_wants(check->row);
    g_autofree char *got = node->kind == TREE_LIST  ? g_strdup("a list")
                           : node->kind == TREE_MAP ? g_strdup("a group of keys")
                                                    : g_strdup_printf("'%s'", node->text);
    const char *near = check->row->words && node->kind == TREE_TEXT
                           ? nearest_word(node->text, check->row->words)
                           : NULL;
    g_set_error(check->error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                "%s:%u: '%s' must be %s, not %s%s%s%s", check->file, node->line, check->path, wants,
                got, near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
    return FALSE;
}

static gboolean refuse_empty(const Checker *check, const Tree *node)
{
    g_set_error(check->error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG,
                "%s:%u: '%s' has no value: give it one or delete the line", check->file, node->line,
                check->path);
    return FALSE;
}

/* Digits, and then exactly `unit`; FALSE when it is anything else. */
static gboolean parse_digits(const char *text, gint64 *number, const char **unit)
{
    gsize digits = strspn(text, "0123456789");
    if (digits == 0 || digits > ENTRY_DIGITS_MAX)
        return FALSE;
    *number = g_ascii_strtoll(text, NULL, 10);
    *unit = text + digits;
    return TRUE;
}

static gboolean parse_number(const char *text, gint64 *number)
{
    const char *unit;
    return parse_digits(text, number, &unit) && !*unit;
}

static gboolean parse_percent(const char *text, gint64 *number)
{
    const char *unit;
    if (!parse_digits(text, number, &unit))
        return FALSE;
    unit += *unit == ' ';
    return !*unit || g_str_equal(unit, "%");
}

static gboolean parse_duration(const char *text, gint64 *seconds)
{
    static const struct {
        const char *names[6];
        gint64 seconds;
    } units[] = {{{"s", "sec", "secs", "second", "seconds"}, 1},
                 {{"m", "min", "mins", "minute", "minutes"}, 60},
                 {{"h", "hour", "hours"}, 3600},
                 {{"d", "day", "days"}, 86400}};
    const char *unit;
    if (!parse_digits(text, seconds, &unit))
        return FALSE;
    unit += *unit == ' ';
    for (guint i = 0; i < G_N_ELEMENTS(units); i++)
        if (g_strv_contains(units[i].names, unit)) {
            *seconds *= units[i].seconds;
            return TRUE;
        }
    return !*unit && !*seconds; /* nothing is nothing in any unit */
}

static gboolean parse_flag(const char *text, gint64 *flag)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on", NULL};
    for (guint i = 0; words[i]; i++) {
        if (g_ascii_strcasecmp(text, words[i]) == 0) {
            *flag = i & 1;
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether the text may be what the row says; sets the number of those that are one. */
static gboolean fits(const SchemaKey *row, const char *text, gint64 *number)
{
    switch (row->kind) {
    case SCHEMA_TEXT:
    case SCHEMA_PATH:
    case SCHEMA_TEXTS:
    case SCHEMA_COMMAND:
        return !strpbrk(text, "\n\t");
    case SCHEMA_LINES:
        return !strchr(text, '\t');
    case SCHEMA_NUMBER:
        return parse_number(text, number) && *number >= row->min && *number <= row->max;
    case SCHEMA_PERCENT:
        return parse_percent(text, number) && *number >= row->min && *number <= row->max;
    case SCHEMA_DURATION:
        return parse_duration(text, number) && *number >= row->min && *number <= row->max;
    case SCHEMA_FLAG:
        return parse_flag(text, number);
    case SCHEMA_CHOICE:
        return g_strv_contains(row->words, text);
    case SCHEMA_TEMPLATE:
    case SCHEMA_SQL:
        return TRUE;
    }
    g_assert_not_reached();
}

/* A text without the line end that a block (|) leaves after it; newly allocated. NULL when it
 * doesn't fit. */
static char *check_text(const Checker *check, const Tree *node, gint64 *number)
{
    if (node->kind != TREE_TEXT) {
        refuse(check, node);
        return NULL;
    }
    g_autofree char *text = g_strdup(node->text);
    gsize length = strlen(text);
    while (length && text[length - 1] == '\n')
        text[--length] = '\0';
    if (!text[strspn(text, " ")] && !(check->row->kind == SCHEMA_TEMPLATE && node->quoted)) {
        refuse_empty(check, node);
        return NULL;
    }
    if (!fits(check->row, text, number)) {
        refuse(check, node);
        return NULL;
    }
    return g_steal_pointer(&text);
}

/* The items of a list, or NULL. */
static char **check_list(const Checker *check, const Tree *node)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    gint64 ignored;
    if (!node->items->len) {
        refuse_empty(check, node);
        return NULL;
    }
    for (guint i = 0; i < node->items->len; i++) {
        char *text = check_text(check, g_ptr_array_index(node->items, i), &ignored);
        if (!text)
            return NULL;
        g_ptr_array_add(texts, text);
    }
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_steal(texts, NULL);
}

/* One text where a list may stand: itself the only item, or a command line split in words. */
static char **one_as_list(const Checker *check, const Tree *node, const char *text)
{
    char **words = NULL;
    if (check->row->kind == SCHEMA_TEXTS)
        return g_strdupv((char *[]){(char *)text, NULL});
    if (!g_shell_parse_argv(text, NULL, &words, NULL))
        refuse(check, node);
    return words;
}

static gboolean fill(const Checker *check, const Tree *node, Entry *self)
{
    SchemaKind kind = check->row->kind;
    gboolean plural = kind == SCHEMA_TEXTS || kind == SCHEMA_COMMAND;

    if (node->kind == TREE_LIST && plural)
        return (self->texts = check_list(check, node)) != NULL;
    if (node->kind == TREE_LIST && kind == SCHEMA_LINES) {
        g_auto(GStrv) lines = check_list(check, node);
        self->text = lines ? g_strjoinv("\n", lines) : NULL;
        return lines != NULL;
    }
    if (!(self->text = check_text(check, node, &self->number)))
        return FALSE;
    return !plural || (self->texts = one_as_list(check, node, self->text)) != NULL;
}

Entry *entry_parse(const SchemaKey *row, const char *path, const Tree *node, const char *file,
                   GError **error)
{
    Checker check = {row, path, file, error};
    g_autoptr(Entry) self = g_new0(Entry, 1);
    self->row = row;
    self->line = node->line;
    return fill(&check, node, self) ? g_steal_pointer(&self) : NULL;
}

Entry *entry_default(const SchemaKey *row)
{
    if (!row->value)
        return NULL;
    g_autoptr(GError) error = NULL;
    Tree node = {.kind = TREE_TEXT, .text = (char *)row->value};
    Entry *self = entry_parse(row, row->key, &node, "schema", &error);
    if (!self)
        g_error("%s", error->message);
    return self;
}
