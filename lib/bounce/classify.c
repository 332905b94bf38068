/* classify - what came back: bytes in, Notice out */
#include "bounce/classify.h"

#include <string.h>

#include "bounce/arf.h"
#include "autoreply/autoreply.h"
#include "bounce/failure.h"
#include "evidence/fields.h"
#include "evidence/evidence.h"
#include "mail/reader.h"

enum { DEPTH_MAX = 3 }; /* reports within reports */

/* Headers that name where this message was sent: there the signed token of a delivery is found. */
static const char *const SENT_TO[] = {"delivered-to",
                                      "x-original-to",
                                      "envelope-to",
                                      "x-envelope-to",
                                      "x-rcpt-to",
                                      "x-delivered-to",
                                      "x-apparently-to",
                                      "to",
                                      "cc",
                                      NULL};

static void add_trace(InboundReport *notice, const char *start, gsize length)
{
    g_autofree char *address = g_strndup(start, length);
    if (notice->sent_to->len >= INBOUND_TRACES_MAX ||
        g_ptr_array_find_with_equal_func(notice->sent_to, address, g_str_equal, NULL))
        return;
    g_ptr_array_add(notice->sent_to, g_steal_pointer(&address));
}

static void note_sent_to(InboundReport *notice, const Evidence *signs)
{
    for (guint i = 0; i < signs->fields->len; i++) {
        const Field *field = signs->fields->pdata[i];
        const char *start, *end;
        if (!g_strv_contains(SENT_TO, field->name))
            continue;
        for (const char *at = field->value; scan_address(at, &start, &end); at = end)
            add_trace(notice, start, end - start);
    }
}

static char *one_line(const char *text, gsize limit)
{
    g_autofree char *cut = g_utf8_make_valid(text, (gssize)MIN(strlen(text), limit));
    for (char *c = cut; *c; c++)
        if ((guchar)*c < ' ')
            *c = ' ';
    return g_strstrip(g_steal_pointer(&cut));
}

static void note_letter(InboundReport *notice, const char *head)
{
    g_autofree char *path = NULL;
    if (!head)
        return;
    notice->original_message_id = headers_value(head, "Message-ID");
    notice->original_delivery = headers_value(head, "X-Circular-Delivery");
    path = headers_value(head, "Return-Path");
    notice->original_sender = scan_address_dup(path);
}

/* By what we called it in the envelope, a report may name the letter without returning anything of it
 * (RFC 3464 section 2.2.1). */
static void note_envelope(InboundReport *notice, const Evidence *signs)
{
    for (guint i = 0; i < reader_parts(signs->reader) && !notice->original_envelope; i++)
        if (g_str_has_suffix(reader_part(signs->reader, i)->type, "delivery-status"))
            notice->original_envelope =
                headers_value(reader_text(signs->reader, i), "Original-Envelope-Id");
}

/* RFC 5546 section 3.2: what a person who was invited sends back; an invitation is a letter. */
static gboolean answers_invitation(const Evidence *signs)
{
    static const char *const METHODS[] = {"method:reply", "method:counter", "method:refresh", NULL};
    for (guint i = 0; i < reader_parts(signs->reader); i++)
        if (g_str_equal(reader_part(signs->reader, i)->type, "text/calendar")) {
            const char *text = reader_text(signs->reader, i);
            g_autofree char *folded = scan_fold(text, strlen(text));
            return folded_has(folded, METHODS);
        }
    return FALSE;
}

static void read_answer(const Evidence *signs, InboundReport *notice)
{
    InboundKind kind = failure_is_receipt(signs)   ? INBOUND_RECEIPT
                       : answers_invitation(signs) ? INBOUND_CALENDAR
                                                   : autoreply_kind(signs, &notice->is_guess);
    if (kind == INBOUND_RECEIPT || kind == INBOUND_CALENDAR)
        inbound_report_add(notice, kind, g_strdup(signs->from));
    else if (kind != INBOUND_NONE)
        autoreply_read(signs, notice, kind);
}

static InboundReport *classify_within(const char *bytes, gsize length, guint depth);

/* The report that another machine's message encloses, or NULL: a gateway passes on what an inner
 * server said. A person who forwards one asks about it. */
static InboundReport *find_enclosed(const Evidence *signs, guint depth)
{
    if (depth >= DEPTH_MAX || (!signs->system_sender && !signs->null_path))
        return NULL;
    for (guint i = 0; i < reader_parts(signs->reader); i++) {
        if (!g_str_equal(reader_part(signs->reader, i)->type, "message/rfc822"))
            continue;
        const char *text = reader_text(signs->reader, i);
        InboundReport *inner = classify_within(text, strlen(text), depth + 1);
        if (inner->kind >= INBOUND_DELIVERED)
            return inner;
        inbound_report_free(inner);
    }
    return NULL;
}

static InboundReport *classify_within(const char *bytes, gsize length, guint depth)
{
    g_autoptr(Reader) reader = reader_new(bytes, length);
    g_autoptr(Evidence) signs = evidence_new(reader);
    g_autoptr(Failure) failure = NULL;
    InboundReport *enclosed = NULL, *notice = NULL;

    if (!arf_is(signs) && (!(failure = failure_find(signs)) || !failure_names(failure)))
        enclosed = find_enclosed(signs, depth);
    if (enclosed)
        g_clear_pointer(&failure, failure_free);
    notice = enclosed ? enclosed : inbound_report_new();
    if (failure)
        failure_read(failure, notice);
    else if (arf_is(signs))
        arf_read(signs, notice);
    else if (!enclosed)
        read_answer(signs, notice);
    g_free(notice->from);
    g_free(notice->subject);
    g_free(notice->text);
    notice->from = g_strdup(signs->from);
    notice->subject = one_line(signs->subject, INBOUND_DIAGNOSTIC_MAX);
    notice->text =
        g_utf8_make_valid(signs->words, (gssize)MIN(strlen(signs->words), INBOUND_TEXT_MAX));
    note_sent_to(notice, signs);
    note_envelope(notice, signs);
    if (!enclosed) /* the enclosed report's own letter is noted */
        note_letter(notice, signs->letter_head ? signs->letter_head
                            : failure          ? failure_letter(failure)
                                               : NULL);
    return notice;
}

InboundReport *classify(const char *bytes, gsize length)
{
    return classify_within(bytes, length, 0);
}

/* "From ann@oak.example Mon Jan  5 10:00:00 2026": an address, then a date with colons in its time;
 * people begin sentences with "From", too. */
static gboolean is_mbox_line(const char *line, gsize length)
{
    if (length < 30 || length > 300 || strncmp(line, "From ", 5) != 0)
        return FALSE;
    g_autofree char *text = g_strndup(line, length);
    g_auto(GStrv) words = g_strsplit_set(g_strchomp(text), " \t", -1);
    guint count = g_strv_length(words), year = count >= 7 ? count - 1 : 0;
    const char *time = year ? words[year - 1] : "";
    return strlen(time) == 8 && time[2] == ':' && time[5] == ':' && strlen(words[year]) == 4 &&
           strspn(words[year], "0123456789") == 4;
}

static gboolean is_header_line(const char *line, const char *end)
{
    const char *at = line;
    while (at < end && (g_ascii_isalnum(*at) || *at == '-'))
        at++;
    return at > line && at < end && *at == ':';
}

/* The end of a line that ends with any of LF, CR and CRLF; points `next` to the line after it. */
static const char *find_end(const char *line, const char *end, const char **next)
{
    const char *stop = line;
    while (stop < end && *stop != '\n' && *stop != '\r')
        stop++;
    gboolean two = end - stop >= 2 && stop[0] == '\r' && stop[1] == '\n';
    *next = stop + (stop < end) + two;
    return stop;
}

gsize classify_first_length(const char *bytes, gsize length)
{
    const char *end = bytes + length, *next;
    if (length < 5 || memcmp(bytes, "From ", 5) != 0)
        return length;
    for (const char *line = bytes; line < end; line = next) {
        const char *stop = find_end(line, end, &next);
        if (line > bytes && is_mbox_line(line, stop - line) && is_header_line(next, end))
            return line - bytes;
    }
    return length;
}
