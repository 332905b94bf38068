/* bounces - what comes back: read, understood, applied */
#include <sysexits.h>

#include "base/error.h"
#include "bounces_classify.h"
#include "command.h"
#include "ui.h"

static gboolean option_classify, option_stream;

static const GOptionEntry options[] = {
    {"classify", 0, 0, G_OPTION_ARG_NONE, &option_classify,
     "print what messages say as JSON and do nothing: each FILE, or standard input", NULL},
    {"stream", 0, 0, G_OPTION_ARG_NONE, &option_stream,
     "--classify: LENGTH, a newline and LENGTH octets again and again on standard input", NULL},
    {0},
};

static gboolean classify_words(char **words, GError **error)
{
    static char stream[] = "--stream";
    char *only_stream[] = {stream, NULL};
    if (option_stream && *words) {
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "--stream reads standard input and takes no files");
        return FALSE;
    }
    int status = option_stream ? bounces_classify(1, only_stream)
                               : bounces_classify((int)g_strv_length(words), words);
    if (status == EX_OK)
        return TRUE;
    g_set_error(error, CIRCULAR_ERROR,
                status == EX_NOINPUT   ? CIRCULAR_ERROR_NOINPUT
                : status == EX_DATAERR ? CIRCULAR_ERROR_DATA
                                       : CIRCULAR_ERROR_IO,
                "not every message could be read");
    return FALSE;
}

static gboolean run(char **words, GError **error)
{
    if (option_classify)
        return classify_words(words, error);
    g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE, "give --classify");
    return FALSE;
}

const Command command_bounces = {
    .name = "bounces",
    .usage = "--classify [FILE…]",
    .summary = "what comes back, understood",
    .options = options,
    .min_words = 0,
    .max_words = G_MAXINT,
    .run = run,
};
