/* many: whose rows, in which order, and what is said of those that are left over */
#include "list/child_rows.h"

#include "base/error.h"
#include "list/audience.h"
#include "list/sortkey.h"
#include "sheetfile.h"

static const char trusts[] = "Code,Email,Name\n"
                             "T1,a@example.org,One\n"
                             "T2,b@example.org,Two\n"
                             "T3,c@example.org,Three\n"
                             "T4,,Four\n";

static const char schools[] = "URN,Trust,Name,Pupils,Joined,Status\n"
                              "1,T1,Birch,90,01/09/2021,Open\n"
                              "2,T2,Ash,1200,31/08/2019,Open\n"
                              "3,T1,ash 10,1200,02/01/2020,Open\n"
                              "4,T1,Ash 9,,,Open\n"
                              "5,T1,Élan,200,01-09-2018,Closed\n"
                              "6,,Alone,100,,Open\n"
                              "7,T9,Lost,100,,Open\n"
                              "8,T4,Unseen,100,,Open\n";

static ChildRowsSpec base_spec(void)
{
    return (ChildRowsSpec){
        .name = "schools",
        .list = {.sheet = {.shown = "y.csv"}, .owner = "audience 'ceos'", .config_file = "config"},
        .on = "Trust",
        .match = "Code",
        .config_file = "config",
        .line = 20,
        .on_line = 21,
        .match_line = 22,
        .where_line = 23,
        .order_line = 24};
}

static Audience *open_lists(const SheetFolder *folder, ChildRowsSpec many, const char *list,
                            const char *rows, Findings *findings, GError **error)
{
    g_autofree char *path = sheetfile_write(folder, "x.csv", list);
    g_autofree char *other = sheetfile_write(folder, "y.csv", rows);
    many.list.sheet.file = other;
    ChildRowsSpec specs[] = {many, {0}};
    AudienceSpec spec = {.name = "ceos",
                         .sheet = {.file = path, .shown = "x.csv"},
                         .key = "Code",
                         .email = (const char *const[]){"Email", NULL},
                         .to_name = "{{Name}}",
                         .many = specs,
                         .config_file = "config"};
    return audience_open(&spec, findings, error);
}

/* "T1: 1 3 4, T2: 2, ": the URNs of each. */
static char *rows_of_all(Audience *audience)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    for (const Recipient *to; (to = audience_next(audience, &error));) {
        const Value *rows = value_get(to->fields, "schools");
        g_string_append_printf(out, "%s:", to->key);
        g_assert_cmpint(value_kind(rows), ==, VALUE_LIST);
        for (guint i = 0; i < value_length(rows); i++)
            g_string_append_printf(out, " %s", value_text(value_get(value_at(rows, i), "URN")));
        g_string_append(out, ", ");
    }
    g_assert_no_error(error);
    return g_string_free(out, FALSE);
}

static char *findings_of(const Findings *findings)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < findings_kept(findings); i++) {
        g_autofree char *text = finding_text(findings_get(findings, i));
        g_string_append_printf(out, "%s\n", text);
    }
    return g_string_free(out, FALSE);
}

static void test_groups(SheetFolder *folder, gconstpointer data)
{
    g_autoptr(Findings) findings = findings_new();
    g_autoptr(GError) error = NULL;
    (void)data;
    g_autoptr(Audience) audience =
        open_lists(folder, base_spec(), trusts, schools, findings, &error);
    g_assert_no_error(error);
    g_autofree char *got = rows_of_all(audience);
    g_assert_cmpstr(got, ==, "T1: 1 3 4 5, T2: 2, T3:, ");
    audience_seek(audience, "T2");
    g_autofree char *one = rows_of_all(audience);
    g_assert_cmpstr(one, ==, "T2: 2, ");
    g_autofree char *said = findings_of(findings);
    g_assert_cmpstr(
        said, ==,
        "x.csv:5: warning: no address in 'Email' [no-address]\n"
        "y.csv:8: warning: 'schools': rows that belong to no recipient: 2 of 7; the first is of "
        "'T9' [many-unused]\n"
        "y.csv:7: note: 'schools': rows without a value in 'Trust' belong to nobody: 1 "
        "[many-empty]\n"
        "config:20: note: 'schools': recipients without rows: 1 of 3; the first is T3 "
        "[many-none]\n");
    ChildRows *many = audience_many(audience, "schools");
    g_assert_nonnull(many);
    g_assert_null(audience_many(audience, "Name"));
    g_assert_cmpuint(child_rows_counts(many)->rows, ==, 5);
    g_assert_cmpuint(child_rows_counts(many)->most, ==, 4);
    g_assert_cmpuint(child_rows_counts(many)->without, ==, 1);
    ChildRowsPlace first;
    g_assert_cmpuint(child_rows_without(many, "Pupils", &first, NULL), ==, 1);
    g_assert_cmpuint(first.at.line, ==, 5);
    g_assert_cmpstr(first.value, ==, "T1");
    g_assert_cmpuint(child_rows_without(many, "Name", &first, NULL), ==, 0);
    g_assert_cmpuint(child_rows_without(many, "Nme", &first, NULL), ==, 5);
    Recipient without;
    g_assert_cmpuint(audience_without(audience, "schools", &without, NULL), ==, 1);
    g_assert_cmpstr(without.key, ==, "T3");
}

static void test_orders(SheetFolder *folder, gconstpointer data)
{
    static const struct {
        const char *where, *order[CHILD_ROWS_ORDER_MAX + 1], *rows;
    } cases[] = {
        {NULL, {"Name"}, "T1: 4 3 1 5, "},
        {NULL, {"Name desc"}, "T1: 5 1 3 4, "},
        {NULL, {"Name DESC"}, "T1: 5 1 3 4, "},
        {NULL, {"Pupils"}, "T1: 4 1 5 3, "},
        {NULL, {"Pupils desc", "Name"}, "T1: 3 5 1 4, "},
        {NULL, {"Joined"}, "T1: 4 5 3 1, "},
        {NULL, {"Joined asc"}, "T1: 4 5 3 1, "},
        {NULL, {"Status", "Name"}, "T1: 5 4 3 1, "},
        {NULL, {"Status desc", "Joined desc"}, "T1: 1 3 4 5, "},
        {NULL, {"length(Name)", "URN desc"}, "T1: 5 4 1 3, "},
        {NULL, {"CASE Status WHEN 'Closed' THEN 0 ELSE 1 END", "URN"}, "T1: 5 1 3 4, "},
        {"Status = 'Open'", {NULL}, "T1: 1 3 4, "},
        {"day(Joined) >= '2020-01-01'", {"Joined"}, "T1: 3 1, "},
        {"Status = 'Closed'", {"Name"}, "T1: 5, "},
    };
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        ChildRowsSpec spec = base_spec();
        spec.where = cases[i].where;
        spec.order = cases[i].order[0] ? cases[i].order : NULL;
        g_autoptr(Audience) audience = open_lists(
            folder, spec, "Code,Email,Name\nT1,a@example.org,\n", schools, findings, &error);
        g_assert_no_error(error);
        g_autofree char *got = rows_of_all(audience);
        g_assert_cmpstr(got, ==, cases[i].rows);
    }
}

static void test_errors(SheetFolder *folder, gconstpointer data)
{
    static const struct {
        const char *on, *match, *where, *order[CHILD_ROWS_ORDER_MAX + 2], *message;
        int code;
    } cases[] = {
        {"Trst",
         "Code",
         NULL,
         {NULL},
         "y.csv:1: no column 'Trst', 'on' of 'schools' of audience 'ceos' (config:21); did you "
         "mean 'Trust'?"
         "; the columns are: URN, Trust, Name, Pupils, Joined, Status",
         CIRCULAR_ERROR_DATA},
        {"Trust",
         "Cde",
         NULL,
         {NULL},
         "x.csv:1: no column 'Cde', 'match' of 'schools' of audience 'ceos' (config:22); did you "
         "mean 'Code'?"
         "; the columns are: Code, Email, Name",
         CIRCULAR_ERROR_DATA},
        {"Trust",
         NULL,
         NULL,
         {NULL},
         "x.csv:1: no column 'Trust', 'match' of 'schools' of audience 'ceos' (config:21)"
         "; the columns are: Code, Email, Name",
         CIRCULAR_ERROR_DATA},
        {"Trust",
         "Code",
         "Statu = 'Open'",
         {NULL},
         "config:23: where of 'schools': no such column: 'Statu' (did you mean Status?): write "
         "Status = 'Open'",
         CIRCULAR_ERROR_CONFIG},
        {"Trust",
         "Code",
         NULL,
         {"Nam desc"},
         "config:24: order of 'schools': no such column: 'Nam' (did you mean Name?): write Name",
         CIRCULAR_ERROR_CONFIG},
        {"Trust", "Code", NULL, {"random()"}, NULL, CIRCULAR_ERROR_CONFIG},
        {"Trust",
         "Code",
         NULL,
         {"URN", "URN", "URN", "URN", "URN"},
         "config:24: order of 'schools': at most 4 columns",
         CIRCULAR_ERROR_CONFIG},
    };
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        ChildRowsSpec spec = base_spec();
        spec.on = cases[i].on;
        spec.match = cases[i].match;
        spec.where = cases[i].where;
        spec.order = cases[i].order;
        g_assert_null(open_lists(folder, spec, trusts, schools, findings, &error));
        g_assert_error(error, CIRCULAR_ERROR, cases[i].code);
        if (cases[i].message)
            g_assert_cmpstr(error->message, ==, cases[i].message);
    }
}

static void test_names(SheetFolder *folder, gconstpointer data)
{
    g_autoptr(Findings) findings = findings_new();
    ChildRowsSpec spec = base_spec();
    (void)data;
    spec.name = "Name";
    g_autoptr(Audience) audience = open_lists(folder, spec, trusts, schools, findings, NULL);
    g_assert_nonnull(audience);
    g_assert_cmpuint(findings_count_id(findings, "field-name"), ==, 1);
    FieldKind kind;
    g_assert_true(audience_field_kind(audience, "Name", &kind) && kind == FIELD_COLUMN);
}

static void test_nobody(SheetFolder *folder, gconstpointer data)
{
    g_autoptr(Findings) findings = findings_new();
    (void)data;
    g_autoptr(Audience) audience =
        open_lists(folder, base_spec(), trusts, "URN,Trust\n1,t1\n2,t2\n", findings, NULL);
    g_autofree char *got = rows_of_all(audience);
    g_assert_cmpstr(got, ==, "T1:, T2:, T3:, ");
    g_assert_cmpuint(findings_count(findings, FINDING_WARNING), ==, 3);
}

static void test_limit(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    for (guint extra = 0; extra < 3; extra++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GString) rows = g_string_new("URN,Trust\n");
        for (guint i = 0; i < CHILD_ROWS_EACH_MAX - 1 + extra; i++)
            g_string_append_printf(rows, "%u,T1\n", i);
        g_autoptr(Audience) audience =
            open_lists(folder, base_spec(), trusts, rows->str, findings, NULL);
        g_assert_cmpuint(findings_count(findings, FINDING_ERROR), ==, extra == 2);
        g_assert_cmpuint(findings_count_id(findings, "many-rows"), ==, extra == 2);
        const Recipient *to = audience_next(audience, NULL);
        g_assert_cmpuint(value_length(value_get(to->fields, "schools")), ==,
                         MIN(CHILD_ROWS_EACH_MAX, CHILD_ROWS_EACH_MAX - 1 + extra));
    }
}

/* --- order ----------------------------------------------------------------------------------- */

static int compare(const char *a, const char *b)
{
    g_autoptr(GString) x = g_string_new(NULL);
    g_autoptr(GString) y = g_string_new(NULL);
    sortkey_append(x, a);
    sortkey_append(y, b);
    int order = memcmp(x->str, y->str, MIN(x->len, y->len));
    return order ? order : (int)x->len - (int)y->len;
}

static void test_sortkey(void)
{
    static const char *const ascending[] = {
        "",           "-1000",   "-2.5",       "-1",    "0",           "0.5",
        "2",          "10",      "1200",       "1e",    "31-08-2018",  "01/09/2018",
        "2019-01-01", "Abbey",   "ábbey road", "Łęcka", "St Mary’s 2", "St. Mary's 10",
        "Year 2",     "Year 10", "Zed",        "学校"};
    static const char *const equal[][2] = {{"1.0", "1"},
                                           {"-0", "0"},
                                           {"ASH", "ash"},
                                           {"Élan", "elan"},
                                           {"St Mary's", "St. Mary’s"},
                                           {"31/08/2019", "2019-08-31"},
                                           {"Year 02", "Year 2"}};
    for (guint i = 0; i + 1 < G_N_ELEMENTS(ascending); i++) {
        if (i == 8 || i == 9) /* "1e" is a text: it stands with them */
            continue;
        g_test_message("%s < %s", ascending[i], ascending[i + 1]);
        g_assert_cmpint(compare(ascending[i], ascending[i + 1]), <, 0);
    }
    g_assert_cmpint(compare("1e", "31-08-2018"), >, 0);
    g_assert_cmpint(compare("1e", "Abbey"), <, 0);
    for (guint i = 0; i < G_N_ELEMENTS(equal); i++)
        g_assert_cmpint(compare(equal[i][0], equal[i][1]), ==, 0);
}

/* --- the register's own files ---------------------------------------------------------------- */

static char *shared(const char *name)
{
    const char *folder = g_getenv("CIRCULAR_SHARED");
    g_autofree char *path = g_build_filename(folder ? folder : "../shared", "gias", name, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

/* Group links as downloaded: each group's schools by the day they joined, newest first; and the
 * same in Windows-1252. */
static void test_group_links(SheetFolder *folder, gconstpointer data)
{
    g_autofree char *links = shared("ebi_gias_all_links.csv");
    (void)data;
    if (!links) {
        g_test_skip("no gias/ebi_gias_all_links.csv in CIRCULAR_SHARED");
        return;
    }
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(links, &text, NULL, NULL));
    g_autoptr(GRegex) name = g_regex_new("trust name 1,", 0, 0, NULL);
    g_autofree char *accented = g_regex_replace(name, text, -1, 0, "Tŷ à Gwyn ô,", 0, NULL);
    const char *texts[] = {text, accented};
    static const char groups[] = "Group UID,Email\n80000,a@example.org\n80001,b@example.org\n"
                                 "99999999,c@example.org\n";
    for (guint i = 0; i < 2; i++) {
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        ChildRowsSpec spec = base_spec();
        g_autofree char *path = sheetfile_write(folder, "x.csv", groups);
        gsize length;
        g_autofree char *bytes = i ? g_convert_with_fallback(texts[i], -1, "WINDOWS-1252", "UTF-8",
                                                             "y", NULL, &length, NULL)
                                   : g_strdup(texts[i]);
        g_assert_nonnull(bytes);
        g_autofree char *rows =
            sheetfile_write_len(folder, "y.csv", bytes, i ? length : strlen(bytes));
        static const char *const order[] = {"Joined date desc", "EstablishmentName", NULL};
        spec.on = "Group UID";
        spec.match = NULL;
        spec.where = "\"Closed Date\" = '' AND day(\"Joined date\") >= '1990-01-01'";
        spec.order = order;
        spec.list.sheet.file = rows;
        ChildRowsSpec specs[] = {spec, {0}};
        AudienceSpec audience_spec = {.name = "ceos",
                                      .sheet = {.file = path, .shown = "x.csv"},
                                      .key = "Group UID",
                                      .email = (const char *const[]){"Email", NULL},
                                      .many = specs,
                                      .config_file = "config"};
        g_autoptr(Audience) audience = audience_open(&audience_spec, findings, &error);
        g_assert_no_error(error);
        ChildRows *many = audience_many(audience, "schools");
        g_assert_cmpuint(child_rows_counts(many)->rows, >=, 2);
        g_assert_cmpuint(child_rows_counts(many)->without, ==, 1);
        const Recipient *to = audience_next(audience, NULL);
        const Value *list = value_get(to->fields, "schools");
        g_assert_cmpstr(value_text(value_get(value_at(list, 0), "Joined date")), ==, "29/05/1993");
        g_assert_cmpstr(value_text(value_get(value_at(list, 0), "EstablishmentName")), ==,
                        "school 1");
        if (i)
            g_assert_nonnull(
                strstr(value_text(value_get(value_at(list, 0), "Group Name")), "à Gwyn ô"));
    }
}

#define ADD(path, test)                                                                            \
    g_test_add(path, SheetFolder, NULL, sheetfile_setup, test, sheetfile_teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/many/groups", test_groups);
    ADD("/many/orders", test_orders);
    ADD("/many/errors", test_errors);
    ADD("/many/names", test_names);
    ADD("/many/nobody", test_nobody);
    ADD("/many/limit", test_limit);
    ADD("/many/group-links", test_group_links);
    g_test_add_func("/many/sortkey", test_sortkey);
    return g_test_run();
}
