/* audience: who gets a letter, who doesn't and why, in what order, and what stops a plan */
#include "list/audience.h"

#include <signal.h>
#include <sys/resource.h>

#include "base/error.h"
#include "sheetfile.h"

/* --- an audience of files written on the spot --------------------------------------------------
 */

typedef struct {
    Audience *audience;
    Findings *findings;
    GError *error;
} Opened;

static const char *const email[] = {"Email", NULL};
static const char *const two_emails[] = {"Email", "Office", NULL};

static AudienceSpec base_spec(void)
{
    return (AudienceSpec){.name = "heads",
                          .sheet = {.shown = "x.csv"},
                          .key = "URN",
                          .email = email,
                          .config_file = "config",
                          .where_line = 5,
                          .key_line = 6,
                          .email_line = 7,
                          .join_line = 8,
                          .to_name_line = 9};
}

static Opened open_spec(const SheetFolder *folder, AudienceSpec spec, const char *list,
                        const char *join)
{
    Opened self = {.findings = findings_new()};
    g_autofree char *path = sheetfile_write(folder, "x.csv", list);
    g_autofree char *join_path = join ? sheetfile_write(folder, "y.csv", join) : NULL;
    spec.sheet.file = path;
    if (join) {
        spec.join = (SheetSpec){.file = join_path, .shown = "y.csv"};
        spec.join_on = spec.join_on ? spec.join_on : "URN";
    }
    self.audience = audience_open(&spec, self.findings, &self.error);
    g_assert_true(!self.audience == (self.error != NULL));
    return self;
}

static Opened open_list(const SheetFolder *folder, const char *list)
{
    return open_spec(folder, base_spec(), list, NULL);
}

static void close_opened(Opened *self)
{
    audience_free(self->audience);
    findings_free(self->findings);
    g_clear_error(&self->error);
}

/* "KEY>address" and "KEY-reason" of everybody, then the findings. */
static char *describe(const Opened *self)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    guint64 count = 0;
    for (const Recipient *to; self->audience && (to = audience_next(self->audience, &error));
         count++)
        g_string_append_printf(out, "%s>%s ", to->key, to->address);
    for (const Exclusion *no;
         self->audience && (no = audience_next_excluded(self->audience, &error));) {
        g_autofree char *said = exclusion_said(no->kind, no->detail, 0);
        g_string_append_printf(out, "%s-%s ", no->key, said);
    }
    g_assert_no_error(error);
    if (self->audience)
        g_assert_cmpuint(count, ==, audience_count(self->audience));
    for (guint i = 0; i < findings_kept(self->findings); i++) {
        g_autofree char *text = finding_text(findings_get(self->findings, i));
        g_string_append_printf(out, "\n%s", text);
    }
    if (self->error)
        g_string_append_printf(out, "\n%s", self->error->message);
    return g_string_free(out, FALSE);
}

static void expect_opened(Opened opened, const char *expected)
{
    g_autofree char *got = describe(&opened);
    g_assert_cmpstr(got, ==, expected);
    close_opened(&opened);
}

static void expect(const SheetFolder *folder, const char *list, const char *expected)
{
    expect_opened(open_list(folder, list), expected);
}

/* --- keys --------------------------------------------------------------------------------------
 */

static void test_order(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder, "Email,URN\nb@example.org,9\na@example.org,10\nc@example.org,1\n",
           "9>b@example.org 10>a@example.org 1>c@example.org ");
    expect(folder, "URN,Email\n", "\nx.csv: warning: the list has no rows [nobody]");
}

static void test_keys(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(folder,
           "URN,Email\n1,a@example.org\n2,b@example.org\n\n1,c@example.org\n1,d@example.org\n",
           "1>a@example.org 2>b@example.org 1>c@example.org 1>d@example.org \n"
           "x.csv:5: error: the key '1' stands in line 2 too: a key names one row [same-key]\n"
           "x.csv:6: error: the key '1' stands in line 2 too: a key names one row [same-key]");
    expect(folder, "URN,Email\n,a@example.org\n\" 2\n\",b@example.org\n\"3\n4\",c@example.org\n",
           "2>b@example.org \n"
           "x.csv:2: error: no value in 'URN', which is the key [no-key]\n"
           "x.csv:5: error: the key in 'URN' holds a line end [bad-key]");
    for (int over = -1; over <= 1; over++) {
        g_autofree char *key = g_strnfill((gsize)(AUDIENCE_KEY_MAX + over), 'k');
        g_autofree char *list = g_strdup_printf("URN,Email\n%s,a@example.org\n", key);
        Opened opened = open_list(folder, list);
        g_assert_cmpuint(audience_count(opened.audience), ==, over > 0 ? 0 : 1);
        g_assert_cmpuint(findings_count_id(opened.findings, "bad-key"), ==, over > 0 ? 1 : 0);
        close_opened(&opened);
    }
}

/* Rows that aren't chosen may repeat a key: `where` can be what makes them one each. */
static void test_keys_of_the_chosen(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    AudienceSpec spec = base_spec();
    spec.where = "Role = 'Head'";
    Opened opened = open_spec(
        folder, spec, "URN,Email,Role\n1,a@example.org,Head\n1,b@example.org,Governor\n", NULL);
    g_assert_cmpuint(audience_rows(opened.audience), ==, 2);
    g_assert_cmpuint(audience_chosen(opened.audience), ==, 1);
    expect_opened(opened, "1>a@example.org ");
}

static void test_missing_columns(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    Opened key = open_list(folder, "Urn,Email\n1,a@example.org\n");
    g_assert_error(key.error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    expect_opened(
        key, "\nx.csv:1: no column 'URN', the key of audience 'heads' (config:6); did you mean "
             "'Urn'?"
             "; the columns are: Urn, Email");
    expect(folder, "\nURN,Mail\n",
           "\nx.csv:2: no column 'Email', an email of audience 'heads' (config:7); did you mean "
           "'Mail'?"
           "; the columns are: URN, Mail");
    expect(folder, "zzz\n",
           "\nx.csv:1: no column 'URN', the key of audience 'heads' (config:6)"
           "; the columns are: zzz");

    AudienceSpec spec = base_spec();
    spec.key = NULL;
    Opened none = open_spec(folder, spec, "URN,Email\n", NULL);
    g_assert_error(none.error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    expect_opened(none, "\nconfig:6: audience 'heads' has no key");
    spec = base_spec();
    spec.email = (const char *const[]){NULL};
    expect_opened(open_spec(folder, spec, "URN,Email\n", NULL),
                  "\nconfig:7: audience 'heads' has no email");
}

/* --- addresses ---------------------------------------------------------------------------------
 */

static void test_addresses(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(
        folder,
        "URN,Email\n1,ann@@example.org\n2,\n3,\" c@EXAMPLE.org\xC2\xA0\"\n4,d@example.org; "
        "e@example.org\n"
        "5,\"a\r\nBcc: x@example.org\"\n6,o'neill+x@example.org\n",
        "3>c@example.org 6>o'neill+x@example.org "
        "1-bad address: 'ann@@example.org': it has more than one @; did you "
        "mean "
        "'ann@example.org'? "
        "2-no address "
        "4-bad address: several addresses in one cell: 'd@example.org; e@example.org' (give each a "
        "column of its own) "
        "5-bad address: 'a<U+000A>Bcc: x@example.org': there is an "
        "invisible character (U+000A) in the part before the @ \n"
        "x.csv:2: warning: not an e-mail address: 'ann@@example.org': it has more than one @; did "
        "you "
        "mean 'ann@example.org'? (column Email) [bad-address]\n"
        "x.csv:3: warning: no address in 'Email' [no-address]\n"
        "x.csv:5: warning: several addresses in one cell: 'd@example.org; e@example.org' (give "
        "each a "
        "column of its own) (column Email) [bad-address]\n"
        "x.csv:6: warning: not an e-mail address: 'a<U+000A>Bcc: x@example.org': there is "
        "an "
        "invisible character (U+000A) in the part before the @ (column Email) [bad-address]");
}

static void test_same_address(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect(
        folder,
        "URN,Email\n9,Head@Example.org\n8,x@example.org\n7,head@example.org\n6,HEAD@EXAMPLE.ORG\n",
        "9>Head@example.org 8>x@example.org 7-same address as 9 6-same address as 9 \n"
        "x.csv:4: warning: 'head@example.org' is the address of 9 too (line 2): one letter, to the "
        "first [same-address]\n"
        "x.csv:5: warning: 'HEAD@example.org' is the address of 9 too (line 2): one letter, to the "
        "first [same-address]");
}

static void test_several_columns(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    AudienceSpec spec = base_spec();
    spec.email = two_emails;
    expect_opened(
        open_spec(folder, spec,
                  "URN,Email,Office\n1,a@example.org,b@example.org\n2,,c@example.org\n"
                  "3,d@example.org,d@example.org\n4,bad,e@example.org\n5,,\n"
                  "6,b@example.org,f@example.org\n",
                  NULL),
        "1>a@example.org 1>b@example.org 2>c@example.org 3>d@example.org 4>e@example.org "
        "6>f@example.org 3-same address as in Email 4-bad address: "
        "'bad': it has no @ 5-no address 6-same address as 1 \n"
        "x.csv:5: warning: not an e-mail address: 'bad': it has no @ (column Email) "
        "[bad-address]\n"
        "x.csv:6: warning: no address in 'Email' or 'Office' [no-address]\n"
        "x.csv:4: note: 'd@example.org' stands in 'Email' too: one letter [same-address]\n"
        "x.csv:7: warning: 'b@example.org' is the address of 1 too (line 2): one letter, to the "
        "first [same-address]");
}

static void test_emails_limit(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    for (int over = -1; over <= 1; over++) {
        guint n = (guint)(AUDIENCE_EMAILS_MAX + over);
        g_autoptr(GString) head = g_string_new("URN"), row = g_string_new("1");
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        for (guint i = 0; i < n; i++) {
            g_string_append_printf(head, ",e%u", i);
            g_string_append_printf(row, ",m%u@example.org", i);
            g_ptr_array_add(names, g_strdup_printf("e%u", i));
        }
        g_ptr_array_add(names, NULL);
        g_autofree char *list = g_strdup_printf("%s\n%s\n", head->str, row->str);
        AudienceSpec spec = base_spec();
        spec.email = (const char *const *)names->pdata;
        Opened opened = open_spec(folder, spec, list, NULL);
        g_assert_cmpstr(opened.error ? opened.error->message : NULL, ==,
                        over > 0 ? "config:7: audience 'heads' has over 16 email columns" : NULL);
        if (opened.audience)
            g_assert_cmpuint(audience_count(opened.audience), ==, n);
        close_opened(&opened);
    }
}

/* --- where -------------------------------------------------------------------------------------
 */

static void test_where(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    static const char list[] =
        "URN,Email,EstablishmentStatus (name),Pupils\n1,a@example.org,Open,90\n"
        "2,b@example.org,Closed,1000\n3,c@example.org,Open,1000\n4,,Open,5\n";
    AudienceSpec spec = base_spec();
    spec.where = "\"EstablishmentStatus (name)\" = 'Open' AND Pupils > 200";
    Opened opened = open_spec(folder, spec, list, NULL);
    g_assert_cmpuint(audience_rows(opened.audience), ==, 4);
    g_assert_cmpuint(audience_chosen(opened.audience), ==, 1);
    expect_opened(opened, "3>c@example.org ");

    spec.where = "Pupils > 100000";
    expect_opened(open_spec(folder, spec, list, NULL),
                  "\nconfig:5: warning: where chooses none of 4 rows [nobody]");
    spec.where = "Pupil > 200";
    Opened wrong = open_spec(folder, spec, list, NULL);
    g_assert_error(wrong.error, CIRCULAR_ERROR, CIRCULAR_ERROR_CONFIG);
    expect_opened(
        wrong,
        "\nconfig:5: where: no such column: 'Pupil' (did you mean Pupils?): write Pupils > 200");
}

/* A cell is never SQL. */
static void test_where_and_cells(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    AudienceSpec spec = base_spec();
    spec.where = "Town = ''' OR 1=1'";
    expect_opened(open_spec(folder, spec,
                            "URN,Email,Town\n1,a@example.org,' OR 1=1\n2,b@example.org,x\n"
                            "\"3'); DROP TABLE rows;--\",c@example.org,' OR 1=1\n",
                            NULL),
                  "1>a@example.org 3'); DROP TABLE rows;-->c@example.org ");
}

/* --- join --------------------------------------------------------------------------------------
 */

static void test_join(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect_opened(
        open_spec(
            folder, base_spec(), "URN,Name\n1,x\n2,y\n3,z\n,w\n",
            "Email,URN\nc@example.org, 3 \na@example.org,1\nq@example.org,7\n,\nr@example.org,\n"),
        "1>a@example.org 3>c@example.org 2-no address: no row in y.csv \n"
        "y.csv:6: warning: no value in 'URN': the row belongs to nobody [join-empty]\n"
        "x.csv:5: error: no value in 'URN', which is the key [no-key]\n"
        "x.csv:3: warning: rows without a partner in y.csv: 2 of 4, of which 1 so have no address; "
        "the first is '2' [join-none]\n"
        "y.csv:4: note: rows that belong to no row of x.csv: 1; the first is '7' [join-unused]");
}

/* What a program makes of a key when it takes it for a number, or a person writes otherwise. */
static void test_join_near(SheetFolder *folder, gconstpointer data)
{
    static const char *const keys[][2] = {
        {"0003", "3"}, {"3", "003"}, {"3", "3.0"}, {"ab3", "AB3"}};
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *list = g_strdup_printf("URN,Name\n%s,x\n", keys[i][0]);
        g_autofree char *join = g_strdup_printf("URN,Email\n%s,a@example.org\n", keys[i][1]);
        g_autofree char *expected = g_strdup_printf(
            "%s-no address: no row in y.csv \n"
            "x.csv:2: warning: rows without a partner in y.csv: 1 of 1, which so have no address; "
            "the first is '%s' (there is '%s': the two are no one key; %s) [join-none]\n"
            "y.csv:2: note: rows that belong to no row of x.csv: 1; the first is '%s' "
            "[join-unused]",
            keys[i][0], keys[i][0], keys[i][1],
            g_ascii_isalpha(*keys[i][0]) ? "capital and small letters differ: write both alike"
                                         : "format both columns as text, with the same noughts",
            keys[i][1]);
        expect_opened(open_spec(folder, base_spec(), list, join), expected);
    }
}

static void test_join_many_to_one(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    AudienceSpec spec = base_spec();
    spec.join_on = "Trust";
    spec.where = "CEO = 'Ann'";
    expect_opened(
        open_spec(folder, spec,
                  "URN,Email,Trust\n1,a@example.org,T1\n2,b@example.org,T2\n3,c@example.org,T1\n",
                  "Trust,CEO,Email\nT1,Ann,x@example.org\nT2,Bob,y@example.org\n"),
        "1>a@example.org 3>c@example.org \n"
        "y.csv:1: warning: 'Email' is a column of x.csv too: that one is used (rename one to "
        "have both) [join-column]");
}

static void test_join_twins(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect_opened(
        open_spec(folder, base_spec(), "URN\n1\n2\n",
                  "URN,Email\n2,b@example.org\n1,a@example.org\n1,z@example.org\n"),
        "1>a@example.org 2>b@example.org \n"
        "y.csv:4: error: '1' stands in line 3 too (column URN), with another 'Email': which of "
        "the two rows belongs to it? [join-twins]");
    /* what decides nothing; an address in other letters; rows that nobody asks for */
    AudienceSpec spec = base_spec();
    spec.where = "URN < 3";
    expect_opened(
        open_spec(folder, spec, "URN\n1\n2\n3\n",
                  "URN,Email,Note\n2,b@example.org,\n1,a@example.org,p\n1,a@example.org,q\n"
                  "2,B@Example.org,\n3,c@example.org,\n3,d@example.org,\n9,x@example.org,\n"
                  "9,y@example.org,\n"),
        "1>a@example.org 2>b@example.org \n"
        "y.csv:4: warning: '1' stands in line 3 too (column URN), with another 'Note', which "
        "decides nothing about who gets a letter: the first is taken [join-twins]\n"
        "y.csv:5: note: rows that say the same as one before them: 1, of which this is the first "
        "[join-twins]\n"
        "y.csv:8: note: rows that belong to no row of x.csv: 2; the first is '9' [join-unused]");
    spec.where = "Note = 'p'";
    expect_opened(open_spec(folder, spec, "URN\n1\n",
                            "URN,Email,Note\n1,a@example.org,p\n1,a@example.org,q\n"),
                  "1>a@example.org \n"
                  "y.csv:3: error: '1' stands in line 2 too (column URN), with another 'Note': "
                  "which of the two rows belongs to it? [join-twins]");
}

/* The same row twice in the list is one; in it there is no difference that could matter. */
static void test_same_row_twice(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect_opened(open_spec(folder, base_spec(),
                            "URN,Email\n2,b@example.org\n1,a@example.org\n 1 ,a@example.org\n"
                            "3,\n3,\n2,b@example.org\n",
                            NULL),
                  "2>b@example.org 1>a@example.org 3-no address \n"
                  "x.csv:5: warning: no address in 'Email' [no-address]\n"
                  "x.csv:6: warning: no address in 'Email' [no-address]\n"
                  "x.csv:4: note: the row says the same as line 3: it is one [same-key]\n"
                  "x.csv:7: note: the row says the same as line 2: it is one [same-key]");
}

static void test_join_columns(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    expect_opened(
        open_spec(folder, base_spec(), "URN\n1\n", "Urn,Email\n1,a@example.org\n"),
        "\ny.csv:1: no column 'URN', which joins the sheets of audience 'heads' (config:8); did "
        "you mean 'Urn'?"
        "; the columns are: Urn, Email");
    AudienceSpec spec = base_spec();
    spec.join_on = "Code";
    expect_opened(
        open_spec(folder, spec, "URN\n1\n", "Code,Email\n1,a@example.org\n"),
        "\nx.csv:1: no column 'Code', which joins the sheets of audience 'heads' (config:8)"
        "; the columns are: URN");
}

/* --- fields ------------------------------------------------------------------------------------
 */

static const FieldSpec derived[] = {
    {"Head", "{{Title}} {{Last}}", 20},
    {"Dear", "Dear {{#Last}}{{Head}}{{/Last}}{{^Last}}Headteacher{{/Last}}", 21},
    {NULL, NULL, 0},
};

static void test_fields(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    AudienceSpec spec = base_spec();
    spec.fields = derived;
    spec.to_name = "{{Head}}\n, {{Name (full)}}";
    Opened opened = open_spec(
        folder, spec,
        "URN,Email,Title,Last,Name (full)\n1,a@example.org,Ms,<b>O'Neill & {{x}}</b>,\"x, y\"\n"
        "2,b@example.org,,,z\n3,c@example.org,,Siân,\n",
        NULL);
    g_assert_cmpuint(findings_kept(opened.findings), ==, 0);
    g_autofree char *names = g_strjoinv(",", (char **)audience_fields(opened.audience));
    g_assert_cmpstr(names, ==, "URN,Email,Title,Last,Name (full),Head,Dear");

    const Recipient *to = audience_next(opened.audience, NULL);
    g_assert_cmpstr(value_text(value_get(to->fields, "Last")), ==, "<b>O'Neill & {{x}}</b>");
    g_assert_cmpstr(value_text(value_get(to->fields, "Dear")), ==,
                    "Dear Ms <b>O'Neill & {{x}}</b>");
    g_assert_cmpstr(to->name, ==, "Ms <b>O'Neill & {{x}}</b> , x, y");
    g_assert_cmpstr(to->file, ==, "x.csv");
    g_assert_cmpuint(to->line, ==, 2);
    to = audience_next(opened.audience, NULL);
    g_assert_cmpstr(value_text(value_get(to->fields, "Head")), ==, "");
    g_assert_cmpstr(value_text(value_get(to->fields, "Dear")), ==, "Dear Headteacher");
    to = audience_next(opened.audience, NULL);
    g_assert_cmpstr(value_text(value_get(to->fields, "Head")), ==, "Siân"); /* trimmed */
    g_assert_null(audience_next(opened.audience, NULL));
    g_assert_null(audience_next(opened.audience, NULL)); /* and again */
    close_opened(&opened);
}

static void test_bad_fields(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    static const FieldSpec bad[] = {
        {"a", "{{Lst}}", 20},    {"b", "{{#Lst}}{{Lst}}{{/Lst}}", 21},
        {"c", "{{later}}", 22},  {"later", "x", 23},
        {"Last", "x", 24},       {"later", "y", 25},
        {"e", "{{#Last}}x", 26}, {"", "y", 27},
        {"a.b", "y", 28},        {NULL, NULL, 0},
    };
    AudienceSpec spec = base_spec();
    spec.fields = bad;
    Opened opened = open_spec(folder, spec, "URN,Email,Last\n1,a@example.org,x\n", NULL);
    static const struct {
        guint line;
        Severity severity;
        const char *id, *text;
    } expected[] = {
        {20, FINDING_ERROR, "unknown-field", "no column or field 'Lst' (did you mean 'Last'?)"},
        {21, FINDING_WARNING, "unknown-field",
         "no column or field 'Lst' (did you mean 'Last'?): it is always empty"},
        {22, FINDING_ERROR, "unknown-field", "no column or field 'later'"},
        {24, FINDING_ERROR, "field-name",
         "'Last' is the name of a column already: give the field another"},
        {25, FINDING_ERROR, "field-name",
         "'later' is the name of a field already: give the field another"},
        {26, FINDING_ERROR, NULL, NULL},
        {27, FINDING_ERROR, "field-name", "a field without a name"},
        {28, FINDING_ERROR, "field-name",
         "no template can name a field 'a.b': leave out '.', '{', '}', blanks around it and a sign "
         "before it"},
    };
    for (guint i = 0, at = 0; i < G_N_ELEMENTS(expected); i++) {
        const Finding *finding = NULL;
        for (; at < findings_kept(opened.findings); at++) {
            finding = findings_get(opened.findings, at);
            if (finding->line == expected[i].line)
                break;
        }
        g_assert_nonnull(finding);
        g_assert_cmpuint(finding->line, ==, expected[i].line);
        g_assert_cmpint(finding->severity, ==, expected[i].severity);
        g_assert_cmpstr(finding->file, ==, "config");
        if (expected[i].id)
            g_assert_cmpstr(finding->id, ==, expected[i].id);
        if (expected[i].text)
            g_assert_cmpstr(finding->text, ==, expected[i].text);
    }
    const Recipient *to = audience_next(opened.audience, NULL);
    g_assert_cmpstr(value_text(value_get(to->fields, "later")), ==, "x");
    g_assert_cmpstr(value_text(value_get(to->fields, "e")), ==, "");
    close_opened(&opened);
}

/* Each name is said once a template, and a guard somewhere doesn't hide a use without one. */
static void test_unknown_twice(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    static const FieldSpec fields[] = {{"a", "{{#Lst}}{{Lst}}{{Lst}}{{/Lst}} {{Lst}} {{Lst}}", 20},
                                       {NULL, NULL, 0}};
    AudienceSpec spec = base_spec();
    spec.fields = fields;
    expect_opened(
        open_spec(folder, spec, "URN,Email,Last\n1,a@example.org,x\n", NULL),
        "1>a@example.org \n"
        "config:20: warning: no column or field 'Lst' (did you mean 'Last'?): it is always "
        "empty [unknown-field]\n"
        "config:20: error: no column or field 'Lst' (did you mean 'Last'?) [unknown-field]");
}

/* A list without keys and addresses, as councils' open data are. */
static void test_derived_key_and_email(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    static const FieldSpec fields[] = {
        {"key", "{{la}}-{{no}}", 20}, {"mail", "head.{{no}}@example.org", 21}, {NULL, NULL, 0}};
    AudienceSpec spec = base_spec();
    spec.fields = fields;
    spec.key = "key";
    spec.email = (const char *const[]){"mail", NULL};
    expect_opened(
        open_spec(folder, spec, "la,no\n330,2020\n330,1027\n330,1 1\n", NULL),
        "330-2020>head.2020@example.org 330-1027>head.1027@example.org "
        "330-1 1-bad address: 'head.1 1@example.org': there is a space in "
        "the part before the @ \n"
        "x.csv:4: warning: not an e-mail address: 'head.1 1@example.org': there is a space in the "
        "part before the @ (column mail) [bad-address]");
}

static void test_without(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    AudienceSpec spec = base_spec();
    spec.fields = derived;
    Opened opened =
        open_spec(folder, spec,
                  "URN,Email,Title,Last\n1,a@example.org,Ms,x\n2,,,\n3,c@example.org,,y\n"
                  "4,d@example.org,\xC2\xA0,\n5,a@example.org,,\n",
                  NULL);
    Recipient first;
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(audience_without(opened.audience, "Title", &first, &error), ==, 2);
    g_assert_cmpstr(first.key, ==, "3");
    g_assert_cmpuint(first.line, ==, 4);
    g_assert_cmpstr(first.file, ==, "x.csv");
    g_assert_cmpuint(audience_without(opened.audience, "URN", &first, &error), ==, 0);
    g_assert_cmpuint(audience_without(opened.audience, "Last", &first, &error), ==, 1);
    g_assert_cmpstr(first.key, ==, "4");
    g_assert_cmpuint(audience_without(opened.audience, "Head", &first, &error), ==, 1);
    g_assert_cmpstr(first.key, ==, "4");
    g_assert_cmpuint(audience_without(opened.audience, "Dear", &first, &error), ==, 0);
    g_assert_cmpuint(audience_without(opened.audience, "Nothing", &first, &error), ==, 3);
    g_assert_cmpstr(first.key, ==, "1");
    g_assert_no_error(error);
    close_opened(&opened);
}

/* --- reading again and by key -------------------------------------------------------------------
 */

static void test_seek(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    AudienceSpec spec = base_spec();
    spec.email = two_emails;
    Opened opened =
        open_spec(folder, spec,
                  "URN,Email,Office\n3,a@example.org,b@example.org\n1,c@example.org,\n2,,\n", NULL);
    Audience *audience = opened.audience;
    g_assert_cmpstr(audience_next(audience, NULL)->address, ==, "a@example.org");
    audience_seek(audience, "1");
    g_assert_cmpstr(audience_next(audience, NULL)->address, ==, "c@example.org");
    g_assert_null(audience_next(audience, NULL));
    audience_seek(audience, "3");
    g_assert_cmpstr(audience_next(audience, NULL)->address, ==, "a@example.org");
    g_assert_cmpstr(audience_next(audience, NULL)->address, ==, "b@example.org");
    g_assert_null(audience_next(audience, NULL));
    audience_seek(audience, "2"); /* known, but without an address */
    g_assert_null(audience_next(audience, NULL));
    audience_seek(audience, "none");
    g_assert_null(audience_next(audience, NULL));
    audience_rewind(audience);
    g_assert_cmpstr(audience_next(audience, NULL)->key, ==, "3");
    close_opened(&opened);
}

/* --- sheets that are none -----------------------------------------------------------------------
 */

static void test_bad_lists(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *bytes;
        gsize length;
        const char *prefix;
    } cases[] = {
        {"URN,Email\n1,a\0b\n", 16, "x.csv:2: a NUL byte"},
        {"URN,Email\n1,\xE9\x81\n", 15,
         "x.csv:2: not UTF-8, and byte 0x81 in line 2 is not Windows-1252"},
        {"URN,Email\n1,\"a\n", 15, "x.csv:2: a quote that opens a cell is never closed"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path =
            sheetfile_write_len(folder, "x.csv", cases[i].bytes, cases[i].length);
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        AudienceSpec spec = base_spec();
        spec.sheet.file = path;
        g_assert_null(audience_open(&spec, findings, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
        g_test_message("%s", error->message);
        g_assert_true(g_str_has_prefix(error->message, cases[i].prefix));
    }
}

/* More findings and rows than fit in any cache; the order stays, and what is kept is bounded. */
static void test_many(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    enum { ROWS = 20000 };
    g_autoptr(GString) list = g_string_new("URN,Email\n");
    for (guint i = 0; i < ROWS; i++) /* keys in no order, every second address a twin */
        g_string_append_printf(list, "%u,head.%u@example.org\n", (i * 7919) % 1000003, i / 2);
    Opened opened = open_list(folder, list->str);
    g_assert_cmpuint(audience_count(opened.audience), ==, ROWS / 2);
    g_assert_cmpuint(findings_count_id(opened.findings, "same-address"), ==, ROWS / 2);
    g_assert_cmpuint(findings_kept(opened.findings), ==, FINDINGS_KEPT);
    guint line = 2;
    for (const Recipient *to; (to = audience_next(opened.audience, NULL)); line += 2)
        g_assert_cmpuint(to->line, ==, line);
    g_assert_cmpuint(line, ==, ROWS + 2);
    line = 3;
    for (const Exclusion *no; (no = audience_next_excluded(opened.audience, NULL)); line += 2)
        g_assert_cmpuint(no->at.line, ==, line);
    g_assert_cmpuint(line, ==, ROWS + 3);
    close_opened(&opened);
}

/* The temporary file can't grow: said in words, and nothing crashes. */
static void test_full_disk(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    if (g_test_subprocess()) {
        const struct rlimit limit = {1 << 20, 1 << 20};
        g_autoptr(GString) list = g_string_new("URN,Email,Text\n");
        for (guint i = 0; i < 20000; i++)
            g_string_append_printf(list, "%u,head.%u@example.org,%0*u\n", i, i, 200, i);
        g_autofree char *path = sheetfile_write(folder, "x.csv", list->str);
        g_autoptr(Findings) findings = findings_new();
        g_autoptr(GError) error = NULL;
        AudienceSpec spec = base_spec();
        spec.sheet.file = path;
        signal(SIGXFSZ, SIG_IGN); /* then write(2) fails with EFBIG */
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
        g_assert_null(audience_open(&spec, findings, &error));
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_IO);
        g_printerr("%s\n", error->message);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("*the list's temporary file: *TMPDIR*");
}

/* Headings that Mustache would take for a path or a section. */
static void test_names_for_templates(SheetFolder *folder, gconstpointer data)
{
    (void)data;
    static const FieldSpec fields[] = {{"Size", "{{No of pupils}} {{ Sixth form }}", 20},
                                       {"Old", "{{No. of pupils}}", 21},
                                       {"Into", "{{Email.x}}", 22},
                                       {NULL, NULL, 0}};
    AudienceSpec spec = base_spec();
    spec.key = "Tel. no.";
    spec.fields = fields;
    spec.where = "\"No. of pupils\" > 18";
    Opened opened = open_spec(folder, spec,
                              "Email,No. of pupils,# {Sixth} form,Tel. no.,Tel no,...\n"
                              "a@example.org,90,yes,01999,x,y\n",
                              NULL);
    g_autofree char *names = g_strjoinv("|", (char **)audience_fields(opened.audience));
    g_assert_cmpstr(names, ==, "Email|No of pupils|Sixth form|Tel. no.|Tel no|...|Size|Old|Into");
    const Recipient *to = audience_next(opened.audience, NULL);
    g_assert_cmpstr(to->key, ==, "01999");
    g_assert_cmpstr(value_text(value_get(to->fields, "Size")), ==, "90 yes");
    audience_rewind(opened.audience);
    expect_opened(opened, "01999>a@example.org \nconfig:21: error: no column or field 'No. of "
                          "pupils' (did you mean 'No of "
                          "pupils'?) [unknown-field]\n"
                          "config:22: error: no column or field 'Email.x' (did you mean 'Email'?) "
                          "[unknown-field]");
}

/* --- the sample lists ----------------------------------------------------------------------------
 */

static char *sample(const char *name)
{
    const char *const roots[] = {"lists", "../lists", "../../lists", NULL};
    for (guint i = 0; roots[i]; i++) {
        char *path = g_build_filename(roots[i], name, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return path;
        g_free(path);
    }
    return NULL;
}

static Opened open_sample(const char *list, const char *join, AudienceSpec spec)
{
    Opened self = {.findings = findings_new()};
    g_autofree char *path = sample(list);
    g_autofree char *join_path = join ? sample(join) : NULL;
    spec.sheet = (SheetSpec){.file = path, .shown = list};
    spec.join = (SheetSpec){.file = join_path, .shown = join};
    self.audience = audience_open(&spec, self.findings, &self.error);
    g_assert_no_error(self.error);
    g_assert_cmpuint(findings_count(self.findings, FINDING_ERROR), ==, 0);
    return self;
}

static void test_sample_schools(void)
{
    AudienceSpec spec = base_spec();
    spec.email = (const char *const[]){"HeadEmail", NULL};
    spec.where = "Status LIKE 'Open%'";
    Opened opened = open_sample("schools.csv", NULL, spec);
    g_assert_cmpuint(audience_rows(opened.audience), ==, 38);
    g_assert_cmpuint(audience_chosen(opened.audience), ==, 36);
    g_assert_cmpuint(audience_count(opened.audience), ==, 32);
    gboolean idn = FALSE, hundred = FALSE;
    for (const Recipient *to; (to = audience_next(opened.audience, NULL));) {
        idn |= strstr(to->address, "@xn--") != NULL;
        hundred |= g_utf8_strlen(value_text(value_get(to->fields, "SchoolName")), -1) == 100;
    }
    g_assert_true(idn && hundred);
    GString *reasons = g_string_new(NULL);
    for (const Exclusion *no; (no = audience_next_excluded(opened.audience, NULL));)
        g_string_append_printf(reasons, "%s %s, ", no->key, exclusion_name(no->kind));
    g_assert_cmpstr(
        reasons->str, ==,
        "900012 same-address, 900019 bad-address, 900021 no-address, 900034 no-address, ");
    g_string_free(reasons, TRUE);
    close_opened(&opened);
}

static void test_sample_trusts(void)
{
    AudienceSpec spec = base_spec();
    spec.key = "TrustCode";
    spec.email = (const char *const[]){"CEOEmail", NULL};
    Opened opened = open_sample("trusts.csv", NULL, spec);
    g_assert_cmpuint(audience_count(opened.audience), ==, 8);
    close_opened(&opened);

    spec = base_spec();
    spec.join_on = "TrustCode";
    spec.email = (const char *const[]){"CEOEmail", NULL};
    spec.where = "TrustCode <> ''";
    Opened joined = open_sample("schools.csv", "trusts.csv", spec);
    g_assert_cmpuint(audience_count(joined.audience), ==,
                     8); /* each once, though it runs several */
    g_assert_cmpuint(findings_count_id(joined.findings, "join-none"), ==, 0);
    close_opened(&joined);
}

static void test_sample_register(void)
{
    AudienceSpec spec = base_spec();
    spec.join_on = "URN";
    spec.email = (const char *const[]){"email", NULL};
    spec.where = "\"EstablishmentStatus (name)\" LIKE 'Open%' AND NumberOfPupils >= 64";
    Opened opened = open_sample("register-extract.csv", "register-emails.csv", spec);
    g_assert_cmpuint(audience_rows(opened.audience), ==, 12);
    g_assert_cmpuint(audience_chosen(opened.audience), ==, 9);
    g_assert_cmpuint(audience_count(opened.audience), ==, 8);
    const Recipient *to = audience_next(opened.audience, NULL);
    g_assert_cmpstr(value_text(value_get(to->fields, "EstablishmentName")), ==,
                    "Abbot’s Way Primary School");
    close_opened(&opened);
}

#define ADD(path, test)                                                                            \
    g_test_add(path, SheetFolder, NULL, sheetfile_setup, test, sheetfile_teardown)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/audience/order", test_order);
    ADD("/audience/keys", test_keys);
    ADD("/audience/keys-of-the-chosen", test_keys_of_the_chosen);
    ADD("/audience/missing-columns", test_missing_columns);
    ADD("/audience/addresses", test_addresses);
    ADD("/audience/same-address", test_same_address);
    ADD("/audience/several-columns", test_several_columns);
    ADD("/audience/limit/emails", test_emails_limit);
    ADD("/audience/where", test_where);
    ADD("/audience/where-and-cells", test_where_and_cells);
    ADD("/audience/join", test_join);
    ADD("/audience/join-near", test_join_near);
    ADD("/audience/join-many-to-one", test_join_many_to_one);
    ADD("/audience/join-twins", test_join_twins);
    ADD("/audience/same-row-twice", test_same_row_twice);
    ADD("/audience/join-columns", test_join_columns);
    ADD("/audience/fields", test_fields);
    ADD("/audience/bad-fields", test_bad_fields);
    ADD("/audience/unknown-twice", test_unknown_twice);
    ADD("/audience/derived-key-and-email", test_derived_key_and_email);
    ADD("/audience/without", test_without);
    ADD("/audience/seek", test_seek);
    ADD("/audience/bad-lists", test_bad_lists);
    ADD("/audience/many", test_many);
    ADD("/audience/full-disk", test_full_disk);
    ADD("/audience/names-for-templates", test_names_for_templates);
    g_test_add_func("/audience/sample/schools", test_sample_schools);
    g_test_add_func("/audience/sample/trusts", test_sample_trusts);
    g_test_add_func("/audience/sample/register", test_sample_register);
    return g_test_run();
}
