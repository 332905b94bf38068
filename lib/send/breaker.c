/* breaker - the circuit breaker of a run: whether refusals are about us, by what happens */
#include "send/breaker.h"

#include <string.h>

#include "base/error.h"
#include "mail/refusal.h"

/* Refusals in the same words, in a row. */
typedef struct {
    guint count;
    gboolean is_about_us;   /* as far as code and words can tell */
    gboolean is_hers;       /* the recipient's, as far as words can tell */
    gboolean is_of_account; /* what may begin in the middle of a mailing: a limit, a block */
    gboolean is_of_all;     /* and so by the code, not by words */
    gboolean is_put_off;    /* at RCPT, for now */
    gboolean is_known;      /* the same was said of others, and letters were taken after it */
    guint again, proven;    /* of `count`: given back for the same before, as BreakerAgain says */
    GHashTable *domains;    /* of the recipients */
} Group;

struct Breaker {
    guint stop_after;
    gboolean has_taken; /* the server took a letter */
    guint refused;      /* in a row, for good */
    guint held;
    GHashTable *groups; /* fingerprint -> Group */
    GHashTable *known;  /* fingerprints of groups that were released when a letter was taken */

    /* The refusal that the error is about. */
    int code;
    char *enhanced, *text;
    const char *stage; /* static */
    guint said;        /* how often */
    gboolean is_same;  /* in the same words */
    gboolean is_again; /* by all of them not for the first time */
    guint wait;
};

static void group_free(gpointer data)
{
    Group *group = data;
    g_hash_table_unref(group->domains);
    g_free(group);
}

Breaker *breaker_new(guint stop_after)
{
    Breaker *self = g_new0(Breaker, 1);
    self->stop_after = stop_after;
    self->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, group_free);
    self->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return self;
}

void breaker_free(Breaker *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->groups);
    g_hash_table_unref(self->known);
    g_free(self->enhanced);
    g_free(self->text);
    g_free(self);
}

static void forget(Breaker *self)
{
    g_hash_table_remove_all(self->groups);
    self->refused = self->held = 0;
}

/* A letter was taken: what was held before it was meant for its recipients, and is so too when it is
 * said again. A limit comes and goes, and a block may begin. */
static void learn(Breaker *self)
{
    GHashTableIter each;
    gpointer print, group;
    g_hash_table_iter_init(&each, self->groups);
    while (g_hash_table_iter_next(&each, &print, &group))
        if (!((const Group *)group)->is_of_account &&
            g_hash_table_size(self->known) < BREAKER_HELD_MAX)
            g_hash_table_add(self->known, g_strdup(print));
    self->has_taken = TRUE;
    forget(self);
}

void breaker_reset(Breaker *self)
{
    forget(self);
    self->has_taken = FALSE;
    self->wait = 0;
}

/* Keeps what the error will say. */
static void note(Breaker *self, const Outcome *outcome, guint said, gboolean is_same)
{
    g_free(self->enhanced);
    g_free(self->text);
    self->code = outcome->code;
    self->enhanced = g_strdup(outcome->enhanced ? outcome->enhanced : "");
    self->text = g_strdup(outcome->text ? outcome->text : "");
    self->stage = outcome->stage ? outcome->stage : "";
    self->said = said;
    self->is_same = is_same;
    self->wait = MAX(self->wait, refusal_wait(self->text));
}

static Group *group_of(Breaker *self, const Outcome *outcome, const char *recipient)
{
    g_autofree char *print =
        refusal_fingerprint(outcome->code, outcome->enhanced, outcome->text, recipient);
    Group *group = g_hash_table_lookup(self->groups, print);
    if (!group) {
        group = g_new0(Group, 1);
        group->domains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        group->is_known = g_hash_table_contains(self->known, print);
        g_hash_table_insert(self->groups, g_steal_pointer(&print), group);
    }
    const char *at = strrchr(recipient, '@');
    g_hash_table_add(group->domains, g_ascii_strdown(at ? at + 1 : recipient, -1));
    group->count++;
    return group;
}

/* Once letters were taken, what is said of relaying, of addresses or of signing in can only be meant
 * for the recipient: a relay that wants a sign-in for other people's domains has taken those of its
 * own. */
static gboolean is_of_account(RefusalCause cause)
{
    return cause == CAUSE_LIMIT || cause == CAUSE_BLOCKED;
}

/* Whether one group has become too large for chance. */
static gboolean is_too_many(const Breaker *self, const Group *group, OutcomeKind kind)
{
    guint row = self->stop_after || kind == OUTCOME_REFUSED ? self->stop_after : BREAKER_ROW;
    if (group->is_about_us && (!self->has_taken || group->is_of_account) &&
        g_hash_table_size(group->domains) >= BREAKER_DOMAINS &&
        group->count - group->proven >= BREAKER_DOMAINS)
        return TRUE;
    return (row && group->count - group->proven >= row) ||
           (self->stop_after && self->refused >= self->stop_after);
}

/* A refusal that may be about us. */
static BreakerVerdict hold(Breaker *self, const Outcome *outcome, const char *recipient,
                           BreakerAgain again)
{
    RefusalAbout about = refusal_about(outcome->code, outcome->enhanced, outcome->text);
    Group *group = group_of(self, outcome, recipient);
    group->is_about_us = about == REFUSAL_SENDER || about == REFUSAL_SESSION;
    group->is_hers = about == REFUSAL_RECIPIENT;
    RefusalCause cause = refusal_cause(outcome->code, outcome->enhanced, outcome->text);
    group->is_of_all =
        cause != CAUSE_SIGN_IN && refusal_is_of_all(outcome->code, outcome->enhanced);
    group->is_of_account = group->is_of_all || is_of_account(cause);
    group->is_put_off = outcome->kind == OUTCOME_DEFERRED && g_strcmp0(outcome->stage, "RCPT") == 0;
    group->again += again == BREAKER_REPEATED;
    group->proven += again == BREAKER_PROVEN;
    self->held++;
    note(self, outcome, group->count, TRUE);
    if (is_too_many(self, group, outcome->kind)) {
        self->is_again = group->again == group->count;
        if (group->count < self->refused)
            note(self, outcome, self->refused, FALSE);
        forget(self);
        return BREAKER_TRIP;
    }
    if (self->held < BREAKER_HELD_MAX)
        return BREAKER_HOLD;
    forget(self);
    return BREAKER_RELEASE;
}

gboolean breaker_is_suspect(const Outcome *outcome)
{
    RefusalAbout by_code = refusal_by_code(outcome->code, outcome->enhanced);
    if ((outcome->kind != OUTCOME_REFUSED && outcome->kind != OUTCOME_DEFERRED) || !outcome->code ||
        by_code == REFUSAL_RECIPIENT)
        return FALSE;
    return outcome->kind == OUTCOME_REFUSED ||
           refusal_about(outcome->code, outcome->enhanced, outcome->text) != REFUSAL_RECIPIENT;
}

BreakerVerdict breaker_take(Breaker *self, const Outcome *outcome, const char *recipient,
                            BreakerAgain again)
{
    if (outcome->kind == OUTCOME_SENT) {
        learn(self);
        return BREAKER_RELEASE;
    }
    /* Without a reply nobody has refused anything: the connection was lost, or the letter can't be
     * sent to this server. */
    if ((outcome->kind != OUTCOME_REFUSED && outcome->kind != OUTCOME_DEFERRED) || !outcome->code)
        return BREAKER_RECORD;
    self->refused += outcome->kind == OUTCOME_REFUSED && again != BREAKER_PROVEN;
    if (breaker_is_suspect(outcome))
        return hold(self, outcome, recipient, again);
    if (outcome->kind != OUTCOME_REFUSED || !self->stop_after || self->refused < self->stop_after)
        return BREAKER_RECORD;
    note(self, outcome, self->refused, FALSE);
    self->refused = 0;
    return BREAKER_STOP;
}

/* Whether it is known to be about them: others got theirs since they heard it first. Else they would
 * be given back after each run, for ever. */
static gboolean is_theirs(const Group *group)
{
    gboolean have_all_heard = group->again + group->proven == group->count;
    return 2 * group->proven > group->count ||
           (!group->is_of_account && (have_all_heard || group->is_known));
}

/* Whether what was said at the end of a run is about us. After others were taken: a block or a limit
 * that has just begun, and what so many different ones hear in words that are of nobody else's
 * domain; else whatever isn't plainly of one. */
static gboolean is_ours(const Breaker *self, const Group *group)
{
    gboolean are_many = g_hash_table_size(group->domains) >= BREAKER_DOMAINS;
    if (is_theirs(group))
        return FALSE;
    if (self->has_taken && group->is_of_account)
        return group->count > 1 || group->is_of_all;
    if (self->has_taken || are_many)
        return are_many && !(self->has_taken && group->is_about_us);
    return !group->is_hers && (group->count > 1 || (group->is_about_us && !group->is_put_off));
}

/* One recipient alone who is put off tells nothing of us, and waiting for her costs nothing: it is
 * her own deferral, which ends after its tries. */
gboolean breaker_settle(Breaker *self)
{
    GHashTableIter each;
    gpointer value;
    const Group *largest = NULL;
    guint held = self->held;
    gboolean is_us = FALSE;
    g_hash_table_iter_init(&each, self->groups);
    while (g_hash_table_iter_next(&each, NULL, &value))
        if (!largest || ((const Group *)value)->count > largest->count)
            largest = value;
    if (largest && 2 * largest->count >= held)
        is_us = is_ours(self, largest);
    forget(self);
    return is_us;
}

guint breaker_wait(const Breaker *self)
{
    return self->wait;
}

GError *breaker_error(const Breaker *self, const char *sender)
{
    RefusalCause cause = refusal_cause(self->code, self->enhanced, self->text);
    const char *fix = refusal_fix(cause, sender);
    CircularError kind =
        refusal_passes(self->code, self->enhanced, self->text)   ? CIRCULAR_ERROR_LATER
        : cause == CAUSE_SIGN_IN || cause == CAUSE_SMTP_AUTH_OFF ? CIRCULAR_ERROR_DENIED
                                                                 : CIRCULAR_ERROR_REMOTE;
    g_autofree char *answer =
        g_strdup_printf("'%d%s%s %s'%s%s%s", self->code, *self->enhanced ? " " : "", self->enhanced,
                        self->text, *self->stage ? " (" : "", self->stage, *self->stage ? ")" : "");
    if (!self->is_same)
        return g_error_new(CIRCULAR_ERROR, kind,
                           "%u recipients in a row were refused, the last with %s: is it the wrong "
                           "list, or is this sender blocked? (relay.stop_after)",
                           self->said, answer);
    g_autofree char *often =
        self->said > 1 ? g_strdup_printf(", in the same words for %u recipients", self->said)
                       : g_strdup("");
    return g_error_new(CIRCULAR_ERROR, kind,
                       "the relay takes no letters from this sender%s: %s%s; it counts against no "
                       "recipient%s%s%s",
                       kind == CIRCULAR_ERROR_LATER ? " now" : "", answer, often, fix ? "; " : "",
                       fix ? fix : "",
                       self->is_again ? "; all of them have heard it before: if it is meant for "
                                        "them, relay.stop_after: 0 has them recorded as refused"
                                      : "");
}
