/* test-answering - answers of the shapes that mail programs make: on the right school, or with a person
 */
#include "answers-fixture.h"

#define HEAD1 "From: Ann Head <head1@school.example>\nTo: answers@example.org\n"
#define BODY(choice, token) "\nAnswer: " choice "\n\n\n[" token "] support\n"

static const struct {
    const char *what, *text, *latest;
} shapes[] = {
    {"the button, as it is", HEAD1 "Subject: [@1/1@] support: Yes\n" BODY("Yes", "@1/1@"),
     "100001|support|Yes|counted"},
    {"a gateway's mark, and words above",
     HEAD1 "Subject: [EXTERNAL] [@1/1@] support: No, thank you\n\nSorry, we have no room.\n"
           "Answer: No, thank you\n\n[@1/1@] support\n",
     "100001|support|No, thank you|counted"},
    {"the subject was lost", HEAD1 "Subject: \n" BODY("Yes, from the summer term", "@1/1@"),
     "100001|support|Yes, from the summer term|counted"},
    {"the text was lost", HEAD1 "Subject: [@1/1@] support: Yes\n\n\n",
     "100001|support|Yes|counted"},
    {"encrypted",
     HEAD1 "Subject: [@1/1@] support: Yes\nContent-Type: application/pkcs7-mime; "
           "smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\nMIAG\n",
     "100001|support|Yes|counted"},
    {"upper case, typographic", HEAD1 "Subject: [@1/1@] Support: YES, FROM THE SUMMER TERM.\n\n\n",
     "100001|support|Yes, from the summer term|counted"},
    {"an assistant",
     "From: PA <office@elsewhere.example>\nTo: a@example.org\nSubject: [@1/2@] support: "
     "Yes\n" BODY("Yes", "@1/2@"),
     "100002|support|Yes|counted"},
    {"an assistant forwards",
     "From: PA <office@elsewhere.example>\nTo: a@example.org\nSubject: FW: [@1/2@] support: "
     "Yes\n\nFrom: Head2 <head2@school.example>\nSent: today\nTo: PA\nSubject: x\n\nAnswer: Yes\n\n"
     "[@1/2@] support\n",
     "100002|support|Yes|counted"},
    {"a ticket system",
     "From: Helpdesk <help@oak.example>\nTo: a@example.org\nSubject: [Ticket#2024100410000012] "
     "[@1/3@] support: Yes\n\n##- Please type your reply above this line -##\n\nAnswer: "
     "Yes\n\n\n[@1/3@] support\n\n--------------------------------\nThis email is a service from "
     "Oak.\n",
     "100003|support|Yes|counted"},
    {"words above the quoted letter",
     HEAD1 "Subject: Re: Support\nIn-Reply-To: <m1.1@example.org>\n\nYes please!\n\nOn Mon, 5 Jan "
           "2026, Office <o@example.org> wrote:\n> [@1/1@] support: Yes\n> [@1/1@] support: No, "
           "thank you\n",
     "100001|support|Yes|counted"},
    {"words below it",
     HEAD1 "Subject: AW: Support\n\nAm 05.01.2026 um 10:00 schrieb Office:\n> [@1/1@] support: "
           "Yes\n\nNo, thank you\n",
     "100001|support|No, thank you|counted"},
    {"a page whose buttons are quoted",
     HEAD1 "Subject: Re: Support\nContent-Type: text/html\n\n<div>Yes please</div><div>On 5 Jan "
           "2026 Office wrote:</div><blockquote><a "
           "href=\"mailto:a@example.org?subject=%5B@1/1@%5D%20support%3A%20Yes\">Yes</a>"
           "</blockquote>\n",
     "100001|support|Yes|counted"},
    {"two questions, one named", HEAD1 "Subject: [@2/1@] guidance: Yes, I have read it\n\n\n",
     "100001|guidance|Yes, I have read it|counted"},
    /* --- for a person --- */
    {"a condition",
     HEAD1 "Subject: Re: Support\n\nYes, if it is in May.\n\n> [@1/1@] support: Yes\n",
     "100001|support||review"},
    {"a condition below the button's lines",
     HEAD1 "Subject: [@1/1@] support: Yes\n\nAnswer: Yes\n\nBut only if supply cover is paid.\n",
     "100001|support|Yes|review"},
    {"taken back",
     HEAD1 "Subject: [@1/1@] support: Yes\n\nSorry, wrong button!\nAnswer: Yes\n[@1/1@] support\n",
     "100001|support|Yes|review"},
    {"another choice in words",
     HEAD1 "Subject: [@1/1@] support: Yes\n\nNo, thank you.\n\nAnswer: Yes\n[@1/1@] support\n",
     "100001|support|No, thank you|review"},
    {"subject and text differ",
     HEAD1 "Subject: [@1/1@] support: Yes\n" BODY("No, thank you", "@1/1@"),
     "100001|support|No, thank you|review"},
    {"the answer's words were changed",
     HEAD1 "Subject: [@1/1@] support: Yes\n" BODY("Yes or no", "@1/1@"),
     "100001|support|Yes|review"},
    {"thanks for the office's answer",
     HEAD1 "Subject: Re: [@1/1@] support: Yes\n\nThank you, see you then.\n\nOn 5 Jan 2026, Office "
           "<o@example.org> wrote:\n> Answer: Yes\n> [@1/1@] support\n",
     "100001|support||review"},
    {"two questions, none named", HEAD1 "Subject: Re: Lunch\n\nYes\n\n> [@2/1@] lunch: Yes\n",
     "100001|||review"},
    {"the question of another letter", HEAD1 "Subject: [@2/1@] support: Yes\n\n\n",
     "100001|||review"},
    {"a letter that asks nothing", HEAD1 "Subject: [@3/1@] support: Yes\n\n\n", "100001|||review"},
    {"an altered token", HEAD1 "Subject: [aaaaaaaaaaaaaaaaaaaaaaaaa] support: Yes\n\nAnswer: Yes\n",
     "|||review"},
    {"two tokens", HEAD1 "Subject: [@1/1@] support: Yes\n" BODY("Yes", "@1/2@"),
     "100001|support|Yes|review"},
    {"another head with this head's letter",
     "From: Head2@SCHOOL.example\nTo: a@example.org\nSubject: [@1/1@] support: "
     "Yes\n" BODY("Yes", "@1/1@"),
     "100001|support|Yes|review"},
    {"the office's own copy", HEAD1 "Subject: [@1/4@] support: Yes\n" BODY("Yes", "@1/4@"),
     "seed:office@example.org|support|Yes|review"},
    {"no token, from a head's address",
     "From: head3@school.example\nTo: a@example.org\nSubject: support\n\nNo, thank you\n",
     "100003|||review"}, /* of the latest letter, which asks two things */
    {"away, and yet",
     HEAD1 "Subject: Away until Monday\nIn-Reply-To: <m1.1@example.org>\n\nI am out of the office "
           "until Monday and have limited access to email. [@1/1@]\n",
     "100001|support||review"},
};

static void test_shapes(Office *o, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        receive(o, shapes[i].text);
        g_autofree char *there = latest(o);
        guint counted = g_str_has_suffix(shapes[i].latest, "counted");
        if (g_strcmp0(there, shapes[i].latest) || o->last.to_review == (counted == 1) ||
            o->last.answers != counted || o->last.answers_doubted == counted) {
            g_autofree char *why = fixture_ask(
                o->f.path, "SELECT why || sender FROM answers ORDER BY number DESC LIMIT 1");
            g_error("%s: %s (%s)", shapes[i].what, there, why);
        }
    }
}

/* None of these is an answer, whatever token stands in it. */
static void test_machines(Office *o, gconstpointer data)
{
    (void)data;
    static const char *const machines[] = {
        HEAD1
        "Subject: Automatic reply: [@1/1@] support: Yes\nAuto-Submitted: auto-replied\n\nI am "
        "away.\nAnswer: Yes\n[@1/1@] support\n",
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: a@example.org\nSubject: Undelivered "
        "Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; "
        "boundary=x\n\n--x\n\nno\n--x\nContent-Type: message/delivery-status\n\nFinal-Recipient: "
        "rfc822; answers@example.org\nAction: failed\nStatus: 5.1.1\n--x\nContent-Type: "
        "message/rfc822\n\nSubject: [@1/1@] support: Yes\n\nAnswer: Yes\n--x--\n",
        HEAD1 "Subject: Read: [@1/1@] support: Yes\nContent-Type: multipart/report; "
              "report-type=disposition-notification; boundary=x\n\n--x\n\nread\n--x\nContent-Type: "
              "message/disposition-notification\n\nFinal-Recipient: rfc822; "
              "a@example.org\nDisposition: manual-action/MDN-sent-manually; displayed\n--x--\n",
        HEAD1 "Subject: unsubscribe\n\nAnswer: Yes\n[@1/1@] support\n",
        "From: stranger@elsewhere.example\nTo: a@example.org\nSubject: Yes\n\nYes\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(machines); i++)
        receive(o, machines[i]);
    g_autofree char *count = fixture_ask(o->f.path, "SELECT count(*) FROM answers");
    g_assert_cmpstr(count, ==, "0");
}

/* The last that was said holds, whichever came first; the same message is taken once. */
static void test_last_counts(Office *o, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    AnswerStanding standing;
    receive(o, HEAD1 "Date: Fri, 04 Oct 2024 00:00:00 +0000\nSubject: [@1/1@] support: Yes\n\n\n");
    receive(o, HEAD1 "Date: Thu, 03 Oct 2024 20:00:00 +0000\nSubject: [@1/1@] support: No, thank "
                     "you\n\n\n");
    g_autofree char *holds = fixture_ask(
        o->f.path, "SELECT choice FROM answers ORDER BY said_at DESC, number DESC LIMIT 1");
    g_assert_cmpstr(holds, ==, "Yes");
    o->messages = 0;
    receive(o, HEAD1 "Subject: [@1/1@] support: No, thank you\n\n\n");
    g_assert_cmpint(o->last.news, ==, INTAKE_REPEATED);
    g_assert_true(answers_standing(o->f.ledger, 1, "100001", &standing, &error));
    g_assert_true(standing.answered == 1 && !standing.waiting && !standing.reminded);
    g_assert_true(answers_standing(o->f.ledger, 1, "100002", &standing, &error));
    g_assert_true(!standing.answered);
}

static void test_late(Office *o, gconstpointer data)
{
    (void)data;
    o->messages =
        3 * 24 * 60 * 60; /* it comes three days on; the day ends by the clock that is here */
    receive(o, HEAD1 "Date: Sat, 05 Oct 2024 10:30:00 +0000\nSubject: [@1/1@] support: Yes\n\n\n");
    g_autofree char *first = fixture_ask(o->f.path, "SELECT late FROM answers");
    g_assert_cmpstr(first, ==, "0");
    receive(o, HEAD1 "Date: Sun, 06 Oct 2024 07:00:01 +0000\nSubject: [@1/1@] support: Yes\n\n\n");
    g_autofree char *then =
        fixture_ask(o->f.path, "SELECT late || state FROM answers ORDER BY number DESC LIMIT 1");
    g_assert_cmpstr(then, ==, "1counted");
}

/* An answer proves that the letter came; one that is being sent this moment waits for its outcome. */
static void test_unknown_and_sending(Office *o, gconstpointer data)
{
    (void)data;
    fixture_sql(o->f.path, "UPDATE deliveries SET state='unknown' WHERE mailing=1 AND number=1");
    fixture_sql(o->f.path, "UPDATE deliveries SET state='sending' WHERE mailing=1 AND number=2");
    receive(o, HEAD1 "Subject: [@1/1@] support: Yes\n\n\n");
    g_autofree char *state =
        fixture_ask(o->f.path, "SELECT state FROM deliveries WHERE mailing=1 AND number=1");
    g_assert_cmpstr(state, ==, "sent");
    receive(o, "From: head2@school.example\nSubject: [@1/2@] support: Yes\n\n\n");
    g_assert_cmpint(o->last.news, ==, INTAKE_LATER);
    g_autofree char *count = fixture_ask(o->f.path, "SELECT count(*) FROM answers");
    g_assert_cmpstr(count, ==, "1");
}

/* Where people write to the mailbox, too, what isn't clear stays there, and private letters are not
 * on record. */
static void test_shared_mailbox(Office *o, gconstpointer data)
{
    (void)data;
    o->intake.only_proven = TRUE;
    receive(o, HEAD1 "Subject: Something private\n\nNot for your ledger.\n");
    g_assert_cmpint(o->last.news, ==, INTAKE_NOT_OURS);
    receive(o, HEAD1 "Subject: [@1/1@] support: Yes\n\n\n");
    g_assert_true(o->last.news == INTAKE_APPLIED && !o->last.stays && o->last.answers == 1);
    receive(o, HEAD1 "Subject: Re: Support\n\nPerhaps.\n\n> [@1/1@] support: Yes\n");
    g_assert_true(o->last.news == INTAKE_APPLIED && o->last.stays && o->last.answers_doubted == 1);
    receive(o,
            HEAD1 "Subject: Re: Lunch\nReferences: <m1.1@example.org> <m2.1@example.org>\n\nNo\n");
    g_assert_true(o->last.news == INTAKE_APPLIED && o->last.stays && o->last.answers_doubted == 1);
}

/* The reader of another copy, also where that is a reminder's: either school may be meant. */
static void test_other_reader_of_a_reminder(Office *o, gconstpointer data)
{
    static const char answer[] = "From: head2@school.example\nTo: a@example.org\nSubject: [@1/1@] "
                                 "support: Yes\n\nAnswer: Yes\n";
    (void)data;
    fixture_sql(o->f.path,
                "UPDATE deliveries SET address='x@y.example' WHERE mailing=1 AND number=2");
    fixture_sql(o->f.path, "UPDATE deliveries SET address='x@y.example' WHERE mailing=3");
    receive(o, answer); /* letter 2 is another matter */
    g_assert_cmpuint(o->last.answers, ==, 1);
    fixture_sql(o->f.path, "UPDATE mailings SET follows=1, follows_as='reminder' WHERE number=2");
    receive(o, answer);
    g_assert_cmpuint(o->last.answers_doubted, ==, 1);
    g_autofree char *why =
        fixture_ask(o->f.path, "SELECT why FROM answers ORDER BY number DESC LIMIT 1");
    g_assert_nonnull(strstr(why, "another school's"));
}

/* --- calendars --- */

#define CALENDAR(uid, attendee, partstat)                                                          \
    "Subject: Accepted: Briefing\nMIME-Version: 1.0\nContent-Type: text/calendar; method=REPLY; "  \
    "charset=UTF-8\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:" uid                       \
    "\nATTENDEE;CN=\"Head: "                                                                       \
    "one\";PARTSTAT=" partstat ":mailto:" attendee "\nCOMMENT:We come with\\, say\\n two\n  of "   \
    "us\nEND:VEVENT\nEND:VCALENDAR\n"
#define FROM(address) "From: Head <" address ">\nTo: answers@example.org\n"
#define BRIEFING "briefing.m3@example.org"

static const struct {
    const char *what, *text, *latest; /* NULL: none of ours */
} calendars[] = {
    {"accepts", FROM("head1@school.example") CALENDAR(BRIEFING, "Head1@School.example", "ACCEPTED"),
     "100001|briefing|Accepts|counted"},
    {"as a file",
     FROM("head1@school.example") "Subject: Accepted: Briefing\nMIME-Version: 1.0\n"
                                  "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                                  "Content-Type: application/ics; name=invite.ics\n\n"
                                  "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:" BRIEFING
                                  "\nATTENDEE;PARTSTAT=ACCEPTED:mailto:head1@school.example\n"
                                  "END:VEVENT\nEND:VCALENDAR\n--b--\n",
     "100001|briefing|Accepts|counted"},
    {"declines",
     FROM("head2@school.example") CALENDAR(BRIEFING, "head2@school.example", "DECLINED"),
     "100002|briefing|Declines|counted"},
    {"tentative",
     FROM("head3@school.example") CALENDAR(BRIEFING, "head3@school.example", "TENTATIVE"),
     "100003|briefing|Tentative|counted"},
    {"undecided",
     FROM("head3@school.example") CALENDAR(BRIEFING, "head3@school.example", "NEEDS-ACTION"),
     "100003|briefing||review"},
    {"a stranger",
     FROM("x@elsewhere.example") CALENDAR(BRIEFING, "x@elsewhere.example", "ACCEPTED"),
     "|briefing|Accepts|review"},
    {"in another's name",
     FROM("x@elsewhere.example") CALENDAR(BRIEFING, "head1@school.example", "DECLINED"),
     "100001|briefing|Declines|review"},
    {"another event",
     FROM("head1@school.example")
         CALENDAR("fair.m3@example.org", "head1@school.example", "ACCEPTED"),
     NULL},
    {"another letter",
     FROM("head1@school.example")
         CALENDAR("briefing.m9@example.org", "head1@school.example", "ACCEPTED"),
     NULL},
    {"an event that is a question's namesake",
     FROM("head1@school.example")
         CALENDAR("lunch.m2@example.org", "head1@school.example", "ACCEPTED"),
     "100001|lunch|Accepts|review"},
};

static void test_calendars(Office *o, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    AnswerStanding standing;
    (void)data;
    fixture_sql(o->f.path,
                "INSERT INTO questions (mailing, number, slug, kind, text, choices, until) "
                "VALUES (3, 1, 'briefing', 'event', 'Briefing', '', 0), (2, 9, 'lunch', "
                "'event', 'Lunch', '', 0)");
    for (gsize i = 0; i < G_N_ELEMENTS(calendars); i++) {
        g_autofree char *before = latest(o);
        receive(o, calendars[i].text);
        g_autofree char *there = latest(o);
        const char *wanted = calendars[i].latest ? calendars[i].latest : before;
        if (g_strcmp0(there, wanted) ||
            o->last.answers !=
                (guint)(calendars[i].latest && g_str_has_suffix(calendars[i].latest, "counted")))
            g_error("%s: %s", calendars[i].what, there);
    }
    g_autofree char *text =
        fixture_ask(o->f.path, "SELECT text || verified FROM answers WHERE number = 1");
    g_assert_cmpstr(text, ==, "We come with, say  two of us0");
    /* Nobody has to answer an event: it is no question of the letter. */
    g_autoptr(GPtrArray) asked = answers_all_questions(o->f.ledger, 3, &error);
    g_autoptr(GPtrArray) events = answers_all_events(o->f.ledger, 3, &error);
    g_assert_true(asked && !asked->len && events && events->len == 1);
    g_assert_true(answers_standing(o->f.ledger, 3, "100001", &standing, &error));
    g_assert_true(!standing.answered);
}

/* By a person: counted with a choice, or dismissed; once. */
static void test_by_a_person(Office *o, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    receive(o, HEAD1 "Subject: Re: Support\n\nPerhaps.\n\n> [@1/1@] support: Yes\n");
    receive(o, HEAD1 "Subject: [aaaaaaaaaaaaaaaaaaaaaaaaa] support: Yes\n\n\n");
    g_assert_true(answers_count(o->f.ledger, 1, "support", "Yes", "ann", &error));
    g_assert_no_error(error);
    g_autofree char *row =
        fixture_ask(o->f.path, "SELECT state || choice || why FROM answers WHERE number = 1");
    g_assert_cmpstr(row, ==, "countedYescounted by ann");
    g_assert_false(answers_count(o->f.ledger, 1, "support", "Yes", "ann", &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT);
    g_clear_error(&error);
    g_assert_false(answers_count(o->f.ledger, 2, "support", "Yes", "ann", &error)); /* whose? */
    g_clear_error(&error);
    g_assert_true(answers_dismiss(o->f.ledger, 2, "ann", &error));
    g_assert_no_error(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name, function)                                                                       \
    g_test_add("/answering/" name, Office, NULL, set_up, function, tear_down)
    TEST("shapes", test_shapes);
    TEST("machines", test_machines);
    TEST("last-counts", test_last_counts);
    TEST("late", test_late);
    TEST("unknown-and-sending", test_unknown_and_sending);
    TEST("shared-mailbox", test_shared_mailbox);
    TEST("other-reader-of-a-reminder", test_other_reader_of_a_reminder);
    TEST("calendars", test_calendars);
    TEST("by-a-person", test_by_a_person);
    return g_test_run();
}
