/* doctor_schedule - what runs by itself: whether anything starts it, can tell of it, and lets it send */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "text/day.h"
#include "text/when.h"
#include "doctor/doctor_parts.h"
#include "schedule/timed.h"
#include "workspace/sendhours.h"

enum { TABLE_MAX = 1 << 20 }; /* bytes of a crontab or unit that are looked at */

/* --- what starts it --------------------------------------------------------------------------- */

/* How the line that sends what is due ends, whatever the program's own path is; NULL when it can't be
 * written. Newly allocated. */
static char *line_end(const char *text, const char *mark)
{
    const char *at = text ? strstr(text, mark) : NULL;
    return at ? g_strndup(at, strcspn(at, "\n")) : NULL;
}

/* Whether a file of somebody else's, as far as it may be read, holds a line that ends so. */
static gboolean file_has(const char *path, const char *end)
{
    gsize length;
    g_autofree char *text = NULL;
    return end && g_file_get_contents(path, &text, &length, NULL) && length <= TABLE_MAX &&
           strstr(text, end) != NULL;
}

/* The first file of the folder that holds it; newly allocated, or NULL. */
static char *folder_has(const char *folder, const char *suffix, const char *end)
{
    const char *name;
    g_autoptr(GDir) all = g_dir_open(folder, 0, NULL);
    while (all && (name = g_dir_read_name(all))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_str_has_suffix(name, suffix) && file_has(path, end))
            return g_steal_pointer(&path);
    }
    return NULL;
}

/* The crontab of whoever asks; that of others can't be seen. */
static gboolean own_crontab_has(const char *end)
{
    char *words[] = {(char *)"crontab", (char *)"-l", NULL};
    g_autofree char *text = NULL;
    return end &&
           g_spawn_sync(NULL, words, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                        NULL, &text, NULL, NULL, NULL) &&
           text && strstr(text, end);
}

static char *cron_that_runs(const Timed *timed)
{
    g_autofree char *table = timed_crontab(timed, g_get_user_name(), NULL);
    g_autofree char *end = line_end(table, " send --due ");
    if (own_crontab_has(end))
        return g_strdup_printf("the crontab of %s", g_get_user_name());
    if (file_has("/etc/crontab", end))
        return g_strdup("/etc/crontab");
    return folder_has("/etc/cron.d", "", end);
}

/* A timer that is there and not enabled starts nothing. */
static char *timer_that_runs(DoctorRun *self, const Timed *timed)
{
    static const char system[] = "/etc/systemd/system";
    const char *const nowhere[] = {"/", NULL};
    g_autoptr(GPtrArray) units = timed_units(timed, "root", nowhere);
    const TimedUnit *unit = g_ptr_array_index(units, 0);
    g_autofree char *end = line_end(unit->text, " \"send\" \"--due\" ");
    g_autofree char *service = folder_has(system, ".service", end);
    if (!service)
        return NULL;
    g_autofree char *name = g_path_get_basename(service);
    g_autofree char *base = g_strndup(name, strlen(name) - strlen(".service"));
    g_autofree char *timer = g_strconcat(base, ".timer", NULL);
    g_autofree char *wanted = g_build_filename(system, "timers.target.wants", timer, NULL);
    g_autofree char *fix = g_strdup_printf("systemctl enable --now %s", timer);
    if (!g_file_test(wanted, G_FILE_TEST_IS_SYMLINK))
        doctor_warn(self, fix, "the timer %s is there and not enabled: nothing goes by itself",
                    timer);
    return g_steal_pointer(&timer);
}

/* --- who hears of it -------------------------------------------------------------------------- */

static void doctor_mta(DoctorRun *self, const Timed *timed)
{
    static const char *const places[] = {"/usr/sbin/sendmail", "/usr/lib/sendmail",
                                         "/usr/bin/sendmail"};
    for (guint i = 0; i < G_N_ELEMENTS(places); i++)
        if (access(places[i], X_OK) == 0) {
            doctor_ok(self, "what goes wrong is mailed to %s by %s",
                      timed->mailto ? timed->mailto : "the user who runs it (cron.mailto)",
                      places[i]);
            return;
        }
    doctor_warn(self,
                "install one, such as msmtp-mta or postfix, or look at 'circular status' every day",
                "this machine has no sendmail: what goes wrong in runs by themselves is mailed to "
                "nobody");
}

static void doctor_started(DoctorRun *self, const Timed *timed, guint digests)
{
    g_autofree char *cron = cron_that_runs(timed);
    g_autofree char *timer = cron ? NULL : timer_that_runs(self, timed);
    if (cron || timer) {
        doctor_ok(self, "what is due is sent by %s", cron ? cron : timer);
        doctor_mta(self, timed);
    } else if (digests && doctor_run_mails(self)) {
        doctor_warn(
            self,
            "'circular cron print' has lines for crontab -e, 'circular cron systemd' units; "
            "or is it another user's crontab, which can't be seen from here?",
            "nothing is seen that starts 'circular send --due' for this workspace: "
            "digests, and letters with a time, wait for it");
    }
}

/* --- when it may send ------------------------------------------------------------------------- */

static void doctor_sheets(DoctorRun *self, const SendHours *hours)
{
    Day today = day_of(clock_now(), NULL);
    const Terms *terms = sendhours_terms(hours), *holidays = sendhours_holidays(hours);
    if (terms && !terms_after(terms, today))
        doctor_warn(self, "add the terms to come",
                    "%s has no term to come: after the last nothing "
                    "is sent (send.terms)",
                    settings_text(self->settings, "send.terms"));
    if (holidays && !terms_after(holidays, today))
        doctor_warn(self, "add those of the coming year",
                    "%s has no holiday to come: letters go on them (send.holidays)",
                    settings_text(self->settings, "send.holidays"));
}

static void doctor_hours(DoctorRun *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SendHours) hours = sendhours_load(self->workspace, &error);
    gint64 now = clock_now(), opens = hours ? sendhours_opens(hours, now) : 0;
    if (!hours) {
        doctor_error(self, error, NULL);
        return;
    }
    if (!sendhours_are_limited(hours))
        return;
    g_autofree char *why = sendhours_why(hours, now), *when = when_text(opens);
    if (opens == now)
        doctor_ok(self, "letters may go now (%s)",
                  settings_has(self->settings, "send.hours")
                      ? settings_text(self->settings, "send.hours")
                      : "send.terms, send.holidays");
    else if (opens)
        doctor_ok(self, "letters go again on %s: %s", when, why);
    doctor_sheets(self, hours);
}

void doctor_schedule(DoctorRun *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Timed) timed = timed_new(self->workspace, "circular", &error);
    guint digests = 0;
    if (!timed) {
        doctor_error(self, error, NULL);
        return;
    }
    for (guint i = 0; i < timed->jobs->len; i++)
        digests += ((const TimedJob *)g_ptr_array_index(timed->jobs, i))->when != NULL;
    if (digests)
        doctor_ok(self, "%u of the digests can be sent by cron: see 'circular cron print'",
                  digests);
    else
        doctor_skip(self, "no digest has a schedule");
    doctor_started(self, timed, digests);
    doctor_hours(self);
}
