/* timed - what is to run by itself for a workspace, and when
 *
 * Sending what is due, reading bounces where a mailbox is set up, and the digests that have a
 * schedule: as command lines with absolute paths, for cron and systemd to start.
 */
#ifndef SCHEDULE_TIMED_H
#define SCHEDULE_TIMED_H

#include "config/timetable.h"
#include "workspace/workspace.h"

enum {
    TIMED_SEND_MINUTES = 5,     /* how often what is due is sent */
    TIMED_BOUNCES_MINUTES = 15, /* how often bounces are read */
    TIMED_SETTLE_MINUTES = 30,  /* how often letters in doubt are looked for */
    TIMED_MISSED_MINUTES = 15,  /* how often cron looks for digests that were missed */
};

typedef struct {
    char *name;         /* "send", "bounces", "digest-weekly" */
    char *purpose;      /* one line, for people */
    char **argv;        /* the program by its absolute path, command, options, --config FILE */
    guint minutes;      /* every so many minutes of the hour; or 0 and */
    Timetable *when;    /* by the config */
    gboolean cron_only; /* systemd makes up by itself for what was missed */
} TimedJob;

typedef struct {
    char *config;      /* the absolute path of the workspace's config */
    char *mailto;      /* whom to tell, by the config; or NULL */
    GPtrArray *jobs;   /* of TimedJob */
    GPtrArray *advice; /* of char*: what a person must know or do, a line each */
} Timed;

/* For a workspace, with the absolute path of the program. CONFIG for a schedule that can't be
 * understood (file:line), and when a path holds a backslash or a control character: neither cron
 * nor systemd could be given that. */
Timed *timed_new(const Workspace *workspace, const char *program, GError **error);
void timed_free(Timed *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Timed, timed_free)

/* As a crontab(5), with comments; newly allocated. What it says is mailed to `user` where the config
 * names nobody. CONFIG when a line would be longer than cron
 * reads. */
char *timed_crontab(const Timed *self, const char *user, GError **error);

typedef struct {
    char *name; /* "circular-letters-send.timer" */
    char *text;
} TimedUnit;

/* As systemd.timer(5) and systemd.service(5) units, of TimedUnit, each service followed by its
 * timer, and last the one that tells of a failure; to be unreffed. They run as `user` and may write below `folders` (NULL-terminated) and
 * nowhere else. */
GPtrArray *timed_units(const Timed *self, const char *user, const char *const *folders);

#endif
