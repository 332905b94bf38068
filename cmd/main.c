/* main - which command, with which options, and the exit status */
#include <glib.h>
#include <glib/gprintf.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>

#include "base/error.h"
#include "command.h"
#include "complete.h"
#include "language.h"
#include "ui.h"
#include "version_show.h"

static const Command *const commands[] = {
    &command_init,    &command_lists,   &command_check,    &command_preview,
    &command_plan,    &command_send,    &command_stop,     &command_withdraw,
    &command_correct, &command_remind,  &command_status,   &command_settle,
    &command_bounces, &command_answers, &command_suppress, &command_report,
    &command_history, &command_digest,  &command_doctor,   &command_backup,
    &command_restore, &command_ledger,  &command_cron,     NULL,
};

char *option_config;
static gboolean option_quiet;

static const GOptionEntry common_options[] = {
    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &option_config,
     "the workspace's configuration (default: ./config)", "FILE"},
    {"quiet", 'q', 0, G_OPTION_ARG_NONE, &option_quiet, "say only what went wrong", NULL},
    {0},
};

/* The one place where a kind of error becomes a status of sysexits(3). */
static int status_of(const GError *error)
{
    if (error->domain == G_OPTION_ERROR)
        return EX_USAGE;
    if (error->domain != CIRCULAR_ERROR)
        return EX_SOFTWARE;
    switch ((CircularError)error->code) {
    case CIRCULAR_ERROR_USAGE:
        return EX_USAGE;
    case CIRCULAR_ERROR_DATA:
        return EX_DATAERR;
    case CIRCULAR_ERROR_NOINPUT:
        return EX_NOINPUT;
    case CIRCULAR_ERROR_REMOTE:
        return EX_UNAVAILABLE;
    case CIRCULAR_ERROR_IO:
        return EX_IOERR;
    case CIRCULAR_ERROR_TEMPORARY:
    case CIRCULAR_ERROR_LATER:
    case CIRCULAR_ERROR_STOPPED:
        return EX_TEMPFAIL;
    case CIRCULAR_ERROR_DENIED:
        return EX_NOPERM;
    case CIRCULAR_ERROR_CONFIG:
        return EX_CONFIG;
    }
    return EX_SOFTWARE;
}

static int fail(GError *error)
{
    ui_error("%s", error->message);
    int status = status_of(error);
    g_error_free(error);
    return status;
}

/* --- help ------------------------------------------------------------------------------------ */

static void print_help(void)
{
    g_print("circular - one Markdown update to every headteacher, accounted for\n\n"
            "Usage: circular COMMAND [OPTION…] [ARGUMENT…]\n\n");
    for (gsize i = 0; commands[i]; i++)
        g_print("  %-9s %s\n", commands[i]->name, commands[i]->summary);
    g_print("\n'circular help COMMAND' says more, 'man circular' all of it. Start with "
            "'circular init FOLDER'.\n");
}

static GOptionContext *context_of(const Command *command)
{
    const char *gap = *command->usage ? " - " : "- ";
    g_autofree char *usage = g_strconcat(command->usage, gap, command->summary, NULL);
    GOptionContext *context = g_option_context_new(usage);
    if (command->options)
        g_option_context_add_main_entries(context, command->options, NULL);
    g_option_context_add_main_entries(context, common_options, NULL);
    if (command->description)
        g_option_context_set_description(context, command->description);
    return context;
}

/* --- running --------------------------------------------------------------------------------- */

static const Command *command_find(const char *name, GError **error)
{
    const char *names[G_N_ELEMENTS(commands)] = {NULL};
    for (gsize i = 0; commands[i]; i++) {
        if (g_str_equal(commands[i]->name, name))
            return commands[i];
        names[i] = commands[i]->name;
    }
    const char *near = nearest_word(name, names);
    if (*name == '-')
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "no command but the option '%s': options stand after the command, as in "
                    "'circular status --config FILE'",
                    name);
    else if (near)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "no command '%s': did you mean '%s'?", name, near);
    else
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "no command '%s': 'circular --help' lists them", name);
    return NULL;
}

static gboolean words_fit(const Command *command, int words, GError **error)
{
    if (words >= command->min_words && words <= command->max_words)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                "%s: usage: circular %s %s ('circular %s --help' says more)",
                words < command->min_words ? "an argument is missing" : "too many arguments",
                command->name, command->usage, command->name);
    return FALSE;
}

static int command_run(const Command *command, int argc, char **argv)
{
    GError *error = NULL;
    g_autoptr(GOptionContext) context = context_of(command);
    g_autofree char *name = g_strconcat("circular ", command->name, NULL);
    g_set_prgname(name);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_prefix_error(&error, "%s: ", command->name);
        return fail(error);
    }
    /* GOption leaves a "--" in the words; it only separates. */
    if (argc > 1 && g_str_equal(argv[1], "--")) {
        argv++;
        argc--;
    }
    ui_init(option_quiet);
    if (!words_fit(command, argc - 1, &error) || !command->run(argv + 1, &error)) {
        ui_progress_end();
        return fail(error);
    }
    ui_progress_end();
    return EX_OK;
}

/* "help" alone, or "help send", which is "send --help". */
static int help(int argc, char **argv)
{
    if (argc < 3 || *argv[2] == '-') {
        print_help();
        return EX_OK;
    }
    GError *error = NULL;
    const Command *command = command_find(argv[2], &error);
    if (!command)
        return fail(error);
    char option[] = "--help", *asked[] = {argv[2], option, NULL};
    return command_run(command, 2, asked);
}

int main(int argc, char **argv)
{
    GError *error = NULL;
    language_settle();
    g_set_prgname("circular");
    signal(SIGPIPE, SIG_IGN); /* a closed pipe or connection is an error to handle, not an end */
    signal(SIGXFSZ, SIG_IGN);
    ui_init(FALSE);
    if (argc < 2) {
        print_help();
        return EX_USAGE;
    }
    const char *first = argv[1];
    if (g_str_equal(first, "--help") || g_str_equal(first, "-h") || g_str_equal(first, "help"))
        return help(argc, argv);
    if (g_str_equal(first, "--version")) {
        version_show();
        return EX_OK;
    }
    if (g_str_equal(first, "complete")) {
        complete_words(commands, common_options, argv + 2);
        return EX_OK;
    }
    const Command *command = command_find(first, &error);
    if (!command)
        return fail(error);
    return command_run(command, argc - 1, argv + 1);
}
