/* test-answer-shapes - hundreds of answers: the shapes of mail programs x wordings x quote marks
 *
 * Each is put together from a program's way to quote a letter and from what a person wrote. Whatever
 * is clear counts for the right school with the right choice, or waits for a person; what is not
 * clear, and what a machine wrote, never counts; nothing ever counts for another school.
 */
#include "answers-fixture.h"

#include <string.h>

/* In a shape: @FROM@ and @HEAD@ the writer, @WORDS@ what was written, @LETTER@ the letter as plain
 * lines, @QUOTED@ with marks, @HTML@ and @HTMLLETTER@ the same as HTML, @TOKEN@ the letter's. */
typedef struct {
    const char *name, *text;
    gboolean leaves; /* to a person, whatever is written: it isn't sure whose words they are */
} Shape;

#define MIME "MIME-Version: 1.0\n"
#define PLAIN MIME "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
#define HTML MIME "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
#define TOP "From: @FROM@\nTo: director@example.org\nDate: Fri, 04 Oct 2024 00:00:00 +0000\n"
#define RE TOP "Subject: Re: Support for schools\nIn-Reply-To: <x@example.org>\n"
#define BLOCK                                                                                      \
    "From: The Director <director@example.org>\nSent: 03 October 2024 09:00\nTo: "                 \
    "@HEAD@\nSubject: "                                                                            \
    "Support for schools\n\n@LETTER@\n"
#define HTMLBLOCK                                                                                  \
    "<b>From:</b> The Director &lt;director@example.org&gt;<br><b>Sent:</b> 03 October 2024 "      \
    "09:00<br><b>To:</b> Head<br><b>Subject:</b> Support for schools<br><br></div>@HTMLLETTER@"

static const Shape SHAPES[] = {
    {"Outlook desktop, plain", RE PLAIN "@WORDS@\n\n-----Original Message-----\n" BLOCK, FALSE},
    {"Outlook desktop, plain, no line", RE PLAIN "@WORDS@\n\n\n" BLOCK, FALSE},
    {"Outlook desktop, HTML only",
     RE HTML "<html><body><div class=WordSection1>@HTML@<p class=MsoNormal>&nbsp;</p><div "
             "style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal>" HTMLBLOCK
             "</div></body></html>\n",
     FALSE},
    {"Outlook on the web",
     RE HTML "<html><body>@HTML@<div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\" "
             "dir=\"ltr\">" HTMLBLOCK "</body></html>\n",
     FALSE},
    {"Outlook on a phone",
     RE PLAIN "@WORDS@\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n"
              "________________________________\n" BLOCK,
     FALSE},
    {"Outlook, behind a gateway",
     RE PLAIN "CAUTION: This email originated from outside of the organisation. Do not click "
              "links.\n\n@WORDS@\n\n" BLOCK
              "\nThis e-mail is confidential and intended solely for the addressee.\n",
     FALSE},
    {"Outlook in German",
     TOP
     "Subject: AW: Support for schools\n" PLAIN
     "@WORDS@\n\nVon: The Director <director@example.org>\nGesendet: Donnerstag, 3. Oktober 2024 "
     "09:00\nAn: @HEAD@\nBetreff: Support for schools\n\n@LETTER@\n",
     FALSE},
    {"Outlook in Welsh",
     TOP "Subject: ATB: Support for schools\n" PLAIN
         "@WORDS@\n\nOddi wrth: The Director <director@example.org>\nAnfonwyd: 03 Hydref 2024 "
         "09:00\nAt: @HEAD@\nPwnc: Support for schools\n\n@LETTER@\n",
     FALSE},
    {"Gmail, plain",
     RE PLAIN "@WORDS@\n\nOn Thu, 3 Oct 2024 at 09:00, The Director <director@example.org>\n"
              "wrote:\n\n@QUOTED@\n",
     FALSE},
    {"Gmail, both",
     RE MIME
     "Content-Type: multipart/alternative; boundary=\"000\"\n\n--000\nContent-Type: text/plain; "
     "charset=\"UTF-8\"\n\n@WORDS@\n\nOn Thu, 3 Oct 2024 at 09:00, The Director "
     "<director@example.org> wrote:\n\n@QUOTED@\n--000\nContent-Type: text/html; "
     "charset=\"UTF-8\"\n\n<div dir=\"ltr\">@HTML@</div><br><div class=\"gmail_quote\"><div "
     "class=\"gmail_attr\">On Thu, 3 Oct 2024 at 09:00, The Director wrote:<br></div><blockquote "
     "class=\"gmail_quote\">@HTMLLETTER@</blockquote></div>\n--000--\n",
     FALSE},
    {"Gmail, HTML only",
     RE HTML "<div dir=\"ltr\">@HTML@</div><br><div class=\"gmail_quote\"><div "
             "class=\"gmail_attr\">On Thu, 3 Oct 2024 at 09:00, The Director &lt;<a "
             "href=\"mailto:director@example.org\">director@example.org</a>&gt; "
             "wrote:<br></div><blockquote>@HTMLLETTER@</blockquote></div>\n",
     FALSE},
    {"Apple Mail",
     RE PLAIN "@WORDS@\n\n> On 3 Oct 2024, at 09:00, The Director <director@example.org> wrote:\n> "
              "\n@QUOTED@\n",
     FALSE},
    {"an iPhone",
     RE PLAIN "@WORDS@\n\nSent from my iPhone\n\n> On 3 Oct 2024, at 09:00, The Director "
              "<director@example.org> wrote:\n> \n@QUOTED@\n",
     FALSE},
    {"Thunderbird, below",
     RE PLAIN "On 03/10/2024 09:00, The Director wrote:\n@QUOTED@\n\n@WORDS@\n\n-- \nHead\nOak "
              "School, No Place\n",
     FALSE},
    {"Thunderbird, above",
     RE PLAIN "@WORDS@\n\nOn 03/10/2024 09:00, The Director wrote:\n@QUOTED@\n", FALSE},
    {"Thunderbird in German",
     TOP "Subject: Re: Support for schools\n" PLAIN
         "@WORDS@\n\nAm 03.10.24 um 09:00 schrieb The Director:\n@QUOTED@\n",
     FALSE},
    {"a ticket system",
     "From: Helpdesk <help@elsewhere.example>\nTo: a@example.org\nSubject: "
     "[Ticket#2024100410000012] "
     "Re: Support for schools\n" PLAIN "##- Please type your reply above this line "
     "-##\n\n@WORDS@\n\n-----Original Message-----\n" BLOCK
     "\n--------------------------------\nThis email is a service from Oak.\n",
     FALSE},
    {"an Android phone",
     RE PLAIN "@WORDS@\n\n\n-------- Original message --------\nFrom: The Director "
              "<director@example.org>\nDate: 03/10/2024 09:00 (GMT+00:00)\nTo: @HEAD@\nSubject: "
              "Support for schools\n\n@LETTER@\n",
     FALSE},
    {"an assistant forwards what the head wrote",
     "From: PA <pa@elsewhere.example>\nTo: a@example.org\nSubject: FW: Support for schools\n" PLAIN
     "Please see below from our head.\n\nFrom: @HEAD@\nSent: 03 October 2024 10:00\nTo: "
     "PA\nSubject: "
     "Re: Support for schools\n\n@WORDS@\n\n" BLOCK,
     TRUE},
    {"an assistant answers",
     "From: PA <pa@elsewhere.example>\nTo: a@example.org\nSubject: RE: Support for schools\n" PLAIN
     "@WORDS@\n\n-----Original Message-----\n" BLOCK,
     FALSE},
    {"the button, written over",
     TOP "Subject: [@TOKEN@] support\n" PLAIN "@WORDS@\n\n[@TOKEN@] support\n", FALSE},
};

/* What people write; `choice` is NULL where only a person can tell. */
static const struct {
    const char *words, *choice;
} WORDINGS[] = {
    {"Yes", "Yes"},
    {"Yes please!", "Yes"},
    {"YES.", "Yes"},
    {"yes, please", "Yes"},
    {"“Yes”", "Yes"},
    {"„Yes“", "Yes"},
    {"»Yes«", "Yes"},
    {"‘Yes’, many thanks", "Yes"},
    {"Yes. From September.", NULL},
    {"Dear colleague,\n\nYes please.\n\nKind regards,\nAnn Head", "Yes"},
    {"Ie, os gwelwch yn dda", "Yes"},
    {"Ja, gerne", "Yes"},
    {"No", "No, thank you"},
    {"No thank you", "No, thank you"},
    {"No, thank you.", "No, thank you"},
    {"“No, thank you”", "No, thank you"},
    {"„No, thank you.“", "No, thank you"},
    {"‘No, thank you’", "No, thank you"},
    {"Hi,\n\nSorry, no.\n\nBest wishes\nAnn Head\nHeadteacher", "No, thank you"},
    {"Na, dim diolch", "No, thank you"},
    {"Nein, danke", "No, thank you"},
    {"Yes, from the summer term", "Yes, from the summer term"},
    {"yes from the summer term", "Yes, from the summer term"},
    {"“Yes, from the summer term”", "Yes, from the summer term"},
    {"Hello,\n\nyes, from the summer term please.\n\nThanks", "Yes, from the summer term"},
    /* --- for a person --- */
    {"Yes, but only in May", NULL},
    {"Yes if supply is paid", NULL},
    {"Perhaps.", NULL},
    {"Yes or no? I am not sure.", NULL},
    {"Yes and no", NULL},
    {"No... actually, yes!", NULL},
    {"We would love to but can’t", NULL},
    {"Thanks for this.", NULL},
    {"Could we do three days?", NULL},
    {"Ja, aber nur im Mai", NULL},
    {"Ie, ond dim ond ym mis Mai", NULL},
    {"No problem, I will let you know on Friday", NULL},
    {"", NULL},
};

static const char LETTER[] = "Could you?\n\nTo answer, write to answers@example.org with one of "
                             "these lines as the subject:\n\n    [@TOKEN@] support: Yes\n    "
                             "[@TOKEN@] support: Yes, from the summer term\n    [@TOKEN@] support: "
                             "No, thank you";
static const char HTMLLETTER[] =
    "<p>Could you?</p><p><a href=\"mailto:answers@example.org?subject=%5B@TOKEN@%5D%20support%3A%20"
    "Yes\"><b>Yes</b></a></p><p><a "
    "href=\"mailto:answers@example.org?subject=%5B@TOKEN@%5D%20support"
    "%3A%20No%2C%20thank%20you\"><b>No, thank you</b></a></p>";

/* Each line with `before` before it and `after` behind it; newly allocated. */
static char *each_line(const char *text, const char *before, const char *after)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *out = g_string_new(NULL);
    for (char **line = lines; *line; line++)
        g_string_append_printf(out, "%s%s%s%s", before, *line, after, line[1] ? "\n" : "");
    return g_string_free(out, FALSE);
}

/* The message of a school's head, by a number from 1; the rest is receive()'s. */
static char *message_of(const char *shape, const char *words, guint school)
{
    g_autofree char *quoted = each_line(LETTER, "> ", ""),
                    *html = each_line(words, "<p class=MsoNormal>", "</p>");
    g_autofree char *head = g_strdup_printf("Head%u <head%u@school.example>", school, school);
    g_autofree char *token = g_strdup_printf("@1/%u@", school);
    GString *out = g_string_new(shape);
    g_string_replace(out, "@FROM@", head, 0);
    g_string_replace(out, "@HEAD@", head, 0);
    g_string_replace(out, "@WORDS@", words, 0);
    g_string_replace(out, "@HTMLLETTER@", HTMLLETTER, 0);
    g_string_replace(out, "@HTML@", html, 0);
    g_string_replace(out, "@LETTER@", LETTER, 0);
    g_string_replace(out, "@QUOTED@", quoted, 0);
    g_string_replace(out, "@TOKEN@", token, 0);
    return g_string_free(out, FALSE);
}

/* Whether the answer that came last is right where it counts; what is wrong, or NULL. */
static char *wrong_of(Office *o, guint school, const char *choice, gboolean must_count)
{
    g_autofree char *there = latest(o);
    g_autofree char *right =
        g_strdup_printf("10000%u|support|%s|counted", school, choice ? choice : "-");
    g_autofree char *waits = g_strdup_printf("10000%u|", school);
    if (o->last.answers)
        return choice && g_strcmp0(there, right) == 0 ? NULL : g_strdup(there);
    if (!o->last.answers_doubted || must_count)
        return g_strdup_printf("not counted: %s", there);
    return g_str_has_prefix(there, waits) ? NULL : g_strdup(there);
}

/* Every wording in every shape. */
static void test_product(Office *o, gconstpointer data)
{
    guint wrong = 0, all = 0, counted = 0;
    (void)data;
    for (gsize s = 0; s < G_N_ELEMENTS(SHAPES); s++)
        for (gsize w = 0; w < G_N_ELEMENTS(WORDINGS); w++) {
            guint school = 1 + (guint)(s + w) % 3;
            const char *choice = WORDINGS[w].choice;
            g_autofree char *text = message_of(SHAPES[s].text, WORDINGS[w].words, school);
            receive(o, text);
            g_autofree char *why = wrong_of(o, school, choice, choice && !SHAPES[s].leaves);
            if (why)
                g_test_message("%s: '%s': %s", SHAPES[s].name, WORDINGS[w].words, why);
            wrong += why != NULL;
            counted += o->last.answers;
            all++;
        }
    g_test_message("%u answers, %u counted", all, counted);
    g_assert_cmpuint(all, >=, 300);
    g_assert_cmpuint(wrong, ==, 0);
}

/* The same from machines: none is an answer. */
static void test_no_machine_counts(Office *o, gconstpointer data)
{
    static const char *const marks[] = {
        "Auto-Submitted: auto-replied\n", "X-Autoreply: yes\n",
        "X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\n",
        "Precedence: auto_reply\n"};
    (void)data;
    for (gsize s = 0; s < G_N_ELEMENTS(SHAPES); s++)
        for (gsize m = 0; m < G_N_ELEMENTS(marks); m++) {
            g_autofree char *text = message_of(SHAPES[s].text, "Yes", 1);
            g_autofree char *marked = g_strconcat(marks[m], text, NULL);
            receive(o, marked);
            if (o->last.answers)
                g_error("%s, %s: a machine's answer counts", SHAPES[s].name, marks[m]);
        }
}

/* A token that was altered, or is another letter's, counts for nobody, in whatever shape. */
static void test_no_forged_token_counts(Office *o, gconstpointer data)
{
    static const char *const tokens[] = {"aaaaaaaaaaaaaaaaaaaaaaaaaa", "@2/1@", "@3/1@"};
    (void)data;
    for (gsize s = 0; s < G_N_ELEMENTS(SHAPES); s++)
        for (gsize t = 0; t < G_N_ELEMENTS(tokens); t++) {
            g_autofree char *text = message_of(SHAPES[s].text, "No, thank you", 1);
            GString *forged = g_string_new(text);
            g_string_replace(forged, "@1/1@", tokens[t], 0);
            receive(o, forged->str);
            g_string_free(forged, TRUE);
            if (o->last.answers)
                g_error("%s: the token %s counts", SHAPES[s].name, tokens[t]);
        }
}

/* Another head who writes with this head's letter quoted: either school may be meant. */
static void test_no_other_head_counts(Office *o, gconstpointer data)
{
    (void)data;
    for (gsize s = 0; s < G_N_ELEMENTS(SHAPES); s++) {
        if (!strstr(SHAPES[s].text, "From: @FROM@"))
            continue;
        g_autofree char *text = message_of(SHAPES[s].text, "Yes", 1);
        GString *other = g_string_new(text);
        g_string_replace(other, "From: Head1 <head1@", "From: Head2 <head2@", 1);
        receive(o, other->str);
        g_string_free(other, TRUE);
        if (o->last.answers)
            g_error("%s: another head's answer counts", SHAPES[s].name);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name, function)                                                                       \
    g_test_add("/answer-shapes/" name, Office, NULL, set_up, function, tear_down)
    TEST("product", test_product);
    TEST("machines", test_no_machine_counts);
    TEST("forged", test_no_forged_token_counts);
    TEST("other-head", test_no_other_head_counts);
    return g_test_run();
}
