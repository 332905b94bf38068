/* calendarreply - what a calendar sends back when its owner accepts or declines an event */
#include "answer/calendarreply.h"

#include <string.h>

void calendarreply_free(CalendarReply *self)
{
    if (!self)
        return;
    g_free(self->uid);
    g_free(self->attendee);
    g_free(self->comment);
    g_free(self);
}

/* RFC 5545 section 3.1: a line goes on below behind a blank or tab. */
static char **unfolded(const char *text)
{
    g_autofree char *cut = g_strndup(text, strnlen(text, CALENDARREPLY_TEXT_MAX));
    g_autofree char *valid = g_utf8_make_valid(cut, -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = valid; *at; at++) {
        if (*at == '\r')
            continue;
        if (*at == '\n' && (at[1] == ' ' || at[1] == '\t'))
            at++;
        else
            g_string_append_c(out, *at);
    }
    return g_strsplit(out->str, "\n", -1);
}

/* Where the value begins: behind the first colon that isn't in quotes; NULL for none. */
static const char *value_of(const char *line)
{
    gboolean quoted = FALSE;
    for (; *line; line++) {
        quoted ^= *line == '"';
        if (*line == ':' && !quoted)
            return line + 1;
    }
    return NULL;
}

static gboolean is_property(const char *line, const char *name)
{
    gsize length = strlen(name);
    return g_ascii_strncasecmp(line, name, length) == 0 && strchr(":;", line[length]) &&
           line[length];
}

/* A TEXT value on one line, its backslashes undone. */
static char *text_value(const char *value)
{
    GString *out = g_string_new(NULL);
    for (; *value && out->len < CALENDARREPLY_VALUE_MAX; value++) {
        gboolean escaped = *value == '\\' && value[1];
        value += escaped;
        gboolean blank = (escaped && (*value == 'n' || *value == 'N')) || (guchar)*value < 0x20;
        g_string_append_c(out, blank ? ' ' : *value);
    }
    g_autofree char *valid = g_utf8_make_valid(out->str, (gssize)out->len);
    g_string_free(out, TRUE);
    return g_strstrip(g_steal_pointer(&valid));
}

/* The value of a parameter, without the quotes it may stand in; newly allocated, or NULL. */
static char *parameter_of(const char *line, const char *name)
{
    gsize length = strlen(name);
    gboolean quoted = FALSE;
    for (; *line && (quoted || *line != ':'); line++) {
        quoted ^= *line == '"';
        if (quoted || *line != ';' || g_ascii_strncasecmp(line + 1, name, length) != 0 ||
            line[1 + length] != '=')
            continue;
        const char *value = line + length + 2;
        return *value == '"' ? g_strndup(value + 1, strcspn(value + 1, "\""))
                             : g_strndup(value, strcspn(value, ";:"));
    }
    return NULL;
}

static Attendance attendance_of(const char *line)
{
    static const struct {
        const char *word;
        Attendance means;
    } all[] = {{"ACCEPTED", ATTENDS_ACCEPTED},
               {"TENTATIVE", ATTENDS_TENTATIVE},
               {"DECLINED", ATTENDS_DECLINED}};
    g_autofree char *said = parameter_of(line, "PARTSTAT");
    for (gsize i = 0; said && i < G_N_ELEMENTS(all); i++)
        if (g_ascii_strcasecmp(said, all[i].word) == 0)
            return all[i].means;
    return ATTENDS_NOT_SAID;
}

static void take_attendee(CalendarReply *self, const char *line, guint attendees)
{
    const char *value = value_of(line);
    if (g_ascii_strncasecmp(value, "mailto:", strlen("mailto:")) == 0)
        value += strlen("mailto:");
    g_free(self->attendee);
    self->attendee = text_value(value);
    /* A list of who attends says nothing of the one who wrote. */
    self->attendance = attendees == 1 ? attendance_of(line) : ATTENDS_NOT_SAID;
}

CalendarReply *calendarreply_read(const char *text)
{
    g_autoptr(CalendarReply) self = g_new0(CalendarReply, 1);
    g_auto(GStrv) lines = unfolded(text);
    gboolean replies = FALSE;
    guint events = 0, attendees = 0;
    self->attendee = g_strdup("");
    self->comment = g_strdup("");
    for (char **line = lines; *line; line++) {
        const char *value = value_of(*line);
        if (!value)
            continue;
        if (is_property(*line, "METHOD"))
            replies = g_ascii_strncasecmp(value, "REPLY", 5) == 0;
        events += is_property(*line, "BEGIN") && g_ascii_strncasecmp(value, "VEVENT", 6) == 0;
        if (events != 1)
            continue;
        if (is_property(*line, "UID") && !self->uid) {
            self->uid = text_value(value);
        } else if (is_property(*line, "ATTENDEE")) {
            take_attendee(self, *line, ++attendees);
        } else if (is_property(*line, "COMMENT")) {
            g_free(self->comment);
            self->comment = text_value(value);
        }
    }
    return replies && self->uid && *self->uid ? g_steal_pointer(&self) : NULL;
}
