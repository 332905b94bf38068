/* guess - what a sheet most likely is: its key, addresses and names, and what lies beside it */
#include "list/guess.h"

#include <string.h>

#include "base/error.h"
#include "list/addresscell.h"
#include "list/caption.h"
#include "mail/address.h"
#include "sheet/cell.h"
#include "sheet/sheet.h"

enum { NAME_MAX_LENGTH = 64 }; /* of a list in the config */

/* How such columns are called, folded, the likeliest first. */
static const char *const KEYS[] = {"urn",        "ukprn",   "schoolid", "trustid",
                                   "groupuid",   "groupid", "uid",      "laestab",
                                   "dfenumber",  "dfe",     "key",      "id",
                                   "schoolcode", "code",    "number",   "establishmentnumber",
                                   "reference",  "ref",     NULL};
static const char *const EMAILS[] = {
    "heademail", "headteacheremail", "ceoemail", "email", "emailaddress",
    "mail",      "officeemail",      NULL};
static const char *const TITLES[] = {"headtitle", "headtitlename", "title", "salutation", NULL};
static const char *const FIRSTS[] = {"headfirstname", "firstname", "forename", "givenname", NULL};
static const char *const LASTS[] = {"headlastname", "lastname", "surname", "familyname", NULL};
static const char *const PEOPLE[] = {"headteacher", "headteachername", "headname", "head",
                                     "principal",   "ceoname",         "ceo",      "contactname",
                                     "contact",     "fullname",        "name",     NULL};

typedef struct {
    guint filled, addresses, twins;
    gboolean has_blanks;
    GHashTable *values;
} Column;

typedef struct {
    char *file, *shown; /* to read, and as the config names it */
    char **names;
    guint width, rows;
    gboolean cut; /* it has more */
    Column *columns;
} Seen;

/* --- looking ---------------------------------------------------------------------------------- */

static void seen_free(Seen *self)
{
    if (!self)
        return;
    for (guint i = 0; i < self->width; i++)
        g_hash_table_unref(self->columns[i].values);
    g_free(self->columns);
    g_strfreev(self->names);
    g_free(self->file);
    g_free(self->shown);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Seen, seen_free)

static gboolean is_address(const char *cell)
{
    g_autofree char *bare = strchr(cell, '@') ? addresscell_bare(cell) : NULL;
    g_autoptr(Address) address = bare ? address_parse(bare, NULL) : NULL;
    return address != NULL;
}

static gboolean take_row(void *user, const SheetLine *at, char **cells, GError **error)
{
    Seen *self = user;
    (void)at;
    if (self->rows == GUESS_ROWS_MAX) {
        self->cut = TRUE;
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED, "enough");
        return FALSE;
    }
    self->rows++;
    for (guint i = 0; i < self->width; i++) {
        Column *column = &self->columns[i];
        if (!*cells[i])
            continue;
        column->filled++;
        column->addresses += is_address(cells[i]) ? 1 : 0;
        column->has_blanks |= strpbrk(cells[i], " \n") != NULL;
        column->twins += g_hash_table_add(column->values, g_strdup(cells[i])) ? 0 : 1;
    }
    return TRUE;
}

static Seen *look(const char *file, const char *shown, GError **error)
{
    SheetSpec spec = {.file = file, .shown = shown};
    g_autoptr(Findings) unheard = findings_new();
    g_autoptr(GError) inner = NULL;
    g_autoptr(Sheet) sheet = sheet_open(&spec, error);
    if (!sheet)
        return NULL;
    g_autoptr(Seen) self = g_new0(Seen, 1);
    self->file = g_strdup(file);
    self->shown = g_strdup(shown);
    self->names = g_strdupv((char **)sheet_columns(sheet));
    self->width = sheet_width(sheet);
    self->columns = g_new0(Column, self->width + 1);
    for (guint i = 0; i < self->width; i++)
        self->columns[i].values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!sheet_read(sheet, unheard, take_row, self, &inner) &&
        !g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_STOPPED)) {
        g_propagate_error(error, g_steal_pointer(&inner));
        return NULL;
    }
    return g_steal_pointer(&self);
}

/* --- judging ---------------------------------------------------------------------------------- */

static char *fold(const char *name)
{
    GString *kept = g_string_new(NULL);
    for (; *name; name++)
        if (g_ascii_isalnum(*name))
            g_string_append_c(kept, g_ascii_tolower(*name));
    return g_string_free(kept, FALSE);
}

/* Where a column stands in the list of names; its length when it doesn't. */
static guint rank(const char *name, const char *const *likely)
{
    g_autofree char *folded = fold(name);
    guint place = 0;
    while (likely[place] && strcmp(likely[place], folded) != 0)
        place++;
    return place;
}

static int find_likely(const Seen *self, const char *const *likely)
{
    int best = -1;
    guint best_rank = g_strv_length((char **)likely);
    for (guint i = 0; i < self->width; i++) {
        guint place = rank(self->names[i], likely);
        if (place < best_rank && self->columns[i].filled) {
            best = (int)i;
            best_rank = place;
        }
    }
    return best;
}

static gboolean is_unique(const Seen *self, guint column)
{
    return self->columns[column].filled == self->rows && !self->columns[column].twins;
}

static gboolean has_addresses(const Seen *self, guint column)
{
    const Column *one = &self->columns[column];
    return one->addresses && one->addresses * 2 >= one->filled;
}

/* The column that tells rows apart: by its name, or else by its look. -1 in a sheet without rows. */
static int find_key(const Seen *self)
{
    int best = -1;
    guint64 best_score = 0;
    for (guint i = 0; i < self->width && self->rows; i++) {
        const Column *one = &self->columns[i];
        guint64 score = is_unique(self, i) ? 1000000 : (guint64)(one->filled - one->twins) * 10;
        if (is_unique(self, i))
            score += 100 * (guint64)(G_N_ELEMENTS(KEYS) - 1 - rank(self->names[i], KEYS));
        score += (one->has_blanks ? 0 : 20) + (one->addresses ? 0 : 40);
        if (score > best_score) {
            best = (int)i;
            best_score = score;
        }
    }
    return best;
}

static int find_email(const Seen *self)
{
    int best = -1;
    for (guint i = 0; i < self->width; i++) {
        if (!has_addresses(self, i))
            continue;
        guint place = rank(self->names[i], EMAILS),
              best_place = best < 0 ? G_MAXUINT : rank(self->names[best], EMAILS);
        if (place < best_place ||
            (place == best_place && self->columns[i].addresses > self->columns[best].addresses))
            best = (int)i;
    }
    return best;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* A value of YAML: plain where that can be read as nothing else. */
static char *yaml(const char *text)
{
    static const char *const words[] = {"yes", "no",   "true", "false", "on",
                                        "off", "null", "y",    "n",     NULL};
    g_autofree char *lower = g_ascii_strdown(text, -1);
    gboolean plain = g_ascii_isalpha(*text) && !g_strv_contains(words, lower);
    for (const char *at = text; *at; at++)
        plain = plain && (g_ascii_isalnum(*at) || strchr("_-./ ", *at));
    if (plain && text[strlen(text) - 1] != ' ')
        return g_strdup(text);
    g_auto(GStrv) parts = g_strsplit(text, "'", -1);
    g_autofree char *doubled = g_strjoinv("''", parts);
    return g_strdup_printf("'%s'", doubled);
}

/* The file's name as that of a list. */
static char *list_name(const char *shown)
{
    g_autofree char *base = g_path_get_basename(shown);
    char *dot = strrchr(base, '.');
    if (dot && dot > base)
        *dot = '\0';
    GString *out = g_string_new(NULL);
    for (const char *at = base; *at; at++) {
        if (g_ascii_isalnum(*at))
            g_string_append_c(out, g_ascii_tolower(*at));
        else if (out->len && out->str[out->len - 1] != '-')
            g_string_append_c(out, '-');
    }
    while (out->len && out->str[out->len - 1] == '-')
        g_string_truncate(out, out->len - 1);
    if (!out->len || !g_ascii_isalpha(*out->str))
        g_string_prepend(out, out->len ? "list-" : "list");
    g_string_truncate(out, MIN(out->len, NAME_MAX_LENGTH));
    return g_string_free(out, FALSE);
}

static void write_line(GString *out, const char *line, const char *comment)
{
    gsize width = (gsize)g_utf8_strlen(line, -1);
    g_string_append(out, line);
    if (comment)
        g_string_append_printf(out, "%*s# %s", (int)(width < 32 ? 32 - width : 2), "", comment);
    g_string_append_c(out, '\n');
}

static void write_key(GString *out, const Seen *self, int key)
{
    g_autofree char *name = yaml(self->names[key]);
    g_autofree char *line = g_strdup_printf("    key: %s", name);
    const Column *one = &self->columns[key];
    g_autofree char *comment =
        is_unique(self, (guint)key)
            ? g_strdup_printf("%u rows, each with a value of its own", self->rows)
            : g_strdup_printf("not sure: of %u rows %u have none and %u one that stood before",
                              self->rows, self->rows - one->filled, one->twins);
    write_line(out, line, comment);
}

static void write_email(GString *out, const Seen *self, int email)
{
    g_autofree char *name = yaml(self->names[email]);
    g_autofree char *line = g_strdup_printf("    email: %s", name);
    g_autofree char *comment = g_strdup_printf("%u of %u rows have an address there",
                                               self->columns[email].addresses, self->rows);
    g_autoptr(GString) all = g_string_new(name);
    guint count = 1;
    write_line(out, line, comment);
    for (guint i = 0; i < self->width; i++) {
        g_autofree char *other = yaml(self->names[i]);
        if ((int)i == email || !has_addresses(self, i))
            continue;
        g_string_append_printf(all, ", %s", other);
        count++;
    }
    if (count > 1)
        g_string_append_printf(out, "    # email: [%s]   # a letter to each of them\n", all->str);
}

/* The name in To, from the columns of the sheets. */
static void write_name(GString *out, const Seen *self, const Seen *joined)
{
    const Seen *const sheets[] = {self, joined};
    for (guint i = 0; i < G_N_ELEMENTS(sheets) && sheets[i]; i++) {
        const Seen *sheet = sheets[i];
        int last = find_likely(sheet, LASTS), person = find_likely(sheet, PEOPLE);
        int parts[] = {find_likely(sheet, TITLES), find_likely(sheet, FIRSTS), last};
        g_autoptr(GString) template = g_string_new(NULL);
        for (guint part = 0; last >= 0 && part < G_N_ELEMENTS(parts); part++)
            if (parts[part] >= 0)
                g_string_append_printf(template, "%s{{%s}}", template->len ? " " : "",
                                       sheet->names[parts[part]]);
        if (last < 0 && person >= 0)
            g_string_append_printf(template, "{{%s}}", sheet->names[person]);
        if (!template->len)
            continue;
        g_autofree char *value = yaml(template->str);
        g_autofree char *line = g_strdup_printf("    name: %s", value);
        write_line(out, line, "in the To of the letter");
        return;
    }
    g_string_append(out, "    # name: '{{Title}} {{Surname}}'   # in the To of the letter\n");
}

static void write_caption(GString *out, CaptionKind kind, const char *what, const Seen *self)
{
    const char *column = caption_likely(kind, (const char *const *)self->names);
    g_autofree char *name = column ? yaml(column) : NULL;
    if (name)
        g_string_append_printf(out, "    # %s: %s   # is taken without being said\n", what, name);
}

/* --- what lies beside it ---------------------------------------------------------------------- */

typedef struct {
    Seen *sheet;
    guint on, matches; /* its column that both have; rows whose value stands in our key */
    gboolean is_one;   /* a row a value */
} Beside;

static void beside_free(gpointer data)
{
    Beside *self = data;
    seen_free(self->sheet);
    g_free(self);
}

static guint count_matches(const Seen *self, guint on, const Seen *other, guint other_on)
{
    GHashTableIter iter;
    gpointer value;
    guint count = 0;
    g_hash_table_iter_init(&iter, other->columns[other_on].values);
    while (g_hash_table_iter_next(&iter, &value, NULL))
        count += g_hash_table_contains(self->columns[on].values, value) ? 1 : 0;
    return count;
}

/* A sheet that has a column called as one of ours, with values of ours. */
static Beside *compare(const Seen *self, int key, Seen *other)
{
    for (guint i = 0; i < other->width; i++) {
        if (strcmp(self->names[key], other->names[i]) != 0)
            continue;
        guint matches = count_matches(self, (guint)key, other, i);
        if (!matches || matches * 2 < g_hash_table_size(other->columns[i].values))
            continue;
        Beside *found = g_new0(Beside, 1);
        *found = (Beside){other, i, matches, !other->columns[i].twins};
        return found;
    }
    seen_free(other);
    return NULL;
}

static gboolean is_sheet_name(const char *name)
{
    static const char *const endings[] = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".ods"};
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (guint i = 0; i < G_N_ELEMENTS(endings) && *name != '.' && *name != '~'; i++)
        if (g_str_has_suffix(lower, endings[i]))
            return TRUE;
    return FALSE;
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *in_folder(const char *folder, const char *name)
{
    return strcmp(folder, ".") == 0 ? g_strdup(name) : g_build_filename(folder, name, NULL);
}

/* Those of the same folder that go with it; of Beside. */
static GPtrArray *look_beside(const Seen *self, int key)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(beside_free);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_path_get_dirname(self->file),
                    *shown_folder = g_path_get_dirname(self->shown),
                    *own = g_path_get_basename(self->file);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (is_sheet_name(name) && strcmp(name, own) != 0 && g_utf8_validate(name, -1, NULL))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    for (guint i = 0; i < MIN(names->len, GUESS_FILES_MAX); i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *path = g_build_filename(folder, name, NULL),
                        *shown = in_folder(shown_folder, name);
        Seen *other = look(path, shown, NULL); /* what can't be read is no proposal */
        Beside *one = other ? compare(self, key, other) : NULL;
        if (one)
            g_ptr_array_add(found, one);
    }
    return found;
}

/* The one to join for the addresses that the sheet itself has none of. */
static const Beside *find_needed(const GPtrArray *beside)
{
    for (guint i = 0; i < beside->len; i++) {
        const Beside *one = g_ptr_array_index(beside, i);
        if (one->is_one && find_email(one->sheet) >= 0)
            return one;
    }
    return NULL;
}

static void write_join(GString *out, const Seen *self, const Beside *one, const char *mark)
{
    g_autofree char *file = yaml(one->sheet->shown), *on = yaml(one->sheet->names[one->on]);
    g_autofree char *line = g_strdup_printf("    %sjoin: {file: %s, on: %s}", mark, file, on);
    g_autofree char *comment =
        g_strdup_printf("%u of %u rows have a row there", one->matches, self->rows);
    write_line(out, line, comment);
}

static void write_rows(GString *out, const GPtrArray *beside)
{
    for (guint i = 0; i < beside->len; i++) {
        const Beside *one = g_ptr_array_index(beside, i);
        if (one->is_one)
            continue;
        g_autofree char *name = list_name(one->sheet->shown),
                        *on = yaml(one->sheet->names[one->on]);
        g_autofree char *file = yaml(one->sheet->shown);
        g_string_append_printf(out,
                               "    # many:   # several rows of %s belong to one of these: with it "
                               "in lists:, a section {{#%s}}\n    #   %s: {list: %s, on: %s}\n",
                               file, name, name, name, on);
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static void write_all(GString *out, const Seen *self, int key, int email, const GPtrArray *beside)
{
    g_autofree char *name = list_name(self->shown), *file = yaml(self->shown);
    const Beside *needed = email < 0 ? find_needed(beside) : NULL;
    g_string_append_printf(
        out,
        "# What %s most likely is (%s%u rows, %u columns). Look it through, and put it into the\n"
        "# config: under the lists: and audiences: that stand there, if there are any.\n"
        "lists:\n  %s:\n    file: %s\n",
        self->shown, self->cut ? "the first " : "", self->rows, self->width, name, file);
    for (guint i = 0; i < beside->len; i++) {
        const Beside *one = g_ptr_array_index(beside, i);
        if (one == needed || (one->is_one && !needed))
            write_join(out, self, one, one == needed ? "" : "# ");
    }
    g_string_append_printf(out, "audiences:\n  %s:\n    list: %s\n", name, name);
    write_key(out, self, key);
    write_email(out, needed ? needed->sheet : self, needed ? find_email(needed->sheet) : email);
    write_name(out, self, needed ? needed->sheet : NULL);
    write_caption(out, CAPTION_LABEL, "label", self);
    write_caption(out, CAPTION_PHONE, "phone", self);
    g_string_append(out, "    # where: Phase = 'Primary'   # whom of them, circular-config(5)\n");
    write_rows(out, beside);
}

char *guess_config(const char *file, const char *shown, GError **error)
{
    g_autoptr(Seen) self = look(file, shown, error);
    if (!self)
        return NULL;
    int key = find_key(self), email = find_email(self);
    if (key < 0) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA, "%s: has no rows", shown);
        return NULL;
    }
    g_autoptr(GPtrArray) beside = look_beside(self, key);
    if (email < 0 && !find_needed(beside)) {
        g_autofree char *names = g_strjoinv(", ", self->names);
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA,
                    "%s: no column holds e-mail addresses, and no sheet in its folder that has the "
                    "same '%s' does (the columns are: %s)",
                    shown, self->names[key], names);
        return NULL;
    }
    GString *out = g_string_new(NULL);
    write_all(out, self, key, email, beside);
    return g_string_free(out, FALSE);
}
