/* schema_write - circular-config(5) and config.example, written from the table of keys */
#include "config/schema.h"
#include "config/schema_prose.h"

#include <string.h>

enum { MAN_COLUMNS = 78, EXAMPLE_COLUMNS = 96 };

/* The chapters of both, each up to the key that begins the next. */
static const struct {
    const char *first, *title;
    const char *about; /* a sentence or two, or NULL */
} chapters[] = {
    {"office.name", "The office", NULL},
    {"from", "Letters", NULL},
    {"transport", "Where letters go",
     "As it comes, circular mails nobody: it writes every letter into a folder."},
    {"bounce.address", "What comes back", NULL},
    {"oauth2.preset", "Access tokens",
     "Microsoft 365 and Google let programs sign in with access tokens in place of passwords."},
    {"check.private_links", "Before it leaves", NULL},
    {"lists.*.file", "Lists",
     "Under lists stand the CSV files, each below a name of its own: up to 64 letters, digits, _ "
     "and -."},
    {"audiences.*.title", "Audiences",
     "Under audiences stand those that a letter can go to, each below a name of its own. An "
     "audience is taken from a list."},
    {"digests.*.title", "Digests",
     "Under digests stand those that 'circular digest' makes of notices, each below a name of its "
     "own."},
};

static gboolean is_starred(const SchemaKey *row)
{
    return strchr(row->key, '*') != NULL;
}

/* The default, or what happens without one, as a sentence; newly allocated. */
static char *default_sentence(const SchemaKey *row)
{
    const char *star = strrchr(row->key, '*'),
               *dot = star && star[1] ? strchr(star + 2, '.') : NULL;
    if (row->required && dot) /* in a group that itself may be left out */
        return g_strdup_printf("Required where there is a %.*s.", (int)(dot - star - 2), star + 2);
    if (row->required)
        return g_strdup("Required.");
    if (row->value)
        return g_strdup_printf("The default is %s.", row->value);
    if (row->otherwise)
        return g_strdup_printf("When it is not set: %s.", row->otherwise);
    return g_strdup("");
}

/* Appends the words of a text, wrapped, each line after `prefix`. Without a prefix it is mdoc,
 * which wants each sentence to begin a line. */
static void append_words(GString *out, const char *prefix, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    gboolean mdoc = !*prefix, ended = FALSE;
    gsize column = 0, columns = mdoc ? MAN_COLUMNS : EXAMPLE_COLUMNS;
    for (char **word = words; *word; word++) {
        gsize length = strlen(*word);
        if (!length)
            continue;
        gboolean fresh = !column || ended || column + 1 + length > columns;
        if (fresh) {
            g_string_append_printf(out, "%s%s", column ? "\n" : "", prefix);
            column = strlen(prefix);
            if (mdoc && strchr(".'", **word))
                g_string_append(out, "\\&"); /* else it would be a macro */
        } else {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append(out, *word);
        column += length;
        ended = mdoc && (*word)[length - 1] == '.';
    }
    if (column)
        g_string_append_c(out, '\n');
}

/* ---- the manual page ---- */

static const char man_head[] =
    ".Dd November 23, 2026\n"
    ".Dt CIRCULAR-CONFIG 5\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm circular-config\n"
    ".Nd the configuration of a workspace of circular\n"
    ".Sh DESCRIPTION\n"
    ".Xr circular 1\n"
    "reads the file\n"
    ".Pa config\n"
    "of the current folder, or the one that\n"
    ".Fl -config\n"
    "names.\n"
    "It is written in a plain part of YAML: names with values, one a line,\n"
    "and groups of them indented by blanks.\n"
    "Below, the levels of a name are joined by dots:\n"
    ".Va relay.host\n"
    "is the line\n"
    ".Ql host:\\&\n"
    "indented under\n"
    ".Ql relay:\\& .\n"
    "A\n"
    ".Va *\n"
    "stands for a name that you choose.\n"
    ".Pp\n"
    "A key that is misspelt, of the wrong kind or out of range is an error\n"
    "that names the line, and nothing is sent.\n"
    "Every value is a text until its key says otherwise:\n"
    ".Ql no\n"
    "is the word no.\n"
    "A value that begins with\n"
    ".Ql {{ ,\n"
    "or holds\n"
    ".Ql \": \"\n"
    "or\n"
    ".Ql \" #\" ,\n"
    "must stand in quotes.\n"
    "Anchors, aliases, tags, merge keys and several documents are refused.\n"
    ".Pp\n"
    "Relative paths begin at the folder of the configuration,\n"
    ".Pa ~/\n"
    "is your home folder.\n"
    ".Sh KEYS\n";

static const char man_tail[] = ".Sh FILES\n"
                               ".Bl -tag -width Ds\n"
                               ".It Pa config.example\n"
                               "Every key with its default; what\n"
                               ".Ql circular init\n"
                               "copies.\n"
                               ".El\n"
                               ".Sh EXAMPLES\n"
                               "The least that sends a list through Microsoft 365:\n"
                               ".Bd -literal -offset indent\n"
                               "from: Director of Schools <schools@northmere.example.org>\n"
                               "transport: relay\n"
                               "relay:\n"
                               "  host: smtp.office365.com\n"
                               "  user: schools@northmere.example.org\n"
                               "oauth2:\n"
                               "  preset: microsoft365\n"
                               "  tenant: northmere.example.org\n"
                               "  client_id: 00001111-aaaa-2222-bbbb-3333cccc4444\n"
                               "  client_secret_file: client.secret\n"
                               "lists:\n"
                               "  schools:\n"
                               "    file: lists/schools.csv\n"
                               "audiences:\n"
                               "  heads:\n"
                               "    list: schools\n"
                               "    key: URN\n"
                               "    email: HeadEmail\n"
                               ".Ed\n"
                               ".Sh SEE ALSO\n"
                               ".Xr circular 1\n";

void schema_write_man(GString *out)
{
    guint chapter = 0;
    g_string_append(out, man_head);
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        if (chapter < G_N_ELEMENTS(chapters) && g_str_equal(row->key, chapters[chapter].first)) {
            g_string_append_printf(out, "%s.Ss %s\n", chapter ? ".El\n" : "",
                                   chapters[chapter].title);
            if (chapters[chapter].about)
                append_words(out, "", chapters[chapter].about);
            g_string_append(out, ".Bl -tag -width Ds\n");
            chapter++;
        }
        g_autofree char *wants = schema_wants(row);
        g_autofree char *takes = g_strdup_printf("Takes %s.", wants);
        g_autofree char *unset = default_sentence(row);
        g_string_append_printf(out, ".It Va %s\n", row->key);
        append_words(out, "", row->help);
        append_words(out, "", takes);
        append_words(out, "", unset);
        if (row->more)
            append_words(out, "", row->more);
    }
    g_string_append(out, ".El\n");
    g_assert_cmpuint(chapter, ==, G_N_ELEMENTS(chapters));
    g_string_append(out, SCHEMA_OAUTH2_MAN);
    g_string_append(out, SCHEMA_EXPRESSIONS);
    g_string_append(out, man_tail);
}

/* ---- config.example ---- */

static const char example_head[] =
    "# The configuration of a workspace of circular. 'circular init FOLDER' copies it there as\n"
    "# 'config'; circular-config(5) says more about every key.\n"
    "#\n"
    "# A line such as '#lang: en-GB' is a key at its default: remove the '#' and change it. "
    "Indent\n"
    "# with blanks, not tabs. A value that begins with {{, or holds ': ' or ' #', stands in "
    "quotes.\n"
    "# A misspelt key is an error that names its line, and nothing is sent.\n";

static const char example_lists[] =
    "lists:\n"
    "  schools:\n"
    "    file: lists/schools.csv\n"
    "  trusts:\n"
    "    file: lists/trusts.csv\n"
    "  # The register of schools has no addresses: they are joined\n"
    "  # from a sheet of your own.\n"
    "  #register:\n"
    "  #  file: lists/edubasealldata.csv\n"
    "  #  join:\n"
    "  #    file: lists/addresses.csv\n"
    "  #    on: URN\n";

static const char example_audiences[] = "audiences:\n"
                                        "  heads:\n"
                                        "    title: Headteachers\n"
                                        "    list: schools\n"
                                        "    key: URN\n"
                                        "    email: HeadEmail\n"
                                        "    name: \"{{head_name}}\"\n"
                                        "    where: Status = 'Open'\n"
                                        "    fields: &\n"
                                        "  primary-heads:\n"
                                        "    title: Headteachers of primary schools\n"
                                        "    list: schools\n"
                                        "    key: URN\n"
                                        "    email: HeadEmail\n"
                                        "    name: \"{{head_name}}\"\n"
                                        "    where: Status = 'Open' AND Phase = 'Primary'\n"
                                        "    fields: &\n"
                                        "  trust-ceos:\n"
                                        "    title: Chief executives of trusts\n"
                                        "    list: trusts\n"
                                        "    key: TrustCode\n"
                                        "    email: CEOEmail\n"
                                        "    name: \"{{CEOName}}\"\n"
                                        "    fields:\n"
                                        "      head_name: \"{{CEOName}}\"\n"
                                        "      trust_name: \"{{TrustName}}\"\n"
                                        "      trust_code: \"{{TrustCode}}\"\n"
                                        "    many:\n"
                                        "      schools:\n"
                                        "        list: schools\n"
                                        "        on: TrustCode\n"
                                        "        where: Status = 'Open'\n"
                                        "        order: [Phase, SchoolName]\n"
                                        "      primaries:\n"
                                        "        list: schools\n"
                                        "        on: TrustCode\n"
                                        "        where: Status = 'Open' AND Phase = 'Primary'\n"
                                        "        order: SchoolName\n"
                                        "      secondaries:\n"
                                        "        list: schools\n"
                                        "        on: TrustCode\n"
                                        "        where: Status = 'Open' AND Phase = 'Secondary'\n"
                                        "        order: SchoolName\n";

/* The fields of both audiences of schools; YAML's own way of saying it once is what we refuse. */
static const char example_fields[] =
    "\n"
    "      urn: \"{{URN}}\"\n"
    "      school_name: \"{{SchoolName}}\"\n"
    "      phase: \"{{Phase}}\"\n"
    "      ward: \"{{Ward}}\"\n"
    "      trust_name: \"{{TrustName}}\"\n"
    "      head_name: \"{{#HeadLastName}}{{HeadTitle}} {{HeadLastName}}{{/HeadLastName}}\"\n"
    "    flags:\n"
    "      primary: Phase = 'Primary'\n"
    "      in_trust: TrustCode <> ''";

/* "# Who writes. (starttls, tls, none)". */
static void example_help(GString *out, const char *indent, const SchemaKey *row)
{
    g_autofree char *words = row->words ? g_strjoinv(" ", (char **)row->words) : NULL;
    g_autofree char *prefix = g_strconcat(indent, "# ", NULL);
    g_autofree char *choice = words ? g_strdup_printf(" One of: %s", words) : NULL;
    g_autofree char *unset = row->value ? NULL : g_strdup_printf(" Unset: %s.", row->otherwise);
    g_autofree char *text = g_strconcat(row->help, choice ? choice : "", unset ? unset : "", NULL);
    append_words(out, prefix, text);
}

/* A key of fixed name: its help, and its line, commented out where it stands at its default. */
static void example_key(GString *out, const SchemaKey *row, const char **group)
{
    const char *dot = strchr(row->key, '.'), *name = dot ? dot + 1 : row->key;
    g_autofree char *parent = dot ? g_strndup(row->key, (gsize)(dot - row->key)) : g_strdup("");
    const char *indent = dot ? "  " : "";
    if (!g_str_equal(parent, *group) && dot)
        g_string_append_printf(out, "\n%s:\n", parent);
    else if (!dot)
        g_string_append_c(out, '\n');
    *group = g_intern_string(parent);
    example_help(out, indent, row);
    g_string_append_printf(out, "%s%s%s: %s\n", indent, row->active ? "" : "#", name,
                           row->value ? row->value : row->sample);
}

/* The keys below a free name, as a table in comments. */
static void example_table(GString *out, const SchemaKey *row, const char *level)
{
    g_string_append(out, "#\n");
    for (; row->key && g_str_has_prefix(row->key, level); row++) {
        const char *name = row->key + strlen(level);
        g_autofree char *unset = default_sentence(row);
        g_autofree char *words = row->words ? g_strjoinv(" ", (char **)row->words) : NULL;
        g_autofree char *text =
            g_strdup_printf("%s%s%s%s%s %s", row->help, words ? " One of: " : "",
                            words ? words : "", words ? "." : "", "", unset);
        g_string_append_printf(out, "#   %s\n", name);
        append_words(out, "#       ", text);
    }
    g_string_append_c(out, '\n');
}

static void example_chapter(GString *out, guint chapter)
{
    g_string_append_printf(out, "\n# ---- %s ----\n", chapters[chapter].title);
    if (chapters[chapter].about)
        append_words(out, "# ", chapters[chapter].about);
}

void schema_write_example(GString *out)
{
    guint chapter = 0;
    const char *group = "";
    gboolean in_table = FALSE;
    g_string_append(out, example_head);
    for (const SchemaKey *row = schema_keys(); row->key; row++) {
        if (chapter < G_N_ELEMENTS(chapters) && g_str_equal(row->key, chapters[chapter].first)) {
            example_chapter(out, chapter++);
            in_table = FALSE;
        }
        if (!is_starred(row)) {
            example_key(out, row, &group);
        } else if (!in_table) {
            g_autofree char *level = g_strndup(row->key, strcspn(row->key, "*") + 2);
            const char *text = *row->key == 'l'   ? example_lists
                               : *row->key == 'd' ? SCHEMA_DIGEST_SAMPLE
                                                  : example_audiences;
            g_autoptr(GString) sample = g_string_new(text);
            example_table(out, row, level);
            g_string_replace(sample, " &", example_fields, 0);
            g_string_append(out, sample->str);
            in_table = TRUE;
        }
    }
}
