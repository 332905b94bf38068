/* complete - what a shell offers for the word that is being typed */
#include "complete.h"

#include <stdio.h>
#include <string.h>

#include "ledger/mailings.h"
#include "workspace/workspace.h"

enum { CANDIDATES_MAX = 1000 }; /* more than anybody reads */

typedef struct {
    const Command *const *commands;
    const GOptionEntry *common;
    const Command *command; /* the first word, or NULL */
    const char *config;     /* of --config before the cursor */
    const char *typed;      /* the word so far */
    const char *before;     /* "--html=", of a word that is an option and its value in one */
    guint position;         /* how many words that are no options stand before it */
    guint offered;
} Completion;

/* --- offering --------------------------------------------------------------------------------- */

static gboolean is_plain(const char *text)
{
    for (; *text; text++)
        if (g_ascii_iscntrl(*text))
            return FALSE;
    return TRUE;
}

/* What can't stand on a line of its own is left out: it could drive the terminal, too. */
static void offer(Completion *in, const char *word, const char *description)
{
    if (!g_str_has_prefix(word, in->typed) || !is_plain(word) || in->offered >= CANDIDATES_MAX)
        return;
    in->offered++;
    if (description && is_plain(description))
        printf("%s%s\t%s\n", in->before, word, description);
    else
        printf("%s%s\n", in->before, word);
}

static void offer_commands(Completion *in)
{
    for (const Command *const *each = in->commands; *each; each++)
        offer(in, (*each)->name, (*each)->summary);
}

static void offer_options_of(Completion *in, const GOptionEntry *entries)
{
    for (const GOptionEntry *entry = entries; entry && entry->long_name; entry++) {
        g_autofree char *option = g_strconcat("--", entry->long_name, NULL);
        if (!(entry->flags & G_OPTION_FLAG_HIDDEN))
            offer(in, option, entry->description);
    }
}

static void offer_options(Completion *in)
{
    if (in->command)
        offer_options_of(in, in->command->options);
    offer_options_of(in, in->common);
    offer(in, "--help", NULL);
}

/* --- files ------------------------------------------------------------------------------------ */

typedef enum { FILES_ALL, FILES_UPDATES, FILES_FOLDERS } FilesKind;

static gboolean is_wanted(const char *name, FilesKind kind)
{
    return kind == FILES_ALL || (kind == FILES_UPDATES && g_str_has_suffix(name, ".md"));
}

/* Folders always: what is wanted may lie below. Hidden ones only when they are asked for. */
static void offer_files(Completion *in, FilesKind kind)
{
    const char *slash = strrchr(in->typed, '/');
    g_autofree char *folder =
        slash ? g_strndup(in->typed, (gsize)(slash - in->typed) + 1) : g_strdup("");
    g_autofree char *real = g_str_has_prefix(folder, "~/")
                                ? g_build_filename(g_get_home_dir(), folder + 2, NULL)
                                : g_strdup(*folder ? folder : ".");
    g_autoptr(GDir) dir = g_dir_open(real, 0, NULL);
    gboolean hidden = slash ? slash[1] == '.' : in->typed[0] == '.';
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(real, name, NULL);
        gboolean is_folder = g_file_test(path, G_FILE_TEST_IS_DIR);
        if ((*name == '.' && !hidden) || (!is_folder && !is_wanted(name, kind)))
            continue;
        g_autofree char *word = g_strconcat(folder, name, is_folder ? "/" : "", NULL);
        offer(in, word, NULL);
    }
}

/* --- what the workspace has ------------------------------------------------------------------- */

static void offer_names(Completion *in, const char *group)
{
    g_autoptr(Workspace) workspace = workspace_open(in->config, NULL);
    if (!workspace)
        return;
    const Settings *settings = workspace_settings(workspace);
    for (const char *const *name = settings_names(settings, group); *name; name++)
        offer(in, *name, NULL);
}

static void offer_ids(Completion *in)
{
    g_autoptr(Workspace) workspace = workspace_open(in->config, NULL);
    g_autoptr(Ledger) ledger = workspace ? workspace_ledger(workspace, LEDGER_READ, NULL) : NULL;
    g_autoptr(GPtrArray) mailings = ledger ? mailings_all(ledger, NULL) : NULL;
    for (guint i = 0; mailings && i < mailings->len; i++) {
        const Mailing *mailing = mailings->pdata[i];
        offer(in, mailing->id, mailing->subject);
    }
}

/* --- the words of a usage --------------------------------------------------------------------- */

/* "UPDATE" says what stands there; "list" is the word itself. Others (KEY, DATE, TEXT) are for
 * people to know. */
static void offer_kind(Completion *in, const char *kind)
{
    if (!g_ascii_isupper(*kind))
        offer(in, kind, NULL);
    else if (g_str_equal(kind, "UPDATE"))
        offer_files(in, FILES_UPDATES);
    else if (g_str_equal(kind, "FILE"))
        offer_files(in, FILES_ALL);
    else if (g_str_equal(kind, "FOLDER"))
        offer_files(in, FILES_FOLDERS);
    else if (g_str_equal(kind, "AUDIENCE"))
        offer_names(in, "audiences");
    else if (g_str_equal(kind, "NAME"))
        offer_names(in, "digests");
    else if (g_str_equal(kind, "ID"))
        offer_ids(in);
    else if (g_str_equal(kind, "COMMAND"))
        offer_commands(in);
}

/* "list|add|remove": each of them. */
static void offer_word(Completion *in, const char *word)
{
    g_auto(GStrv) kinds = g_strsplit(word, "|", 0);
    for (char **kind = kinds; *kind; kind++)
        if (**kind)
            offer_kind(in, *kind);
}

/* One way to call a command, "UPDATE [AUDIENCE ...]": the word at the cursor's position, the last
 * where more of it may follow. Options are found elsewhere. */
static void offer_way(Completion *in, const char *way)
{
    g_auto(GStrv) words = g_strsplit_set(way, " []", 0);
    guint at = 0;
    const char *last = NULL;
    for (char **word = words; *word; word++) {
        char *dots = strstr(*word, "…");
        gboolean repeats = dots || g_str_equal(*word, "...");
        if (dots)
            *dots = '\0';
        if (**word && **word != '-' && !g_str_equal(*word, "...")) {
            last = *word;
            if (at++ == in->position)
                offer_word(in, last);
        }
        if (repeats && last && in->position >= at)
            offer_word(in, last);
    }
}

static void offer_usage(Completion *in, const char *usage)
{
    g_auto(GStrv) ways = g_strsplit(usage, " | ", 0);
    for (char **way = ways; *way; way++)
        offer_way(in, *way);
}

/* --- the words before the cursor -------------------------------------------------------------- */

/* The entry of "--html", "--html=report.html" or "-o", if it takes a value. */
static const GOptionEntry *taking_value(const GOptionEntry *entries, const char *word)
{
    for (const GOptionEntry *entry = entries; entry && entry->long_name; entry++) {
        if (*word != '-')
            return NULL;
        gsize length = strlen(entry->long_name);
        gboolean is_long = g_str_has_prefix(word, "--") &&
                           !strncmp(word + 2, entry->long_name, length) &&
                           (!word[2 + length] || word[2 + length] == '=');
        gboolean is_short = entry->short_name && word[1] == entry->short_name && !word[2];
        if (is_long || is_short)
            return entry->arg == G_OPTION_ARG_NONE || (entry->flags & G_OPTION_FLAG_NO_ARG) ? NULL
                                                                                            : entry;
    }
    return NULL;
}

static const GOptionEntry *option_with_value(const Completion *in, const char *word)
{
    const GOptionEntry *own = taking_value(in->command->options, word);
    return own ? own : taking_value(in->common, word);
}

/* An option's value at the cursor: a separate word, or behind "=". */
static gboolean offer_value(Completion *in, const char *previous)
{
    const GOptionEntry *entry = previous ? option_with_value(in, previous) : NULL;
    const char *equals = strchr(in->typed, '=');
    g_autofree char *before = NULL;
    if (!entry && g_str_has_prefix(in->typed, "--") && equals) {
        entry = option_with_value(in, in->typed);
        before = g_strndup(in->typed, (gsize)(equals - in->typed) + 1);
        in->before = before;
        in->typed = equals + 1;
    }
    if (entry && entry->arg_description)
        offer_word(in, entry->arg_description);
    in->before = "";
    return entry != NULL || before;
}

static void complete_arguments(Completion *in, char **words, guint count)
{
    const char *previous = NULL; /* an option that still wants its value */
    gboolean only_words = FALSE;
    for (guint i = 1; i + 1 < count; i++) {
        if (previous) {
            if (option_with_value(in, previous)->arg_data == &option_config)
                in->config = words[i];
            previous = NULL;
        } else if (!only_words && *words[i] == '-' && words[i][1]) {
            only_words = g_str_equal(words[i], "--");
            if (g_str_has_prefix(words[i], "--config="))
                in->config = words[i] + strlen("--config=");
            if (option_with_value(in, words[i]) && !strchr(words[i], '='))
                previous = words[i];
        } else {
            in->position++;
        }
    }
    if (!only_words && offer_value(in, previous))
        return;
    if (!only_words && *in->typed == '-')
        offer_options(in);
    else
        offer_usage(in, in->command->usage);
}

/* Bash takes "--html=report" for three words. */
static GPtrArray *joined(char **words)
{
    static char nothing[] = "";
    GPtrArray *all = g_ptr_array_new();
    for (char **word = words; *word; word++) {
        const char *last = all->len > 0 ? all->pdata[all->len - 1] : "";
        if (!g_str_equal(*word, "=") || !g_str_has_prefix(last, "--"))
            g_ptr_array_add(all, *word);
        else if (!word[1])
            g_ptr_array_add(all, nothing);
    }
    if (all->len == 0)
        g_ptr_array_add(all, nothing);
    return all;
}

void complete_words(const Command *const *commands, const GOptionEntry *common, char **words)
{
    static const Command help = {.name = "help", .usage = "COMMAND"};
    g_autoptr(GPtrArray) all = joined(words);
    Completion in = {
        .commands = commands, .common = common, .typed = all->pdata[all->len - 1], .before = ""};
    if (all->len == 1) {
        offer_commands(&in);
        offer(&in, "help", "what a command does, and its options");
        offer(&in, "--help", NULL);
        offer(&in, "--version", NULL);
        return;
    }
    in.command = g_str_equal(all->pdata[0], help.name) ? &help : NULL;
    for (const Command *const *each = commands; *each; each++)
        if (g_str_equal((*each)->name, all->pdata[0]))
            in.command = *each;
    if (in.command)
        complete_arguments(&in, (char **)all->pdata, all->len);
}
