/* test-ownwords - what a person wrote, and not the letter, the program, the gateway or the lawyer */
#include "answer/ownwords.h"
#include "mail/html_text.h"

#include <string.h>

static const char *const cases[][2] = {
    {"Yes please!\n\nOn Mon, 5 Jan 2026 at 10:00, Director of Schools <d@example.org> wrote:\n"
     "> Dear head,\n> could you?\n",
     "Yes please!"},
    {"Yes\n\nOn Mon, 5 Jan 2026 at 10:00, Director of Schools\n<d@example.org> wrote:\n\n> Dear\n",
     "Yes"},
    {"Am 05.01.26 um 10:00 schrieb Director of Schools:\n> Dear head,\n> could you?\n\nJa gerne.\n"
     "-- \nAnn Smith\n",
     "Ja gerne."},
    {"Ar Llun, 5 Ion 2026 am 10:00, ysgrifennodd Director <d@example.org>:\n> Annwyl\n\nYdym\n",
     "Ydym"},
    {"Yes\n\n________________________________\nFrom: Director of Schools <d@example.org>\n"
     "Sent: 05 January 2026 10:00\nTo: Head\nSubject: Support\n\nNo, thank you\n",
     "Yes"},
    {"Yes\n\nVon: Director <d@example.org>\nGesendet: Montag\nAn: Head\nBetreff: Support\n\nNo\n",
     "Yes"},
    {"Yes\n\n*From:* Director <d@example.org>\n*Sent:* Monday\n*To:* Head\n*Subject:* S\n\nNo\n",
     "Yes"},
    {"Yes\n\n-----Original Message-----\nFrom: Director\n\nNo\n", "Yes"},
    {"---------- Forwarded message ---------\nFrom: Head <h@oak.example>\nDate: Mon\n"
     "Subject: x\n\nYes\n",
     ""},
    {"> Could you?\nYes, we can.\n> When?\nIn May.\n", "Yes, we can.\nIn May."},
    {"CAUTION: This email originated from outside of the organisation.\n\nYes\n\n"
     "Sent from my iPhone\n",
     "Yes"},
    {"Yes\n\nGet Outlook for iOS\n", "Yes"},
    {"Yes\n--\nAnn\nHead, No Place School\n", "Yes"},
    {"Yes\n\nThis email and any attachments are confidential and intended only for the "
     "addressee.\nDo not reply.\n",
     "Yes"},
    {"##- Please type your reply above this line -##\n\nYes\n", "Yes"},
    {"Yes\n##- Please type your reply above this line -##\nNo\n", "Yes"},
    {"From: here on we can help.\nYes\n", "From: here on we can help.\nYes"},
    {"I wrote: yes\n", "I wrote: yes"},
    {"", ""},
    {"\377\376", "\357\277\275\357\277\275"},
};

static void test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *own = ownwords_of(cases[i][0], NULL);
        g_assert_cmpstr(own, ==, cases[i][1]);
    }
}

static void test_forwarded(void)
{
    gboolean forwarded;
    g_free(ownwords_of("FYI\n\nBegin forwarded message:\n\nFrom: a\nSubject: b\nDate: c\n\nYes\n",
                       &forwarded));
    g_assert_true(forwarded);
    g_free(ownwords_of("Yes\n\nOn Mon, 5 Jan 2026, A <a@b.example> wrote:\n> x\n", &forwarded));
    g_assert_false(forwarded);
}

/* Pages mark what is quoted by their elements, above and below what was written. */
static void test_pages(void)
{
    static const char *const pages[][2] = {
        {"<div dir=\"ltr\">Yes please!</div><br><div class=\"gmail_quote\"><div "
         "class=\"gmail_attr\">"
         "On Mon, 5 Jan 2026 at 10:00, Director &lt;<a href=\"mailto:d@example.org\">d@example.org"
         "</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\"><p>No, thank you</p>"
         "</blockquote></div>",
         "Yes please!"},
        {"<div class=\"moz-cite-prefix\">On 05/01/2026 10:00, Director wrote:<br></div>\n"
         "<blockquote type=\"cite\"><p>No</p>\n<p>thank\nyou</p></blockquote><p>Yes,\nwe can</p>",
         "Yes, we can"},
        {"<p>Yes</p><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> D"
         "<br><b>Sent:</b> Monday<br><b>To:</b> Head<br><b>Subject:</b> S</div><div>No</div>",
         "Yes"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autofree char *text = html_quoted_text(pages[i][0], strlen(pages[i][0]));
        g_autofree char *own = ownwords_of(text, NULL);
        g_assert_cmpstr(own, ==, pages[i][1]);
    }
}

static void test_limits(void)
{
    for (gsize length = OWNWORDS_MAX - 2; length <= OWNWORDS_MAX + 1; length++) {
        g_autofree char *text = g_strnfill(length, 'x');
        g_autofree char *own = ownwords_of(text, NULL);
        g_assert_cmpuint(strlen(own), ==, length < OWNWORDS_MAX ? length : 0);
    }
    GString *many = g_string_new(NULL);
    for (guint i = 0; i < 20000; i++)
        g_string_append(many, "word\n");
    g_autofree char *own = ownwords_of(many->str, NULL);
    g_assert_cmpuint(strlen(own), <=, OWNWORDS_MAX);
    g_string_free(many, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ownwords/cases", test_cases);
    g_test_add_func("/ownwords/forwarded", test_forwarded);
    g_test_add_func("/ownwords/pages", test_pages);
    g_test_add_func("/ownwords/limits", test_limits);
    return g_test_run();
}
