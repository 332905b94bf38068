/* refusal - whom a server's refusal means: this recipient, this letter, us, or only this session */
#include "mail/refusal.h"

#include <string.h>

/* --- codes ----------------------------------------------------------------------------------- */

typedef struct {
    const char *status; /* without the class: "1.1" */
    RefusalAbout about;
    RefusalCause cause;
    gboolean is_of_all;
} Status;

static const Status STATUSES[] = {
    /* RFC 3463 section 3.2: addressing. Those of the sender stand among them. */
    {"1.1", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"1.2", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"1.3", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"1.4", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"1.5", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"1.6", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"1.7", REFUSAL_SENDER, CAUSE_ADDRESS, TRUE},
    {"1.8", REFUSAL_SENDER, CAUSE_ADDRESS, TRUE}, /* Exchange Online: bad outbound sender */
    {"1.9", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"1.10", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE}, /* RFC 7505 */
    {"1.90", REFUSAL_SENDER, CAUSE_LIMIT, TRUE},    /* Exchange Online: recipients of a day */
    /* The mailbox. */
    {"2.1", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"2.2", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"2.3", REFUSAL_MESSAGE, CAUSE_NONE, FALSE},
    {"2.4", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"2.252", REFUSAL_SENDER, CAUSE_ADDRESS, TRUE}, /* Exchange Online: SendAsDenied */
    /* Systems. */
    {"3.2", REFUSAL_SESSION, CAUSE_NONE, FALSE},
    {"3.4", REFUSAL_MESSAGE, CAUSE_NONE, FALSE},
    {"4.5", REFUSAL_SENDER, CAUSE_LIMIT, TRUE}, /* Google: sending limit; RFC 3463: congestion */
    /* The protocol. */
    {"5.1", REFUSAL_SESSION, CAUSE_NONE, FALSE},
    {"5.3", REFUSAL_SESSION, CAUSE_LIMIT, FALSE},
    /* The message. */
    {"6.1", REFUSAL_MESSAGE, CAUSE_NONE, FALSE},
    {"6.3", REFUSAL_MESSAGE, CAUSE_NONE, FALSE},
    {"6.7", REFUSAL_MESSAGE, CAUSE_NONE, FALSE},
    /* Policy: 7.0, 7.1 and 7.2 say nothing by themselves. */
    {"7.8", REFUSAL_SENDER, CAUSE_SIGN_IN, TRUE},
    {"7.9", REFUSAL_SENDER, CAUSE_SIGN_IN, TRUE},
    {"7.11", REFUSAL_SENDER, CAUSE_SIGN_IN, TRUE},
    {"7.12", REFUSAL_SENDER, CAUSE_SIGN_IN, TRUE},
    {"7.13", REFUSAL_SENDER, CAUSE_SIGN_IN, TRUE},
    {"7.14", REFUSAL_SENDER, CAUSE_SIGN_IN, TRUE},
    {"7.20", REFUSAL_SENDER, CAUSE_AUTHENTICITY, FALSE}, /* RFC 7372 */
    {"7.21", REFUSAL_SENDER, CAUSE_AUTHENTICITY, FALSE},
    {"7.22", REFUSAL_SENDER, CAUSE_AUTHENTICITY, FALSE},
    {"7.23", REFUSAL_SENDER, CAUSE_AUTHENTICITY, FALSE},
    {"7.24", REFUSAL_SENDER, CAUSE_AUTHENTICITY, FALSE},
    {"7.25", REFUSAL_SENDER, CAUSE_AUTHENTICITY, FALSE},
    {"7.26", REFUSAL_SENDER, CAUSE_AUTHENTICITY, FALSE},
    {"7.27", REFUSAL_SENDER, CAUSE_AUTHENTICITY, FALSE}, /* RFC 7505 */
    {"7.54", REFUSAL_SENDER, CAUSE_RELAYING, FALSE},     /* Exchange */
    /* Exchange Online's list of non-delivery reports. */
    {"7.57", REFUSAL_SENDER, CAUSE_SIGN_IN, TRUE},
    {"7.60", REFUSAL_SENDER, CAUSE_ADDRESS, TRUE},
    {"7.124", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"7.129", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"7.133", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"7.134", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"7.135", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"7.136", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"7.139", REFUSAL_SENDER, CAUSE_SMTP_AUTH_OFF, TRUE},
    {"7.193", REFUSAL_RECIPIENT, CAUSE_NONE, FALSE},
    {"7.232", REFUSAL_SENDER, CAUSE_LIMIT, TRUE},
    {"7.233", REFUSAL_SENDER, CAUSE_LIMIT, TRUE},
    {"7.501", REFUSAL_SENDER, CAUSE_BLOCKED, TRUE},
    {"7.502", REFUSAL_SENDER, CAUSE_BLOCKED, TRUE},
    {"7.503", REFUSAL_SENDER, CAUSE_BLOCKED, TRUE},
    {"7.508", REFUSAL_SENDER, CAUSE_BLOCKED, TRUE},
    {"7.511", REFUSAL_SENDER, CAUSE_BLOCKED, FALSE},
    {"7.606", REFUSAL_SENDER, CAUSE_BLOCKED, FALSE},
    {"7.703", REFUSAL_SENDER, CAUSE_BLOCKED, FALSE},
    {"7.705", REFUSAL_SENDER, CAUSE_BLOCKED, TRUE},
    {"7.708", REFUSAL_SENDER, CAUSE_BLOCKED, TRUE},
    {"7.750", REFUSAL_SENDER, CAUSE_BLOCKED, TRUE},
};

/* RFC 5321 section 4.2.3, RFC 4954 section 6, RFC 7504: for a reply without a status code. */
static const struct {
    int code;
    RefusalAbout about;
    RefusalCause cause;
} REPLIES[] = {
    {221, REFUSAL_SESSION, CAUSE_NONE},   {421, REFUSAL_SESSION, CAUSE_NONE},
    {500, REFUSAL_SESSION, CAUSE_NONE},   {502, REFUSAL_SESSION, CAUSE_NONE},
    {503, REFUSAL_SESSION, CAUSE_NONE},   {530, REFUSAL_SENDER, CAUSE_SIGN_IN},
    {534, REFUSAL_SENDER, CAUSE_SIGN_IN}, {535, REFUSAL_SENDER, CAUSE_SIGN_IN},
    {538, REFUSAL_SENDER, CAUSE_SIGN_IN}, {551, REFUSAL_RECIPIENT, CAUSE_NONE},
    {552, REFUSAL_MESSAGE, CAUSE_NONE},   {556, REFUSAL_RECIPIENT, CAUSE_NONE},
};

static const Status *find_status(const char *enhanced)
{
    if (!enhanced || strlen(enhanced) < 3 || enhanced[1] != '.')
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(STATUSES); i++)
        if (g_str_equal(STATUSES[i].status, enhanced + 2))
            return &STATUSES[i];
    return NULL;
}

/* Which row of REPLIES is the code's; their number for none. */
static gsize find_reply(int code)
{
    gsize i = 0;
    while (i < G_N_ELEMENTS(REPLIES) && REPLIES[i].code != code)
        i++;
    return i;
}

static gboolean wants_sign_in(int code)
{
    return code == 530 || code == 534 || code == 535 || code == 538; /* RFC 4954, RFC 3207 */
}

RefusalAbout refusal_by_code(int code, const char *enhanced)
{
    /* A conversation that has come out of step says nothing of anybody, whatever stands beside it:
     * Postfix and others give 5.5.1 with it, or nothing. */
    if (code == 221 || code == 421 || code == 503)
        return REFUSAL_SESSION;
    if (wants_sign_in(code))
        return REFUSAL_SENDER;
    const Status *status = find_status(enhanced);
    if (status)
        return status->about;
    gsize reply = find_reply(code);
    return reply < G_N_ELEMENTS(REPLIES) ? REPLIES[reply].about : REFUSAL_UNCLEAR;
}

gboolean refusal_is_of_all(int code, const char *enhanced)
{
    const Status *status = find_status(enhanced);
    return wants_sign_in(code) ||
           (status && status->is_of_all && enhanced[0] == '5' && code / 100 == 5);
}

/* --- words ----------------------------------------------------------------------------------- */

typedef struct {
    const char *words; /* lower case; all that stand between "|" must be there */
    RefusalAbout about;
    RefusalCause cause;
} Phrase;

/* The first that fits is taken: the particular before the general. */
static const Phrase PHRASES[] = {
    {"greylist", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"graylist", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"grey list", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"grey-list", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"receiving mail too quickly", REFUSAL_RECIPIENT, CAUSE_NONE},
    /* The name in EHLO: Postfix, Exim, and the gateways. */
    {"helo command rejected", REFUSAL_SENDER, CAUSE_HELLO},
    {"fully-qualified hostname", REFUSAL_SENDER, CAUSE_HELLO},
    {"fully qualified host", REFUSAL_SENDER, CAUSE_HELLO},
    {"invalid helo", REFUSAL_SENDER, CAUSE_HELLO},
    {"invalid ehlo", REFUSAL_SENDER, CAUSE_HELLO},
    {"bad helo", REFUSAL_SENDER, CAUSE_HELLO},
    {"helo name", REFUSAL_SENDER, CAUSE_HELLO},
    {"ehlo name", REFUSAL_SENDER, CAUSE_HELLO},
    {"helo|reject", REFUSAL_SENDER, CAUSE_HELLO},
    {"ehlo|reject", REFUSAL_SENDER, CAUSE_HELLO},
    {"helo|valid", REFUSAL_SENDER, CAUSE_HELLO},
    /* Sign-in. */
    {"smtpclientauthentication is disabled", REFUSAL_SENDER, CAUSE_SMTP_AUTH_OFF},
    {"basic authentication is disabled", REFUSAL_SENDER, CAUSE_SMTP_AUTH_OFF},
    {"authentication required", REFUSAL_SENDER, CAUSE_SIGN_IN},
    {"authentication is required", REFUSAL_SENDER, CAUSE_SIGN_IN},
    {"must authenticate", REFUSAL_SENDER, CAUSE_SIGN_IN},
    {"please authenticate", REFUSAL_SENDER, CAUSE_SIGN_IN},
    {"requires authentication", REFUSAL_SENDER, CAUSE_SIGN_IN},
    {"not authenticated", REFUSAL_SENDER, CAUSE_SIGN_IN},
    {"unauthenticated", REFUSAL_SENDER, CAUSE_SIGN_IN},
    {"must issue a starttls", REFUSAL_SENDER, CAUSE_SIGN_IN},
    {"credentials for relay", REFUSAL_SENDER, CAUSE_SIGN_IN},
    {"log in first", REFUSAL_SENDER, CAUSE_SIGN_IN},
    /* The addresses that we may send as. */
    {"sendasdenied", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"sender address rejected", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"send as this", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"not allowed to send as", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"authorized to send", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"authorised to send", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"on behalf of", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"not owned by user", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"sender verify failed", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"sender not allowed", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"invalid sender", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"sender domain", REFUSAL_SENDER, CAUSE_ADDRESS},
    {"from address", REFUSAL_SENDER, CAUSE_ADDRESS},
    /* Limits. */
    {"quotaexceeded", REFUSAL_SENDER, CAUSE_LIMIT},
    {"daily|limit", REFUSAL_SENDER, CAUSE_LIMIT},
    {"daily|quota", REFUSAL_SENDER, CAUSE_LIMIT},
    {"hourly|limit", REFUSAL_SENDER, CAUSE_LIMIT},
    {"sending limit", REFUSAL_SENDER, CAUSE_LIMIT},
    {"sending quota", REFUSAL_SENDER, CAUSE_LIMIT},
    {"limit exceeded", REFUSAL_SENDER, CAUSE_LIMIT},
    {"exceeded|per hour", REFUSAL_SENDER, CAUSE_LIMIT},
    {"exceeded|messages", REFUSAL_SENDER, CAUSE_LIMIT},
    {"rate limit", REFUSAL_SENDER, CAUSE_LIMIT},
    {"rate-limit", REFUSAL_SENDER, CAUSE_LIMIT},
    {"ratelimit", REFUSAL_SENDER, CAUSE_LIMIT},
    {"throttl", REFUSAL_SENDER, CAUSE_LIMIT},
    {"slow down", REFUSAL_SENDER, CAUSE_LIMIT},
    {"too many|message", REFUSAL_SENDER, CAUSE_LIMIT},
    {"too many|mail", REFUSAL_SENDER, CAUSE_LIMIT},
    {"too many|recipient", REFUSAL_SENDER, CAUSE_LIMIT},
    {"too many|connection", REFUSAL_SENDER, CAUSE_LIMIT},
    {"too many|transaction", REFUSAL_SENDER, CAUSE_LIMIT},
    {"too fast", REFUSAL_SENDER, CAUSE_LIMIT},
    /* The recipient, before the words that blame us without saying of what. */
    {"user unknown", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"unknown user", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"no such user", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"no such recipient", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"no such address", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"no such mailbox", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"unknown recipient", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"recipient unknown", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"user not found", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"recipient not found", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"mailbox not found", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"no mailbox", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"invalid recipient", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"invalid mailbox", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"mailbox full", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"mailbox is full", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"over quota", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"quota exceeded", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"mailbox|disabled", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"mailbox|inactive", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"recipient|does not exist", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"account|does not exist", REFUSAL_RECIPIENT, CAUSE_NONE},
    {"recipient address rejected", REFUSAL_RECIPIENT, CAUSE_NONE},
    /* Blocked. */
    {"blocked using", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"blocked|from sending", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"restricted from sending", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"outboundspamexception", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"client host", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"blacklist", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"blocklist", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"block list", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"black list", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"denylist", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"dnsbl", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"spamhaus", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"reputation", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"your ip", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"your host", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"your network", REFUSAL_SENDER, CAUSE_BLOCKED},
    {"banned send", REFUSAL_SENDER, CAUSE_BLOCKED},
    /* Relaying. */
    {"relay access denied", REFUSAL_SENDER, CAUSE_RELAYING},
    {"relay not permitted", REFUSAL_SENDER, CAUSE_RELAYING},
    {"relaying denied", REFUSAL_SENDER, CAUSE_RELAYING},
    {"unable to relay", REFUSAL_SENDER, CAUSE_RELAYING},
    {"not permitted to relay", REFUSAL_SENDER, CAUSE_RELAYING},
    {"relaying not|allowed", REFUSAL_SENDER, CAUSE_RELAYING},
    {"relay|prohibited", REFUSAL_SENDER, CAUSE_RELAYING},
    /* Proofs of who we are. */
    {"dmarc", REFUSAL_SENDER, CAUSE_AUTHENTICITY},
    {"dkim", REFUSAL_SENDER, CAUSE_AUTHENTICITY},
    {"spf ", REFUSAL_SENDER, CAUSE_AUTHENTICITY},
    {"spf)", REFUSAL_SENDER, CAUSE_AUTHENTICITY},
    {"sender policy framework", REFUSAL_SENDER, CAUSE_AUTHENTICITY},
    {"reverse dns", REFUSAL_SENDER, CAUSE_AUTHENTICITY},
    {"ptr record", REFUSAL_SENDER, CAUSE_AUTHENTICITY},
    {"reverse hostname", REFUSAL_SENDER, CAUSE_AUTHENTICITY},
    /* The letter. */
    {"spam", REFUSAL_MESSAGE, CAUSE_CONTENT},
    {"virus", REFUSAL_MESSAGE, CAUSE_CONTENT},
    {"malware", REFUSAL_MESSAGE, CAUSE_CONTENT},
    {"message content", REFUSAL_MESSAGE, CAUSE_CONTENT},
    {"message size", REFUSAL_MESSAGE, CAUSE_NONE},
};

enum { PART_MAX = 64 };

/* Nothing is split into an array of its own: that took as long as merging the letter did. */
static gboolean has_all(const char *text, const char *words)
{
    char part[PART_MAX];
    for (gsize length;; words += length + 1) {
        length = strcspn(words, "|");
        g_assert(length < sizeof part);
        memcpy(part, words, length);
        part[length] = '\0';
        if (!strstr(text, part))
            return FALSE;
        if (!words[length])
            return TRUE;
    }
}

static const Phrase *find_phrase(const char *text)
{
    g_autofree char *lower = g_ascii_strdown(text ? text : "", -1);
    for (gsize i = 0; i < G_N_ELEMENTS(PHRASES); i++)
        if (has_all(lower, PHRASES[i].words))
            return &PHRASES[i];
    return NULL;
}

RefusalAbout refusal_about(int code, const char *enhanced, const char *text)
{
    RefusalAbout about = refusal_by_code(code, enhanced);
    if (about != REFUSAL_UNCLEAR)
        return about;
    const Phrase *phrase = find_phrase(text);
    return phrase ? phrase->about : REFUSAL_UNCLEAR;
}

RefusalCause refusal_cause(int code, const char *enhanced, const char *text)
{
    const Phrase *phrase = find_phrase(text);
    const Status *status = find_status(enhanced);
    gsize reply = find_reply(code);
    RefusalCause cause = status ? status->cause : CAUSE_NONE;
    if (phrase && phrase->cause == CAUSE_SMTP_AUTH_OFF) /* said with several codes */
        return phrase->cause;
    if (cause == CAUSE_NONE && reply < G_N_ELEMENTS(REPLIES))
        cause = REPLIES[reply].cause;
    if (cause == CAUSE_NONE && phrase)
        cause = phrase->cause;
    return cause;
}

gboolean refusal_passes(int code, const char *enhanced, const char *text)
{
    RefusalAbout about = refusal_about(code, enhanced, text);
    gboolean is_ours = about == REFUSAL_SENDER || about == REFUSAL_SESSION;
    if (code / 100 != 5)
        return code != 0;
    return is_ours && refusal_cause(code, enhanced, text) == CAUSE_LIMIT;
}

/* --- fixes ----------------------------------------------------------------------------------- */

const char *refusal_fix(RefusalCause cause, const char *sender)
{
    const char *at = sender ? strrchr(sender, '@') : NULL;
    const char *plus = sender ? strchr(sender, '+') : NULL;
    switch (cause) {
    case CAUSE_SIGN_IN:
        return "the server wants a sign-in: set relay.user and a password, and use its port for "
               "sending (587 with relay.tls starttls)";
    case CAUSE_SMTP_AUTH_OFF:
        return "SMTP AUTH is switched off: the Microsoft 365 administrator switches 'Authenticated "
               "SMTP' on for this mailbox (Set-CASMailbox -SmtpClientAuthenticationDisabled "
               "$false) and exempts it from the security defaults, or you sign in by OAuth2 "
               "(oauth2.preset)";
    case CAUSE_HELLO:
        return "the name that this machine gives itself is refused: set relay.hello to its full "
               "name in the DNS (mailer.example.org)";
    case CAUSE_ADDRESS:
        if (plus && at && plus < at)
            return "let the account send as this address, or, where it may send as the address "
                   "without the part from '+' on, set bounce.verp to none";
        return "let the account under relay.user send as this address, or set 'from' and "
               "bounce.address to one that it may send as";
    case CAUSE_RELAYING:
        return "ask who runs the server to let this machine or account send to other domains "
               "through it, or set relay.user to sign in";
    case CAUSE_LIMIT:
        return "it is a limit of the provider: set relay.per_minute or relay.per_day to what it "
               "allows";
    case CAUSE_BLOCKED:
        return "ask who runs the server to lift the block";
    case CAUSE_AUTHENTICITY:
        return "let IT see to SPF, DKIM and DMARC of the sender's domain ('circular doctor' shows "
               "them) and to the name of this machine's address";
    case CAUSE_CONTENT:
        return "the letter was taken for spam: ask who runs the server, and look at 'circular "
               "check'";
    case CAUSE_NONE:
    case CAUSES:
        break;
    }
    return NULL;
}

/* --- the same refusal ------------------------------------------------------------------------ */

/* Replaces `what` by nothing, in lower case both. */
static char *without(const char *text, const char *what)
{
    if (!*what)
        return g_strdup(text);
    g_auto(GStrv) parts = g_strsplit(text, what, -1);
    return g_strjoinv("", parts);
}

char *refusal_fingerprint(int code, const char *enhanced, const char *text, const char *recipient)
{
    g_autofree char *lower = g_utf8_strdown(text ? text : "", -1);
    g_autofree char *address = g_utf8_strdown(recipient ? recipient : "", -1);
    const char *at = strrchr(address, '@');
    g_autofree char *nobody = without(lower, address);
    g_autofree char *nowhere = without(nobody, at && at[1] ? at + 1 : "");
    GString *out = g_string_new(NULL);
    g_string_printf(out, "%d %s", code, enhanced ? enhanced : "");
    g_auto(GStrv) words = g_strsplit_set(nowhere, " \t()[]<>,;:'\"=", -1);
    for (char **word = words; *word; word++)
        if (**word)
            g_string_append_printf(out, " %s", strpbrk(*word, "0123456789") ? "#" : *word);
    return g_string_free(out, FALSE);
}

/* --- how long to wait ------------------------------------------------------------------------ */

static guint unit_of(const char *word)
{
    static const struct {
        const char *start;
        guint seconds;
    } units[] = {{"sec", 1}, {"min", 60}, {"hour", 3600}, {"hr", 3600}, {"day", 86400}};
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
        if (g_str_has_prefix(word, units[i].start))
            return units[i].seconds;
    return g_str_equal(word, "s")   ? 1
           : g_str_equal(word, "m") ? 60
           : g_str_equal(word, "h") ? 3600
                                    : 0;
}

/* Only after words that ask for patience: "100 messages per 60 minutes" doesn't. */
guint refusal_wait(const char *text)
{
    g_autoptr(GMatchInfo) match = NULL;
    g_autoptr(GRegex) asks = g_regex_new(
        "(?:\\b(?:again|later|retry|retrying|wait|delay|back|resume|resumes|reset|resets|until)\\b"
        "[^.0-9]{0,40}?|retry-after[: ]*)\\b(\\d{1,6}|(?:an?|one)\\b)\\s*([a-z]+)",
        G_REGEX_CASELESS, 0, NULL);
    if (!text || !g_regex_match(asks, text, 0, &match))
        return 0;
    g_autofree char *count = g_match_info_fetch(match, 1), *word = g_match_info_fetch(match, 2);
    g_autofree char *lower = g_ascii_strdown(word, -1);
    guint64 number = g_ascii_isdigit(*count) ? g_ascii_strtoull(count, NULL, 10) : 1;
    return (guint)MIN(number * unit_of(lower), (guint64)REFUSAL_WAIT_MAX);
}
