/* timed_units - what runs by itself, as systemd units */
#include <string.h>

#include "schedule/timed.h"

/* What a service of ours needs not, and so may not (systemd.exec(5)). */
static const char HARDENING[] = "NoNewPrivileges=yes\n"
                                "UMask=0077\n"
                                "CapabilityBoundingSet=\n"
                                "ProtectSystem=strict\n"
                                "ProtectHome=read-only\n"
                                "PrivateTmp=yes\n"
                                "PrivateDevices=yes\n"
                                "ProtectHostname=yes\n"
                                "ProtectClock=yes\n"
                                "ProtectKernelTunables=yes\n"
                                "ProtectKernelModules=yes\n"
                                "ProtectKernelLogs=yes\n"
                                "ProtectControlGroups=yes\n"
                                "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK\n"
                                "RestrictNamespaces=yes\n"
                                "RestrictRealtime=yes\n"
                                "RestrictSUIDSGID=yes\n"
                                "LockPersonality=yes\n"
                                "MemoryDenyWriteExecute=yes\n"
                                "SystemCallArchitectures=native\n"
                                "SystemCallFilter=@system-service\n";

static void unit_free(gpointer data)
{
    TimedUnit *unit = data;
    g_free(unit->name);
    g_free(unit->text);
    g_free(unit);
}

/* A word in double quotes: systemd.syntax(7) for quotes, systemd.unit(5) for the specifiers that
 * begin with a percent sign, systemd.service(5) for the dollar of a variable. */
static void append_word(GString *out, const char *word, gboolean has_variables)
{
    g_string_append_c(out, '"');
    for (const char *at = word; *at; at++) {
        if (*at == '%' || (*at == '$' && has_variables))
            g_string_append_c(out, *at);
        else if (*at == '"')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
}

static void append_plain(GString *out, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "%", -1);
    g_autofree char *escaped = g_strjoinv("%%", parts);
    g_string_append(out, escaped);
}

/* "circular-letters-send": the workspace's folder tells two workspaces apart. */
static char *named(const Timed *self, const char *job)
{
    g_autofree char *folder = g_path_get_dirname(self->config);
    g_autofree char *base = g_path_get_basename(folder);
    for (char *at = base; *at; at++)
        if (!g_ascii_isalnum(*at) && *at != '-' && *at != '_')
            *at = '_';
    return g_strdup_printf("circular-%s-%s", base, job);
}

static char *unit_name(const Timed *self, const TimedJob *job)
{
    return named(self, job->name);
}

static char *failure_name(const Timed *self)
{
    return named(self, "failure");
}

/* Mails what systemd knows of a run that failed, as cron does; by the machine's own way to send mail,
 * for the relay may be what has failed. As root, who may read the journal. */
static char *failure_text(const Timed *self, const char *user)
{
    const char *to = self->mailto ? self->mailto : user;
    return g_strdup_printf(
        "# From 'circular cron systemd'.\n"
        "[Unit]\nDescription=circular: tells of a run that failed (%%i)\n"
        "Documentation=man:circular(1)\n\n[Service]\nType=oneshot\n"
        "ProtectHome=yes\nPrivateTmp=yes\nProtectClock=yes\nProtectKernelTunables=yes\n"
        "ProtectKernelModules=yes\nProtectControlGroups=yes\n"
        "ExecStart=/bin/sh -c \"{ printf 'To: %%%%s\\\\nSubject: %%%%s\\\\n\\\\n' '%s' "
        "'circular: %%i failed'; systemctl status --full --no-pager --lines=50 '%%i'; } | "
        "/usr/sbin/sendmail -t\"\n",
        to);
}

static void append_head(GString *out, const Timed *self, const TimedJob *job)
{
    g_autofree char *about = g_strdup_printf("circular: %s (%s)", job->purpose, self->config);
    g_string_append(out, "# From 'circular cron systemd'.\n");
    g_string_append(out, "[Unit]\nDescription=");
    append_plain(out, about);
    g_string_append(out, "\nDocumentation=man:circular(1)\n");
}

static char *service_text(const Timed *self, const TimedJob *job, const char *user,
                          const char *const *folders)
{
    GString *out = g_string_new(NULL);
    append_head(out, self, job);
    g_autofree char *failed = failure_name(self);
    g_string_append_printf(out, "OnFailure=%s@%%n.service\n", failed);
    g_string_append(out, "Wants=network-online.target\nAfter=network-online.target\n\n");
    for (guint i = 0; i < self->advice->len; i++)
        g_string_append_printf(out, "# Note: %s\n", (char *)g_ptr_array_index(self->advice, i));
    g_string_append(out, "[Service]\nType=oneshot\nUser=");
    append_plain(out, user);
    g_string_append(out, "\nExecStart=");
    for (char **word = job->argv; *word; word++) {
        if (word != job->argv)
            g_string_append_c(out, ' ');
        append_word(out, *word, word != job->argv);
    }
    g_string_append(out, "\nReadWritePaths=");
    for (; *folders; folders++) {
        append_word(out, *folders, FALSE);
        g_string_append_c(out, folders[1] ? ' ' : '\n');
    }
    g_string_append(out, HARDENING);
    return g_string_free(out, FALSE);
}

static char *timer_text(const Timed *self, const TimedJob *job)
{
    GString *out = g_string_new(NULL);
    append_head(out, self, job);
    g_string_append(out, "\n[Timer]\n");
    g_auto(GStrv) times = job->when ? timetable_systemd(job->when) : NULL;
    if (!times)
        g_string_append_printf(out, "OnCalendar=*:0/%u\n", job->minutes);
    for (char **time = times; time && *time; time++)
        g_string_append_printf(out, "OnCalendar=%s\n", *time);
    /* What was missed while the machine was off is made up for, once. */
    g_string_append(out, "Persistent=yes\n\n[Install]\nWantedBy=timers.target\n");
    return g_string_free(out, FALSE);
}

static void add_unit(GPtrArray *units, const char *name, const char *kind, char *text)
{
    TimedUnit *unit = g_new0(TimedUnit, 1);
    unit->name = g_strconcat(name, kind, NULL);
    unit->text = text;
    g_ptr_array_add(units, unit);
}

GPtrArray *timed_units(const Timed *self, const char *user, const char *const *folders)
{
    GPtrArray *units = g_ptr_array_new_with_free_func(unit_free);
    for (guint i = 0; i < self->jobs->len; i++) {
        const TimedJob *job = g_ptr_array_index(self->jobs, i);
        if (job->cron_only)
            continue;
        g_autofree char *name = unit_name(self, job);
        add_unit(units, name, ".service", service_text(self, job, user, folders));
        add_unit(units, name, ".timer", timer_text(self, job));
    }
    g_autofree char *name = failure_name(self);
    add_unit(units, name, "@.service", failure_text(self, user));
    return units;
}
