/* flags: what a yes or no is asked of, how it reaches a letter, and what is wrong with one */
#include "list/flags.h"

#include "base/error.h"
#include "list/audience.h"
#include "where/where.h"
#include "sheetfile.h"

static const char list[] = "URN,Email,Phase,Pupils,Age range\n"
                           "1,a@example.org,Primary,210,3-11\n"
                           "2,b@example.org,Secondary,1200,11-18\n"
                           "3,c@example.org,,,\n";

static const FieldSpec fields[] = {
    {"phase", "<{{Phase}}>", 20}, /* hidden from SQL by the column Phase */
    {"size", "{{#Pupils}}{{Pupils}} pupils{{/Pupils}}", 21},
    {NULL, NULL, 0},
};

static Audience *open_with(const SheetFolder *folder, const FlagSpec *flags, Findings *findings,
                           GError **error)
{
    g_autofree char *path = sheetfile_write(folder, "x.csv", list);
    AudienceSpec spec = {.name = "heads",
                         .sheet = {.file = path, .shown = "x.csv"},
                         .key = "URN",
                         .email = (const char *const[]){"Email", NULL},
                         .to_name = "{{#big}}big {{/big}}{{URN}}",
                         .fields = fields,
                         .flags = flags,
                         .config_file = "config"};
    return audience_open(&spec, findings, error);
}

/* "101": a flag's answers for all recipients. */
static char *answers(Audience *audience, const char *flag)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    audience_rewind(audience);
    for (const Recipient *to; (to = audience_next(audience, &error));) {
        const Value *value = value_get(to->fields, flag);
        g_assert_cmpint(value_kind(value), ==, VALUE_FLAG);
        g_string_append_c(out, value_is_true(value) ? '1' : '0');
    }
    g_assert_no_error(error);
    return g_string_free(out, FALSE);
}

static void test_answers(SheetFolder *folder, gconstpointer data)
{
    static const struct {
        FlagSpec spec;
        const char *answers;
    } cases[] = {
        {{"primary", "Phase = 'Primary'", "config", 30, FALSE, FALSE}, "100"},
        {{"again", "phase = 'Primary'", "config", 31, FALSE, FALSE},
         "100"}, /* the column, not the field */
        {{"big", "Pupils > 1000", "config", 32, FALSE, FALSE}, "010"},
        {{"nothing", "NULL", "config", 33, FALSE, FALSE}, "000"},
        {{"all", "1", "config", 34, FALSE, FALSE}, "111"},
        {{"sized", "size LIKE '% pupils'", "config", 35, FALSE, FALSE}, "110"},
        {{"ages", "\"Age range\" <> ''", "config", 36, FALSE, FALSE}, "110"},
        {{"unknown", "Phase = '' AND size = ''", "config", 37, FALSE, FALSE}, "001"},
    };
    FlagSpec specs[G_N_ELEMENTS(cases) + 1] = {0};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        specs[i] = cases[i].spec;
    g_autoptr(Audience) audience = open_with(folder, specs, findings, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < findings_kept(findings); i++)
        g_test_message("%s", findings_get(findings, i)->text);
    g_assert_cmpuint(findings_kept(findings), ==, 1); /* the third has no number of pupils */
    g_assert_cmpstr(findings_get(findings, 0)->id, ==, "unknown-cell");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = answers(audience, cases[i].spec.name);
        g_assert_cmpstr(got, ==, cases[i].answers);
    }
    audience_seek(audience, "2");
    const Recipient *to = audience_next(audience, &error);
    g_assert_cmpstr(to->name, ==, "big 2");
    g_autofree char *frozen = value_freeze(to->fields, (const char *const[]){"all", "big", NULL});
    g_assert_cmpstr(frozen, ==, "d3:alli1e3:bigi1ee");
}

static void test_kinds(SheetFolder *folder, gconstpointer data)
{
    static const FlagSpec specs[] = {{"big", "Pupils > 1000", "config", 30, FALSE, FALSE}, {0}};
    g_autoptr(Findings) findings = findings_new();
    (void)data;
    g_autoptr(Audience) audience = open_with(folder, specs, findings, NULL);
    g_autofree char *names = g_strjoinv(",", (char **)audience_fields(audience));
    g_assert_cmpstr(names, ==, "URN,Email,Phase,Pupils,Age range,phase,size,big");
    FieldKind kind = FIELD_COLUMN;
    g_assert_true(audience_field_kind(audience, "big", &kind));
    g_assert_cmpint(kind, ==, FIELD_FLAG);
    g_assert_true(audience_field_kind(audience, "size", &kind));
    g_assert_cmpint(kind, ==, FIELD_DERIVED);
    g_assert_true(audience_field_kind(audience, "URN", &kind));
    g_assert_cmpint(kind, ==, FIELD_COLUMN);
    g_assert_false(audience_field_kind(audience, "bog", &kind));
    Recipient first;
    g_assert_cmpuint(audience_without(audience, "big", &first, NULL), ==, 0);
    g_assert_cmpuint(audience_without(audience, "size", &first, NULL), ==, 1);
}

static void test_names(SheetFolder *folder, gconstpointer data)
{
    static const FlagSpec specs[] = {
        {"Phase", "1", "config", 30, FALSE, FALSE}, {"size", "1", "notices/a.md", 3, TRUE, FALSE},
        {"big", "1", "config", 32, FALSE, FALSE},   {"big", "0", "config", 33, FALSE, FALSE},
        {"a.b", "0", "config", 34, FALSE, FALSE},   {0}};
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GString) said = g_string_new(NULL);
    (void)data;
    g_autoptr(Audience) audience = open_with(folder, specs, findings, NULL);
    g_assert_nonnull(audience);
    for (guint i = 0; i < findings_kept(findings); i++) {
        g_autofree char *text = finding_text(findings_get(findings, i));
        g_string_append_printf(said, "%s\n", text);
    }
    g_assert_cmpstr(
        said->str, ==,
        "config:30: error: 'Phase' is the name of a column already: give the field another "
        "[field-name]\n"
        "notices/a.md:3: error: 'size' is the name of a field already: give the field another "
        "[field-name]\n"
        "config:33: error: 'big' is the name of a flag already: give the field another "
        "[field-name]\n"
        "config:34: error: no template can name a field 'a.b': leave out '.', '{', '}', blanks "
        "around it and a sign before it [field-name]\n");
    g_autofree char *got = answers(audience, "big");
    g_assert_cmpstr(got, ==, "111");
}

/* An expression of the config that is broken stops everything; a notice's is a finding. */
static void test_broken(SheetFolder *folder, gconstpointer data)
{
    static const FlagSpec hard[] = {{"good", "1", "config", 30, FALSE, FALSE},
                                    {"bad", "Phse = 'Primary'", "config", 31, FALSE, FALSE},
                                    {0}};
    static const FlagSpec soft[] = {
        {"a", "Phse = 'Primary'", "notices/a.md", 4, TRUE, FALSE},
        {"b", "Phse = 'Primary'", "notices/b.md", 5, TRUE, FALSE},
        {"c", "Pupils > 100", "notices/c.md", 6, TRUE, FALSE},
        {"d", "Phase LIKE 'x' ESCAPE Phase", "notices/d.md", 7, TRUE, FALSE},
        {0}};
    static const FlagSpec late[] = {{"d", "Phase LIKE 'x' ESCAPE Phase", "config", 7, FALSE, FALSE},
                                    {0}};
    g_autoptr(Findings) none = findings_new();
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    (void)data;
    g_assert_null(open_with(folder, hard, none, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_assert_cmpstr(error->message, ==,
                    "config:31: flag 'bad': no such column: 'Phse' (did you mean Phase?): write "
                    "Phase = 'Primary'");
    g_clear_error(&error);
    g_assert_null(open_with(folder, late, none, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    g_assert_true(g_str_has_prefix(error->message, "config:7: flag 'd': fails at x.csv:2: "));
    g_clear_error(&error);

    g_autoptr(Audience) audience = open_with(folder, soft, findings, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(findings_count_id(findings, "bad-flag"), ==, 3);
    for (guint i = 0; i < 3; i++) {
        static const char *const files[] = {"notices/a.md", "notices/b.md", "notices/d.md"};
        static const guint lines[] = {4, 5, 7};
        const Finding *finding = findings_get(findings, i);
        g_assert_cmpstr(finding->file, ==, files[i]);
        g_assert_cmpuint(finding->line, ==, lines[i]);
        g_assert_cmpint(finding->severity, ==, FINDING_ERROR);
        g_assert_true(g_str_has_prefix(finding->text, "flag '"));
    }
    for (const char *name = "abcd"; *name; name++) {
        const char flag[] = {*name, '\0'};
        g_autofree char *got = answers(audience, flag);
        g_assert_cmpstr(got, ==, *name == 'c' ? "110" : "000");
    }
}

/* So many flags, each with an expression of its own or all with one. */
static Audience *open_many(const SheetFolder *folder, guint count, gboolean alike, GError **error)
{
    g_autoptr(GArray) specs = g_array_new(TRUE, TRUE, sizeof(FlagSpec));
    g_autoptr(GStringChunk) texts = g_string_chunk_new(4096);
    g_autoptr(Findings) findings = findings_new();
    for (guint i = 0; i < count; i++) {
        g_autofree char *name = g_strdup_printf("flag%u", i);
        g_autofree char *expression =
            alike ? g_strdup("Pupils > 1000") : g_strdup_printf("Pupils > 1000 OR URN = %u", i);
        FlagSpec spec = {g_string_chunk_insert(texts, name),
                         g_string_chunk_insert(texts, expression),
                         "notices/x.md",
                         i + 1,
                         TRUE,
                         FALSE};
        g_array_append_val(specs, spec);
    }
    return open_with(folder, (const FlagSpec *)(void *)specs->data, findings, error);
}

static void test_limit(SheetFolder *folder, gconstpointer data)
{
    static const guint counts[] = {FLAGS_MAX - 1, FLAGS_MAX, FLAGS_MAX + 1};
    (void)data;
    for (guint i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Audience) audience = open_many(folder, counts[i], TRUE, &error);
        if (i == 2) {
            g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
            g_assert_cmpstr(error->message, ==,
                            "notices/x.md:1001: flag 'flag1000': an audience can have 1000 flags");
        } else {
            g_assert_no_error(error);
            g_autofree char *got = answers(audience, "flag998");
            g_assert_cmpstr(got, ==, "010");
        }
    }
}

static void test_distinct(SheetFolder *folder, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    g_autoptr(Audience) audience = open_many(folder, 500, FALSE, &error);
    g_assert_no_error(error);
    g_autofree char *third = answers(audience, "flag3");
    g_assert_cmpstr(third, ==, "011");
    g_autofree char *other = answers(audience, "flag499");
    g_assert_cmpstr(other, ==, "010");
}

/* All expressions draw on one purse: a spent one stops the next. */
static void test_purse(void)
{
    static const char *const columns[] = {"a", NULL};
    static const char slow[] =
        "length(replace(replace(replace(a, 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa'), 'a', 'b')) > 0";
    char *cells[] = {g_strnfill(100, 'a')};
    WherePurse purse = {.budget = 1};
    WhereSpec spec = {.expression = "a = 'b'", .columns = columns, .file = "x", .purse = &purse};
    g_autoptr(GError) error = NULL;
    gboolean matches;
    g_autoptr(Where) quick = where_new(&spec, NULL);
    if (quick) { /* compiled before the clock could be asked */
        purse.spent = 2 + WHERE_ROW_MICROSECONDS;
        g_assert_false(where_matches(quick, cells, "x.csv", 2, &matches, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
        g_clear_error(&error);
    }
    WherePurse ample = {0};
    spec.purse = &ample;
    spec.expression = slow;
    g_autoptr(Where) where = where_new(&spec, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < 3; i++)
        g_assert_true(where_matches(where, cells, "x.csv", 2, &matches, &error));
    g_assert_cmpint(ample.rows, ==, 3 * WHERE_ROW_MICROSECONDS);
    g_assert_cmpint(ample.spent, >, 0);
    g_free(cells[0]);
}

#define ADD(path, test)                                                                            \
    g_test_add(path, SheetFolder, NULL, sheetfile_setup, test, sheetfile_teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/flags/answers", test_answers);
    ADD("/flags/kinds", test_kinds);
    ADD("/flags/names", test_names);
    ADD("/flags/broken", test_broken);
    ADD("/flags/limit", test_limit);
    ADD("/flags/distinct", test_distinct);
    g_test_add_func("/flags/purse", test_purse);
    return g_test_run();
}
