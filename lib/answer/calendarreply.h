/* calendarreply - what a calendar sends back when its owner accepts or declines an event
 *
 * RFC 5546 section 3.2.3: METHOD:REPLY with one VEVENT, the UID of the event, and one ATTENDEE with
 * the answer. A pure function of the part's text; whose event the UID names is for inbound to say.
 */
#ifndef ANSWER_CALENDARREPLY_H
#define ANSWER_CALENDARREPLY_H

#include <glib.h>

enum {
    CALENDARREPLY_TEXT_MAX = 64 << 10, /* bytes that are looked at */
    CALENDARREPLY_VALUE_MAX = 1000
};

typedef enum {
    ATTENDS_NOT_SAID, /* needs action, delegated, or said of several */
    ATTENDS_ACCEPTED,
    ATTENDS_TENTATIVE,
    ATTENDS_DECLINED
} Attendance;

typedef struct {
    char *uid;
    char *attendee; /* an address, "" if none */
    char *comment;  /* on one line, "" if none */
    Attendance attendance;
} CalendarReply;

/* Reads the text of a part text/calendar. NULL when it is no reply, or has no UID. */
CalendarReply *calendarreply_read(const char *text);
void calendarreply_free(CalendarReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CalendarReply, calendarreply_free)

#endif
