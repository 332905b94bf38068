/* command - one subcommand of circular, and what each is given
 *
 * How to add a command: write cmd/NAME.c with a `const Command command_NAME`, name it in the table
 * of cmd/main.c, describe it in cmd/man/circular.1. The lint compares all three with --help.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include <glib.h>

typedef struct {
    const char *name;
    const char *usage;       /* "UPDATE AUDIENCE" */
    const char *summary;     /* one line, lower case */
    const char *description; /* for --help, below the options; may be NULL */
    const GOptionEntry *options;
    int min_words, max_words; /* arguments beside the options */
    /* `words` is NULL-terminated. Returns TRUE, or FALSE with an error that main turns into a
     * message and an exit status. */
    gboolean (*run)(char **words, GError **error);
} Command;

/* --config FILE, shared by all; NULL when not given. */
extern char *option_config;

extern const Command command_init, command_lists, command_check, command_preview, command_plan,
    command_send, command_status, command_bounces, command_suppress, command_report,
    command_history, command_digest, command_stop, command_withdraw, command_correct,
    command_doctor, command_backup, command_restore, command_ledger, command_cron, command_answers,
    command_remind, command_settle;

#endif
