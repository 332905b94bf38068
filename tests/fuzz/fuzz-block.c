/* fuzz-block - any text as a question and as an event of a letter; what is read is written as it is in use */
#include <stdint.h>
#include <string.h>

#include "fact/question.h"
#include "calendar/ical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const char *info, const char *body, guint lines)
{
    guint line = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(Question) question = question_parse(info, body, &line, &error);
    g_assert_true((question != NULL) == (error == NULL));
    g_assert_cmpuint(line, <=, lines);
    for (guint i = 0; question && i < question->choices->len; i++) {
        g_autofree char *uri = question_mailto(question, i, "TOKEN", "answers@example.org");
        g_assert_null(strpbrk(uri, " +\"<>\r\n"));
    }
}

static void write_down(Event *event)
{
    const IcalOptions options = {.zone = "Europe/London",
                                 .organiser = "office@example.org",
                                 .organiser_name = "",
                                 .mailing = "term"};
    g_autoptr(GPtrArray) events = g_ptr_array_new();
    g_ptr_array_add(events, event);
    g_autofree char *when = event_when(event, "en");
    g_assert_true(*when);
    g_autofree char *file = ical_write(events, &options, NULL, NULL);
    g_auto(GStrv) lines = g_strsplit(file ? file : "", "\r\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_assert_cmpuint(strlen(lines[i]), <=, ICAL_LINE_MAX);
        g_assert_true(g_utf8_validate(lines[i], -1, NULL));
        g_assert_null(strpbrk(lines[i], "\r\n"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text =
        g_strndup((const char *)data, size); /* an update is UTF-8 without NUL */
    if (!g_utf8_validate(text, -1, NULL))
        return 0;
    char *body = strchr(text, '\n');
    if (body)
        *body++ = '\0';
    guint lines = 1, line = 0;
    for (const char *p = body; p && *p; p++)
        lines += *p == '\n';
    ask(text, body ? body : "", lines);
    g_autoptr(Event) event = event_parse(text, body ? body : "", &line, NULL);
    g_assert_cmpuint(line, <=, lines);
    if (event)
        write_down(event);
    return 0;
}
