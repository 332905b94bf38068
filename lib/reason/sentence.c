/* sentence - what a sentence says of a mailbox, a host or a message, whatever its words */
#include "reason/sentence.h"

#include <string.h>

enum { WORDS_MAX = 60 };

typedef struct {
    Reason reason;
    const char *things[WORDS_MAX]; /* whole words; "quota*" is any that begins so */
    const char *said[WORDS_MAX];
    const char * not [WORDS_MAX / 4]; /* a sentence with one of these says something else */
} Claim;

#define MAILBOXES                                                                                  \
    {                                                                                              \
        "user", "users", "username", "mailbox*", "recipient*", "addressee", "address", "account",  \
            "person", "inbox", "alias", "member", "postbox", "mail box", "staff", "colleague",     \
            "employee", "pupil", "local part", "e-mail address", "nobody called", "nobody named",  \
            "no one called", "no one named", "someone called", "one of that name",                 \
            "one by that name", NULL                                                               \
    }
#define ABSENT                                                                                     \
    {                                                                                              \
        "unknown", "no such", "not exist", "n't exist", "nonexistent", "non-existent",             \
            "not found", "not be found", "n't be found", "n't found", "not known", "n't known",    \
            "no longer", "not a valid", "not valid", "n't valid", "invalid", "there is no",        \
            "we have no", "has no", "have no", "not recognised", "not recognized", "nobody",       \
            "no one", "not listed", "not on", "not in", "not one of", "deleted", "removed",        \
            "never existed", "does not have", "doesn't have", "not belong", "ceased", "no match*", \
            "unrecognised", "unrecognized", "never had", "nobody called", "nobody named",          \
            "no one called", "no one named", "no one of that name", "no one by that name",         \
            "has left", "have left", NULL                                                          \
    }

/* In the order in which they are believed. */
static const Claim CLAIMS[] = {
    {REASON_MAILBOXFULL,
     {"mailbox*", "inbox", "quota*", "storage", "mail box", "postbox", "mail store", "allowance",
      "mailfolder", "folder", "post box", "mail space", "space", "room", "box", NULL},
     {"full", "exceed*", "used up", "exhaust*", "no room", "no space", "no more", "over",
      "overflow*", "out of", "reached", "too many", "too much", "at its limit", "above", "run out",
      "crammed", NULL},
     {"rate", "hour", "minute", "connection*", "unknown or", "disk", "device", "system", NULL}},
    {REASON_MESGTOOBIG,
     {"message", "mail", "letter", "attachment*", "e-mail", "size", NULL},
     {"too large", "too big", "larger than", "bigger than", "too heavy", "size limit",
      "exceeds the", "over the limit", NULL},
     {"mailbox*", "quota*", NULL}},
    {REASON_SUSPEND,
     MAILBOXES,
     {"disabled", "closed", "deactivated", "suspended", "locked", "inactive", "frozen", "expired",
      "archived", "terminated", "switched off", "turned off", "not active", "not enabled",
      "on hold", "dormant", NULL},
     {"connection", "sender", NULL}},
    {REASON_FAILEDSTARTTLS,
     {"tls", "ssl", "starttls", "encrypted", "unencrypted", "encryption", "tlsv1*", NULL},
     {"not supported", "n't support*", "not support", "unsupported", "required", "requires", "must",
      "need*", "fail*", "unavailable", "not available", "without", "no", "refused", "could not",
      "cannot", "not offered", NULL},
     {NULL}},
    {REASON_USERUNKNOWN,
     MAILBOXES,
     ABSENT,
     {"sender", "your", "domain", "host", "relay", "reverse", "permission", "may send", NULL}},
    {REASON_HOSTUNKNOWN,
     {"domain", "host", "hostname", "host name", "mail exchanger", "mx", "name", NULL},
     {"unknown", "no such", "not exist", "n't exist", "nonexistent", "non-existent", "not found",
      "not be found", "n't be found", "not registered", "lapsed", NULL},
     {"sender", "your", "reverse", NULL}},
    {REASON_NETWORKERROR,
     {"server", "host", "side", "peer", "connection", "system", "connect", "network",
      "mail exchanger", NULL},
     {"not answer*", "n't answer*", "no answer", "unreachable", "refused", "not be reached",
      "cannot be reached", "can't be reached", "lost", "dropped", "broke*", "no route", "unable to",
      "could not", "not connect", "down", NULL},
     {"accept", "sender", NULL}},
    {REASON_EXPIRED,
     {"attempt*", "tries", "tried", "retries", "retry", "queue", "delivery", "hours", "days", NULL},
     {"times",       "given up",
      "gave up",     "giving up",
      "too long",    "too old",
      "several",     "repeated*",
      "many",        "expired",
      "so far",      "still",
      "keep",        "hold",
      "holding",     "waiting",
      "has been in", "been in the queue",
      "within",      "undelivered for",
      NULL},
     {NULL}},
};

static gboolean is_wordly(char c)
{
    return g_ascii_isalnum(c) || (guchar)c >= 0x80;
}

/* Whether the word (or words; a '*' at the end stands for any ending) is in the sentence. One that
 * begins with "n't" is an ending itself. */
static gboolean has_word(const char *sentence, const char *word)
{
    gsize n = strlen(word);
    gboolean open_end = word[n - 1] == '*', is_ending = g_str_has_prefix(word, "n't");
    n -= open_end;
    for (const char *at = sentence; (at = strchr(at, *word)); at++)
        if (strncmp(at, word, n) == 0 && (is_ending || at == sentence || !is_wordly(at[-1])) &&
            (open_end || !is_wordly(at[n])))
            return TRUE;
    return FALSE;
}

static gboolean has_one(const char *sentence, const char *const *words)
{
    for (; *words; words++)
        if (has_word(sentence, *words))
            return TRUE;
    return FALSE;
}

/* Addresses, host names and what stands in brackets of their own hold no words of the sentence. */
static char *without_addresses(const char *folded)
{
    char *text = g_strdup(folded);
    const char *start, *end;
    for (char *at = text; scan_address(at, &start, &end);) {
        char *from = at + (start - at), *to = at + (end - at);
        memset(from, ' ', to - from);
        at = to;
    }
    return text;
}

static Reason claim_of(const char *sentence)
{
    for (gsize i = 0; i < G_N_ELEMENTS(CLAIMS); i++)
        if (has_one(sentence, CLAIMS[i].things) && has_one(sentence, CLAIMS[i].said) &&
            !has_one(sentence, CLAIMS[i].not ))
            return CLAIMS[i].reason;
    return REASON_UNDEFINED;
}

Reason sentence_reason(const char *folded)
{
    g_autofree char *text = without_addresses(folded);
    for (char *at = text; *at;) {
        gsize n = 0;
        while (at[n] && !(strchr(".;!?", at[n]) && (at[n + 1] == ' ' || !at[n + 1])))
            n++;
        gboolean last = !at[n];
        at[n] = '\0';
        Reason reason = claim_of(at);
        if (reason != REASON_UNDEFINED)
            return reason;
        if (last)
            break;
        at += n + 1;
    }
    return REASON_UNDEFINED;
}

/* ---- doubt ---- */

static const char *const NOT_NOW[] = {"try again later",
                                      "try later",
                                      "retry later",
                                      "retry in",
                                      "in progress",
                                      "come back later",
                                      "at this time",
                                      "at the moment",
                                      "temporar*",
                                      "database unavailable",
                                      "database is unavailable",
                                      "directory unavailable",
                                      "directory is unavailable",
                                      "lookup failure",
                                      "lookup failed",
                                      "lookup error",
                                      NULL};

static const char *const NOT_SURE[] = {"not unique",
                                       "n't unique",
                                       "ambiguous",
                                       "several matches",
                                       "multiple matches",
                                       "many matches",
                                       "two matches",
                                       "more than one",
                                       "several entries",
                                       "two entries",
                                       "multiple entries",
                                       "duplicate",
                                       "several users",
                                       "multiple users",
                                       "multiple recipients match",
                                       NULL};

static const char *const OR_FULL[] = {
    "or full",       "or is full", "full or",           "or over quota",
    "over quota or", "or quota",   "quota exceeded or", NULL};

/* "host not found, try again" is the server's; "check the address and try again" is advice to us. */
static gboolean says_try_again(const char *folded)
{
    static const char PHRASE[] = "try again";
    for (const char *at = folded; (at = strstr(at, PHRASE)); at++)
        if (at - folded < 4 || (memcmp(at - 4, "and ", 4) != 0 && memcmp(at - 3, "to ", 3) != 0))
            return TRUE;
    return FALSE;
}

gboolean sentence_doubts(const char *folded)
{
    return says_try_again(folded) || has_one(folded, NOT_NOW) || has_one(folded, NOT_SURE) ||
           has_one(folded, OR_FULL);
}

Reason sentence_left(const char *folded)
{
    if (has_one(folded, NOT_SURE))
        return REASON_SYSTEMERROR;
    return has_one(folded, OR_FULL) ? REASON_ONHOLD : REASON_UNDEFINED;
}
