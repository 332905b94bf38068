/* statuses - what enhanced status codes mean (RFC 3463, RFC 5248 and the IANA registry) */
#include <string.h>

#include "reason/reason.h"

/* By class, subject and detail; 'x' stands for either class. General codes (5.0.0, 5.5.0) are left
 * out: they say nothing. The X.7.1 that servers use for everything comes last in any judgement. */
static const struct {
    const char *code;
    Reason reason;
} STATUSES[] = {
    {"5.1.0", REASON_USERUNKNOWN},      {"x.1.1", REASON_USERUNKNOWN},
    {"x.1.2", REASON_HOSTUNKNOWN},      {"x.1.3", REASON_USERUNKNOWN},
    {"x.1.4", REASON_FILTERED},         {"x.1.6", REASON_HASMOVED},
    {"x.1.7", REASON_REJECTED},         {"x.1.8", REASON_REJECTED},
    {"x.1.9", REASON_SYSTEMERROR},      {"5.1.10", REASON_NOTACCEPT},
    {"5.1.20", REASON_SYNTAXERROR},     {"5.1.90", REASON_SPEEDING},
    {"5.1.351", REASON_USERUNKNOWN},    {"x.2.0", REASON_FILTERED},
    {"4.2.1", REASON_SUSPEND},          {"5.2.1", REASON_SUSPEND},
    {"x.2.2", REASON_MAILBOXFULL},      {"x.2.3", REASON_EXCEEDLIMIT},
    {"x.2.4", REASON_FILTERED},         {"5.2.121", REASON_SPEEDING},
    {"5.2.122", REASON_SPEEDING},       {"x.3.0", REASON_SYSTEMERROR},
    {"x.3.1", REASON_SYSTEMFULL},       {"4.3.2", REASON_SYSTEMERROR},
    {"5.3.2", REASON_NOTACCEPT},        {"x.3.3", REASON_SYSTEMERROR},
    {"x.3.4", REASON_MESGTOOBIG},       {"x.3.5", REASON_SYSTEMERROR},
    {"x.4.0", REASON_NETWORKERROR},     {"x.4.1", REASON_EXPIRED},
    {"x.4.2", REASON_NETWORKERROR},     {"x.4.3", REASON_SYSTEMERROR},
    {"4.4.4", REASON_NETWORKERROR},     {"5.4.4", REASON_HOSTUNKNOWN},
    {"4.4.5", REASON_SYSTEMERROR},      {"5.4.5", REASON_SPEEDING},
    {"x.4.6", REASON_NETWORKERROR},     {"x.4.7", REASON_EXPIRED},
    {"x.4.8", REASON_NETWORKERROR},     {"x.4.9", REASON_NETWORKERROR},
    {"x.4.14", REASON_NETWORKERROR},    {"5.4.300", REASON_EXPIRED},
    {"5.4.310", REASON_HOSTUNKNOWN},    {"5.4.312", REASON_NETWORKERROR},
    {"x.4.316", REASON_EXPIRED},        {"4.4.317", REASON_FAILEDSTARTTLS},
    {"x.5.1", REASON_SYNTAXERROR},      {"x.5.2", REASON_SYNTAXERROR},
    {"x.5.3", REASON_TOOMANYCONN},      {"x.5.4", REASON_SYSTEMERROR},
    {"x.5.5", REASON_SYSTEMERROR},      {"5.5.6", REASON_SYNTAXERROR},
    {"x.6.0", REASON_CONTENTERROR},     {"x.6.1", REASON_CONTENTERROR},
    {"x.6.2", REASON_CONTENTERROR},     {"x.6.3", REASON_CONTENTERROR},
    {"x.6.5", REASON_CONTENTERROR},     {"x.6.6", REASON_CONTENTERROR},
    {"5.6.7", REASON_CONTENTERROR},     {"5.6.8", REASON_CONTENTERROR},
    {"5.6.9", REASON_CONTENTERROR},     {"x.7.10", REASON_FAILEDSTARTTLS},
    {"x.7.13", REASON_SUSPEND},         {"5.7.17", REASON_HASMOVED},
    {"5.7.18", REASON_HASMOVED},        {"x.7.20", REASON_AUTHFAILURE},
    {"x.7.21", REASON_AUTHFAILURE},     {"x.7.22", REASON_AUTHFAILURE},
    {"x.7.23", REASON_AUTHFAILURE},     {"x.7.24", REASON_AUTHFAILURE},
    {"x.7.25", REASON_REQUIREPTR},      {"x.7.26", REASON_AUTHFAILURE},
    {"5.7.27", REASON_NOTACCEPT},       {"x.7.28", REASON_SPEEDING},
    {"x.7.29", REASON_AUTHFAILURE},     {"x.7.30", REASON_AUTHFAILURE},
    {"5.7.124", REASON_REJECTED},       {"5.7.133", REASON_REJECTED},
    {"5.7.134", REASON_REJECTED},       {"5.7.135", REASON_REJECTED},
    {"5.7.136", REASON_REJECTED},       {"x.7.321", REASON_FAILEDSTARTTLS},
    {"x.7.322", REASON_FAILEDSTARTTLS}, {"x.7.323", REASON_FAILEDSTARTTLS},
    {"x.7.324", REASON_FAILEDSTARTTLS}, {"x.7.325", REASON_FAILEDSTARTTLS},
    {"5.7.501", REASON_SPAMDETECTED},   {"5.7.502", REASON_SPAMDETECTED},
    {"5.7.503", REASON_SPAMDETECTED},   {"5.7.505", REASON_BLOCKED},
    {"5.7.506", REASON_BLOCKED},        {"5.7.508", REASON_SPEEDING},
    {"5.7.509", REASON_AUTHFAILURE},    {"5.7.510", REASON_NOTACCEPT},
    {"5.7.511", REASON_BLOCKED},        {"5.7.512", REASON_NOTCOMPLIANTRFC},
    {"5.7.64", REASON_NORELAYING},      {"5.7.703", REASON_SPAMDETECTED},
    {"5.7.705", REASON_SPEEDING},       {"5.7.708", REASON_BLOCKED},
    {"5.7.750", REASON_REJECTED},       {"4.7.0", REASON_SECURITYERROR},
    {"4.7.1", REASON_BLOCKED},          {"4.7.2", REASON_BLOCKED},
};

static gboolean code_matches(const char *code, const char *status)
{
    return (code[0] == 'x' || code[0] == status[0]) && strcmp(code + 1, status + 1) == 0;
}

Reason status_reason(const char *status)
{
    if (*status != '4' && *status != '5')
        return REASON_UNDEFINED;
    for (gsize i = 0; i < G_N_ELEMENTS(STATUSES); i++)
        if (code_matches(STATUSES[i].code, status))
            return STATUSES[i].reason;
    if (strncmp(status + 1, ".7.6", 4) == 0 &&
        strlen(status) == 7) /* 5.7.606-649: banned addresses */
        return REASON_BLOCKED;
    if (strncmp(status + 1, ".7.8", 4) == 0 && strlen(status) == 7) /* 4.7.850-899: throttled */
        return REASON_SPEEDING;
    Reason judged = reason_by_refusal(0, status, NULL);
    if (judged != REASON_UNDEFINED)
        return judged;
    if (strncmp(status + 1, ".7.", 3) == 0)
        return REASON_SECURITYERROR;
    if (strncmp(status + 1, ".6.", 3) == 0)
        return REASON_CONTENTERROR;
    return REASON_UNDEFINED;
}

/* The other way round, for reports without a code. */
static const char *const BY_REASON[REASON_COUNT] = {
    [REASON_AUTHFAILURE] = "5.7.26",    [REASON_BADREPUTATION] = "5.7.0",
    [REASON_BLOCKED] = "5.7.0",         [REASON_CONTENTERROR] = "5.6.0",
    [REASON_EXCEEDLIMIT] = "5.2.3",     [REASON_EXPIRED] = "5.4.7",
    [REASON_FAILEDSTARTTLS] = "5.7.10", [REASON_FILTERED] = "5.2.0",
    [REASON_HASMOVED] = "5.1.6",        [REASON_HOSTUNKNOWN] = "5.1.2",
    [REASON_MAILBOXFULL] = "5.2.2",     [REASON_MAILERERROR] = "5.3.0",
    [REASON_MESGTOOBIG] = "5.3.4",      [REASON_NETWORKERROR] = "5.4.0",
    [REASON_NORELAYING] = "5.7.1",      [REASON_NOTACCEPT] = "5.3.2",
    [REASON_NOTCOMPLIANTRFC] = "5.6.0", [REASON_POLICYVIOLATION] = "5.7.1",
    [REASON_REJECTED] = "5.1.8",        [REASON_REQUIREPTR] = "5.7.25",
    [REASON_SECURITYERROR] = "5.7.0",   [REASON_SPAMDETECTED] = "5.7.1",
    [REASON_SPEEDING] = "5.7.28",       [REASON_SUPPRESSED] = "5.7.1",
    [REASON_SUSPEND] = "5.2.1",         [REASON_SYNTAXERROR] = "5.5.2",
    [REASON_SYSTEMERROR] = "5.3.0",     [REASON_SYSTEMFULL] = "5.3.1",
    [REASON_TOOMANYCONN] = "5.4.5",     [REASON_USERUNKNOWN] = "5.1.1",
    [REASON_VIRUSDETECTED] = "5.7.1",   [REASON_DELIVERED] = "2.1.5",
};

const char *reason_status(Reason reason)
{
    return BY_REASON[reason] ? BY_REASON[reason] : "5.0.0";
}
