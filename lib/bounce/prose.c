/* prose - which of a report's words may tell a reason */
#include "bounce/prose.h"

#include <string.h>

#include "evidence/fields.h"
#include "reason/pattern.h"

/* ---- what is no evidence ---- */

/* "_____", "-- ", "=====": what follows is a footer, if nothing of the report does. */
static gboolean is_rule(const char *line, gsize length)
{
    gsize marks = strspn(line, "_-=*~ ");
    return marks >= length && length >= 2 && (strspn(line, "-") >= 2 || length >= 10);
}

static gboolean bears_evidence(const ReportText *report, const char *line, gsize length)
{
    g_autofree char *text = g_strndup(line, MIN(length, REPORT_LINE_MAX));
    g_autofree char *address = scan_address_dup(text);
    char status[STATUS_SIZE];
    return scan_code(text) || scan_status(text, FALSE, status) ||
           (address && report_text_find(report, address));
}

/* Where the footer begins: at the last line of dashes below which no line bears evidence. */
static const char *footer_start(const ReportText *report, const char *text)
{
    const char *footer = NULL;
    for (const char *at = text; *at;) {
        gsize length = line_length(at);
        if (is_rule(at, length)) {
            if (!footer)
                footer = at;
        } else if (footer && bears_evidence(report, at, length)) {
            footer = NULL;
        }
        at += length + (at[length] == '\n');
    }
    return footer ? footer : text + strlen(text);
}

char *prose_without_footer(const ReportText *report, const char *text)
{
    return g_strndup(text, footer_start(report, text) - text);
}

char *prose_fold(const char *text)
{
    char *folded = scan_fold(text, strlen(text));
    static const char *const SUMMARIES[] = {"554 5.0.0 service unavailable",
                                            "554 service unavailable", NULL};
    for (const char *const *summary = SUMMARIES; strstr(folded, "<<< ") && *summary; summary++)
        for (char *at = folded; (at = strstr(at, *summary));)
            if (at >= folded + 4 && memcmp(at - 4, "<<< ", 4) == 0)
                at++; /* the remote system said it */
            else
                memset(at, ' ', strlen(*summary));
    return folded;
}

static const char *skip_arrows(const char *line)
{
    return line + strspn(line, " \t<>-=|:*[]");
}

static gboolean is_command(const char *text)
{
    static const char *const VERBS[] = {"ehlo", "helo",     "mail from", "rcpt to", "data", "quit",
                                        "rset", "starttls", "auth",      "bdat",    NULL};
    for (const char *const *verb = VERBS; *verb; verb++)
        if (g_ascii_strncasecmp(text, *verb, strlen(*verb)) == 0)
            return !g_ascii_isalnum(text[strlen(*verb)]) && text[strlen(*verb)] != '@';
    return FALSE;
}

static gboolean is_good_reply(const char *text)
{
    return (*text == '2' || *text == '3') && g_ascii_isdigit(text[1]) && g_ascii_isdigit(text[2]) &&
           (text[3] == ' ' || text[3] == '-');
}

/* A line of a transcript that refuses nothing. Commands stand behind an arrow. */
static gboolean is_dialogue(const char *line)
{
    const char *text = skip_arrows(line);
    return is_good_reply(text) ||
           (text > line && strpbrk(line, "<>") && strpbrk(line, "<>") < text && is_command(text));
}

char *prose_evidence(const ReportText *report)
{
    GString *kept = g_string_new(NULL);
    const char *end = footer_start(report, report->words);
    for (const char *at = report->words; at < end;) {
        gsize length = line_length(at);
        if (!is_dialogue(at))
            g_string_append_printf(kept, "%.*s\n", (int)MIN(length, REPORT_LINE_MAX), at);
        at += length + (at[length] == '\n');
    }
    return g_string_free(kept, FALSE);
}

/* ---- what a sentence must say ---- */

/* Reasons whose words stand in advertisements and greetings, too. */
static gboolean needs_support(Reason reason)
{
    switch ((int)reason) {
    case REASON_SPAMDETECTED:
    case REASON_VIRUSDETECTED:
    case REASON_POLICYVIOLATION:
    case REASON_SECURITYERROR:
    case REASON_FAILEDSTARTTLS:
    case REASON_BLOCKED:
    case REASON_BADREPUTATION:
    case REASON_SYSTEMERROR:
    case REASON_CONTENTERROR:
        return TRUE;
    }
    return FALSE;
}

static const char *const VERDICTS[] = {
    "reject",      "refus",       "block",          "denied",         "deny",       "stopped",
    "bounce",      "quarantin",   "contain",        "found",          "detect",     "undeliver",
    "not deliver", "n't deliver", "not be deliver", "n't be deliver", "not accept", "n't accept",
    "fail",        "error",       "because",        "reason",         "unable",     "suspect",
    "consider",    "identified",  "classified",     "not allow",      "prohibit",   "violat",
    "could not",   "cannot",      "unavailable",    "required",       NULL};

/* "no virus found", "checked for all known viruses": the letter was found good. */
static const char *const CLEARANCES[] = {"no virus",   "no malware",  "no threat",   "no spam",
                                         "virus-free", "virus free",  "free of",     "free from",
                                         "scanned",    "checked for", "checked by",  "protected by",
                                         "powered by", "not contain", "n't contain", NULL};

/* The folded sentence that `at` begins, cut off there; moves `at` behind it. */
static char *next_sentence(const char **at)
{
    const char *start = *at, *end = start;
    while (*end && !(*end == '\n' && end[1] == '\n') &&
           !(strchr(".!?", *end) && (g_ascii_isspace(end[1]) || !end[1])))
        end++;
    *at = *end ? end + 1 : end;
    return scan_fold(start, end - start);
}

gboolean prose_supports(const char *text, Reason reason, const ReasonEvidence *evidence,
                        gboolean is_doubtful)
{
    if (!is_doubtful && !needs_support(reason))
        return TRUE;
    for (const char *at = text; *at;) {
        g_autofree char *sentence = next_sentence(&at);
        ReasonEvidence e = *evidence;
        char status[STATUS_SIZE];
        e.text = sentence;
        if (!*sentence || reason_told(&e) != reason)
            continue;
        if (scan_code(sentence) || scan_status(sentence, FALSE, status))
            return TRUE;
        if (folded_has(sentence, VERDICTS) && !folded_has(sentence, CLEARANCES))
            return TRUE;
    }
    return FALSE;
}

gboolean prose_is_boast(const ReasonEvidence *e, Reason reason)
{
    return (reason == REASON_VIRUSDETECTED || reason == REASON_SPAMDETECTED) &&
           g_str_has_prefix(e->status, "5.1.") && !prose_supports(e->text, reason, e, FALSE);
}
