/* bounces_classify - what messages that came back say, as JSON */
#include "bounces_classify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/files.h"
#include "bounce/classify.h"

static void json_text(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text; text++) {
        guchar c = (guchar)*text;
        if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", c);
        else if (c < ' ' || c == 0x7f)
            g_string_append_printf(out, "\\u%04x", c);
        else
            g_string_append_c(out, (char)c);
    }
    g_string_append_c(out, '"');
}

static void json_member(GString *out, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    if (out->str[out->len - 1] != '{')
        g_string_append_c(out, ',');
    json_text(out, name);
    g_string_append_c(out, ':');
    json_text(out, valid);
}

static void json_recipient(GString *out, const InboundReport *notice,
                           const InboundRecipient *recipient)
{
    g_string_append_c(out, '{');
    json_member(out, "kind", inbound_kind_class(recipient->kind));
    json_member(out, "recipient", recipient->address);
    json_member(out, "status", recipient->status);
    json_member(out, "reason", reason_name(recipient->reason));
    json_member(out, "action", inbound_action_name(recipient->action));
    if (recipient->code)
        g_string_append_printf(out, ",\"code\":%u", recipient->code);
    if (recipient->original)
        json_member(out, "original", recipient->original);
    if (*recipient->diagnostic)
        json_member(out, "diagnostic", recipient->diagnostic);
    if (*notice->system)
        json_member(out, "system", notice->system);
    if (notice->is_guess)
        g_string_append(out, ",\"guess\":true");
    if (notice->successor)
        json_member(out, "successor", notice->successor);
    g_string_append_c(out, '}');
}

static guint json_notice(GString *out, const InboundReport *notice, guint already)
{
    for (guint i = 0; i < notice->recipients->len; i++) {
        if (already + i)
            g_string_append_c(out, ',');
        json_recipient(out, notice, notice->recipients->pdata[i]);
    }
    return already + notice->recipients->len;
}

char *classify_json(const char *bytes, gsize length)
{
    GString *out = g_string_new(NULL);
    guint count = 0;
    do { /* once, but for an mbox of several */
        gsize first = classify_first_length(bytes, length);
        g_autoptr(InboundReport) notice = classify(bytes, first);
        count = json_notice(out, notice, count);
        bytes += first;
        length -= first;
    } while (length);
    if (count == 0)
        g_string_append(out, "{\"kind\":\"none\"}");
    if (count > 1) {
        g_string_prepend_c(out, '[');
        g_string_append_c(out, ']');
    }
    return g_string_free(out, FALSE);
}

static void answer(const char *bytes, gsize length)
{
    g_autofree char *json = classify_json(bytes, length);
    puts(json);
    fflush(stdout);
}

static int classify_stdin(void)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint8 piece[65536];
    gsize got;
    while ((got = fread(piece, 1, sizeof piece, stdin)) > 0 && bytes->len < CLASSIFY_STREAM_MAX)
        g_byte_array_append(bytes, piece, (guint)got);
    if (ferror(stdin))
        return EX_IOERR;
    answer((const char *)bytes->data, bytes->len);
    return EX_OK;
}

static int classify_files(int count, char **names)
{
    int status = EX_OK;
    for (int i = 0; i < count; i++) {
        g_autoptr(GError) error = NULL;
        gsize length = 0;
        g_autofree char *bytes = file_read(names[i], CLASSIFY_STREAM_MAX, &length, &error);
        if (bytes) {
            answer(bytes, length);
            continue;
        }
        fprintf(stderr, "circular: %s\n", error->message);
        puts("{\"kind\":\"none\"}"); /* one line for each file, whatever happens */
        status = EX_NOINPUT;
    }
    return status;
}

/* The length line of the next message; FALSE at the end. */
static gboolean read_length(gsize *length, gboolean *broken)
{
    char line[32];
    char *end;
    *broken = FALSE;
    if (!fgets(line, sizeof line, stdin))
        return FALSE;
    guint64 value = g_ascii_strtoull(line, &end, 10);
    *broken =
        !g_ascii_isdigit(*line) || (*end != '\n' && *end != '\r') || value > CLASSIFY_STREAM_MAX;
    *length = (gsize)value;
    return !*broken;
}

static int classify_stream(void)
{
    gsize length;
    gboolean broken;
    while (read_length(&length, &broken)) {
        g_autofree char *bytes = g_malloc(length + 1);
        if (fread(bytes, 1, length, stdin) != length) {
            fprintf(stderr, "circular: the stream ends within a message\n");
            return EX_DATAERR;
        }
        answer(bytes, length);
    }
    if (broken)
        fprintf(stderr, "circular: the stream holds no length where one is due\n");
    return broken ? EX_DATAERR : EX_OK;
}

int bounces_classify(int argc, char **argv)
{
    if (argc == 0)
        return classify_stdin();
    if (argc == 1 && strcmp(argv[0], "--stream") == 0)
        return classify_stream();
    return classify_files(argc, argv);
}
