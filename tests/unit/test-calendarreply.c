/* test-calendarreply - what calendars send back: accepted, declined, or nothing that can be counted */
#include "answer/calendarreply.h"

#include <string.h>

#define REPLY(lines)                                                                               \
    "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n" lines "END:VEVENT\r\nEND:VCALENDAR\r\n"

static const struct {
    const char *text;
    const char *uid; /* NULL: no reply */
    const char *attendee, *comment;
    Attendance attendance;
} cases[] = {
    {REPLY("UID:a.b@c\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:x@y.example\r\n"), "a.b@c",
     "x@y.example", "", ATTENDS_ACCEPTED},
    /* Outlook, Google, Apple: parameters in any order, in quotes, folded, in small letters. */
    {REPLY("ATTENDEE;CN=\"Head; of: Oak\";ROLE=REQ-PARTICIPANT;PARTSTAT=DECL\r\n "
           "INED;RSVP=TRUE:MAILTO:x@y"
           ".example\r\nUID:a.b@c\r\nCOMMENT;LANGUAGE=en-GB:Sorry\\, we\\ncan't\r\n"),
     "a.b@c", "x@y.example", "Sorry, we can't", ATTENDS_DECLINED},
    {REPLY("uid:a.b@c\nattendee;partstat=\"tentative\":x@y.example\n"), "a.b@c", "x@y.example", "",
     ATTENDS_TENTATIVE},
    {REPLY("UID:a.b@c\r\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:x@y.example\r\n"), "a.b@c",
     "x@y.example", "", ATTENDS_NOT_SAID},
    {REPLY("UID:a.b@c\r\nATTENDEE;PARTSTAT=ACCEPTEDX:mailto:x@y.example\r\n"), "a.b@c",
     "x@y.example", "", ATTENDS_NOT_SAID},
    /* A name that looks like the answer, and the answers of two. */
    {REPLY("UID:a.b@c\r\nATTENDEE;CN=\"x;PARTSTAT=ACCEPTED\":mailto:x@y.example\r\n"), "a.b@c",
     "x@y.example", "", ATTENDS_NOT_SAID},
    {REPLY(
         "UID:a.b@c\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:x@y.example\r\nATTENDEE;PARTSTAT=DECLINED:"
         "mailto:z@y.example\r\n"),
     "a.b@c", "z@y.example", "", ATTENDS_NOT_SAID},
    {REPLY("ATTENDEE;PARTSTAT=ACCEPTED:mailto:x@y.example\r\n"), NULL, NULL, NULL,
     ATTENDS_NOT_SAID},
    {"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a.b@c\r\nEND:VEVENT\r\n", NULL, NULL,
     NULL, ATTENDS_NOT_SAID},
    {"", NULL, NULL, NULL, ATTENDS_NOT_SAID},
    {"\n :\n;:\nMETHOD", NULL, NULL, NULL, ATTENDS_NOT_SAID},
};

static void test_replies(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CalendarReply) reply = calendarreply_read(cases[i].text);
        g_assert_true((reply != NULL) == (cases[i].uid != NULL));
        if (!reply)
            continue;
        g_assert_cmpstr(reply->uid, ==, cases[i].uid);
        g_assert_cmpstr(reply->attendee, ==, cases[i].attendee);
        g_assert_cmpstr(reply->comment, ==, cases[i].comment);
        g_assert_cmpint(reply->attendance, ==, cases[i].attendance);
    }
}

/* One below the limit, at it and above: what stands behind it isn't looked at. */
static void test_limit(void)
{
    static const char begin[] = REPLY("UID:a.b@c\r\n"), name[] = "METHOD:REPLY\n";
    g_autofree char *fill = g_strnfill(CALENDARREPLY_TEXT_MAX, 'x');
    for (int above = -1; above <= 1; above++) {
        gsize blanks = CALENDARREPLY_TEXT_MAX + (gsize)above - strlen(name);
        g_autofree char *comment = g_strndup(fill, blanks - strlen("BEGIN:VEVENT\nUID:a.b@c\n\n"));
        g_autofree char *text = g_strdup_printf("BEGIN:VEVENT\nUID:a.b@c\n%s\n%s", comment, name);
        g_autoptr(CalendarReply) reply = calendarreply_read(text);
        g_assert_cmpuint(strlen(text), ==, CALENDARREPLY_TEXT_MAX + (gsize)above);
        g_assert_nonnull(reply); /* "METHOD:REPLY" without its line end is one, too */
    }
    g_autofree char *late = g_strconcat(fill, "\n", begin, NULL);
    g_assert_null(calendarreply_read(late));
    g_autofree char *comment = g_strconcat("COMMENT:", fill, NULL);
    g_autofree char *text =
        g_strdup_printf("METHOD:REPLY\nBEGIN:VEVENT\nUID:a.b@c\n%.3000s", comment);
    g_autoptr(CalendarReply) reply = calendarreply_read(text);
    g_assert_cmpuint(strlen(reply->comment), ==, CALENDARREPLY_VALUE_MAX);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendarreply/replies", test_replies);
    g_test_add_func("/calendarreply/limit", test_limit);
    return g_test_run();
}
