/* test-ical - events read from a block, and written as iCalendar */
#include "calendar/ical.h"

#include <string.h>

#include "base/error.h"

static Event *read_event(const char *body)
{
    GError *error = NULL;
    guint line;
    Event *event = event_parse("event briefing", body, &line, &error);
    g_assert_no_error(error);
    return event;
}

static void fails(const char *info, const char *body, guint line, const char *words)
{
    GError *error = NULL;
    guint at = 99;
    g_assert_null(event_parse(info, body, &at, &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    g_assert_nonnull(strstr(error->message, words));
    g_assert_cmpuint(at, ==, line);
    g_error_free(error);
}

static void when_is(const char *body, const char *lang, const char *expected)
{
    g_autoptr(Event) event = read_event(body);
    g_autofree char *when = event_when(event, lang);
    g_assert_cmpstr(when, ==, expected);
}

static void test_parse(void)
{
    g_autoptr(Event) event = read_event("title: Briefing\nstart: 14 January 2027 09:30\n"
                                        "END: 12:00\nplace: Guildhall, Northmere\n\nCoffee\nfrom "
                                        "nine.\n");
    g_assert_cmpstr(event->slug, ==, "briefing");
    g_assert_cmpstr(event->title, ==, "Briefing");
    g_assert_cmpstr(event->place, ==, "Guildhall, Northmere");
    g_assert_cmpstr(event->about, ==, "Coffee from nine.");
    g_assert_cmpint(event->start_minutes, ==, 570);
    g_assert_cmpint(event->end_minutes, ==, 720);
    g_assert_cmpuint(event->end, ==, event->start);
    when_is("title: T\nstart: 14 January 2027 09:30\nend: 12:00", "en-GB",
            "Thursday 14 January 2027, 9:30am to midday");
    when_is("title: T\nstart: 14 January 2027", "en", "Thursday 14 January 2027");
    when_is("title: T\nstart: 14 January 2027\nend: 15 January 2027", "en",
            "Thursday 14 January 2027 to Friday 15 January 2027");
    when_is("title: T\nstart: 14 January 2027 22:00\nend: 15 January 2027 01:00", "en",
            "Thursday 14 January 2027, 10pm to Friday 15 January 2027, 1am");
    when_is("title: T\nstart: 14 January 2027 09:30", "cy", "14 Ionawr 2027, 09:30");
}

static void test_refused(void)
{
    fails("event", "title: T\nstart: 2027-01-14", 0, "name of an event");
    fails("event Heads Briefing", "title: T\nstart: 2027-01-14", 0, "small letters");
    fails("event x", "start: 2027-01-14", 0, "no title");
    fails("event x", "title: T", 0, "no beginning");
    fails("event x", "title: T\nstart: 31 February 2027", 2, "start:");
    fails("event x", "title: T\nstart: 2027-01-14\nstart: 2027-01-15", 3, "one line");
    fails("event x", "title: T\nstart: 2027-01-14 10:00\nend: 09:00", 3, "ends before");
    fails("event x", "title: T\nend: 2027-01-13\nstart: 2027-01-14", 2, "ends before");
    fails("event x", "title: T\nstart: 2027-01-14\nend: 09:00", 3, "neither");
    fails("event x", "title: {{name}}\nstart: 2027-01-14", 1, "a field");
    g_autofree char *most = g_strnfill(EVENT_TEXT_MAX, 'x'), *over = g_strconcat(most, "x", NULL);
    g_autofree char *fine = g_strconcat("title: ", most, "\nstart: 2027-01-14", NULL);
    g_autofree char *long_one = g_strconcat("title: ", over, "\nstart: 2027-01-14", NULL);
    g_autoptr(Event) event = read_event(fine);
    g_assert_cmpuint(strlen(event->title), ==, EVENT_TEXT_MAX);
    fails("event x", long_one, 1, "longer");
}

static char *written(const char *body, const char *zone, GError **error)
{
    g_autoptr(Event) event = read_event(body);
    g_autoptr(GPtrArray) events = g_ptr_array_new();
    g_ptr_array_add(events, event);
    return ical_write(events,
                      &(IcalOptions){.zone = zone,
                                     .organiser = "schools@example.org",
                                     .domain = "example.org",
                                     .organiser_name = "The \"Director\"",
                                     .mailing = "spring-1a2b3c",
                                     .sequence = 2,
                                     .stamp = 1764547200},
                      NULL, error);
}

static void test_file(void)
{
    g_autofree char *text = written("title: Heads; all, of \\us\nstart: 14 July 2026 09:30\n"
                                    "end: 12:00\nplace: Guildhall",
                                    "Europe/London", NULL);
    g_assert_cmpstr(text, ==,
                    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                    "PRODID:-//circular//circular 0.2.0//EN\r\n"
                    "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\n"
                    "UID:briefing.spring-1a2b3c@example.org\r\nDTSTAMP:20251201T000000Z\r\n"
                    "SEQUENCE:2\r\nDTSTART:20260714T083000Z\r\nDTEND:20260714T110000Z\r\n"
                    "SUMMARY:Heads\\; all\\, of \\\\us\r\nLOCATION:Guildhall\r\n"
                    "ORGANIZER;CN=\"The 'Director'\":mailto:schools@example.org\r\n"
                    "END:VEVENT\r\nEND:VCALENDAR\r\n");
    g_autofree char *days =
        written("title: T\nstart: 14 July 2026\nend: 16 July 2026", "Europe/London", NULL);
    g_assert_nonnull(strstr(days, "\r\nDTSTART;VALUE=DATE:20260714\r\n"
                                  "DTEND;VALUE=DATE:20260717\r\n"));
}

static void test_clock_changes(void)
{
    GError *error = NULL;
    g_assert_null(written("title: T\nstart: 28 March 2027 01:30", "Europe/London", &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    g_clear_error(&error);
    g_assert_null(written("title: T\nstart: 28 March 2027", "Europe/Nowhere", &error));
    g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
    g_clear_error(&error);
    g_autofree char *before =
        written("title: T\nstart: 28 March 2027 00:30", "Europe/London", NULL);
    g_autofree char *after = written("title: T\nstart: 28 March 2027 02:30", "Europe/London", NULL);
    g_assert_nonnull(strstr(before, "DTSTART:20270328T003000Z"));
    g_assert_nonnull(strstr(after, "DTSTART:20270328T013000Z"));
    g_autofree char *twice =
        written("title: T\nstart: 25 October 2026 01:30", "Europe/London", NULL);
    g_assert_nonnull(strstr(twice, "DTSTART:20261025T003000Z"));
}

/* Unfolded, each line is what was put in, whatever its length and characters. */
static void test_folding(void)
{
    static const char *const pieces[] = {"x", "é", "€", "😀", ","};
    for (guint length = 0; length < 200; length++) {
        g_autoptr(GString) value = g_string_new(NULL);
        g_autoptr(GString) out = g_string_new(NULL);
        for (guint i = 0; i < length; i++)
            g_string_append(value, pieces[(i * 7 + length) % G_N_ELEMENTS(pieces)]);
        ical_line(out, "SUMMARY", value->str, FALSE);
        g_assert_true(g_utf8_validate(out->str, (gssize)out->len, NULL));
        g_auto(GStrv) lines = g_strsplit(out->str, "\r\n", -1);
        for (guint i = 0; lines[i]; i++)
            g_assert_cmpuint(strlen(lines[i]), <=, ICAL_LINE_MAX);
        g_string_replace(out, "\r\n ", "", 0);
        g_autofree char *whole = g_strconcat("SUMMARY:", value->str, "\r\n", NULL);
        g_assert_cmpstr(out->str, ==, whole);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ical/parse", test_parse);
    g_test_add_func("/ical/refused", test_refused);
    g_test_add_func("/ical/file", test_file);
    g_test_add_func("/ical/clock-changes", test_clock_changes);
    g_test_add_func("/ical/folding", test_folding);
    return g_test_run();
}
