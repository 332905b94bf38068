/* classify - what came back: bytes in, Notice out */
#include "bounce/classify.h"

#include <string.h>

#include "bounce/arf.h"
#include "bounce/autoreply.h"
#include "bounce/failure.h"
#include "bounce/fields.h"
#include "bounce/signs.h"
#include "mail/reader.h"

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

static void add_trace(Notice *notice, const char *start, gsize length)
{
    g_autofree char *address = g_strndup(start, length);
    if (notice->sent_to->len >= NOTICE_TRACES_MAX ||
        g_ptr_array_find_with_equal_func(notice->sent_to, address, g_str_equal, NULL))
        return;
    g_ptr_array_add(notice->sent_to, g_steal_pointer(&address));
}

static void note_sent_to(Notice *notice, const Signs *signs)
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

static void note_letter(Notice *notice, const char *head)
{
    g_autofree char *path = NULL;
    if (!head)
        return;
    notice->original_message_id = headers_value(head, "Message-ID");
    notice->original_delivery = headers_value(head, "X-Circular-Delivery");
    path = headers_value(head, "Return-Path");
    notice->original_sender = scan_address_dup(path);
}

Notice *classify(const char *bytes, gsize length)
{
    g_autoptr(Reader) reader = reader_new(bytes, length);
    g_autoptr(Signs) signs = signs_new(reader);
    g_autoptr(Failure) failure = NULL;
    Notice *notice = notice_new();
    NoticeKind answer;

    if (arf_is(signs)) {
        arf_read(signs, notice);
    } else {
        failure = failure_find(signs);
        if (failure)
            failure_read(failure, notice);
        else if (!failure_is_receipt(signs) && (answer = autoreply_kind(signs)) != NOTICE_NONE)
            autoreply_read(signs, notice, answer);
    }
    notice->from = g_strdup(signs->from);
    notice->subject = one_line(signs->subject, NOTICE_DIAGNOSTIC_MAX);
    notice->text =
        g_utf8_make_valid(signs->words, (gssize)MIN(strlen(signs->words), NOTICE_TEXT_MAX));
    note_sent_to(notice, signs);
    note_letter(notice, signs->letter_head ? signs->letter_head
                        : failure          ? failure_letter(failure)
                                           : NULL);
    return notice;
}
