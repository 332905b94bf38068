/* meaning - what a reason or a status code says, in plain words, and what to do next */
#include "report/meaning.h"

#include <string.h>

#define ASK_ADDRESS "ask for the right address and put it into the list"
#define ASK_SPACE "ask them to make room, or for another address"
#define ASK_THEM "ask them to have it looked at, or for another address"
#define ASK_IT "ask IT: no call to the recipient will fix it; send it again afterwards"

/* By the word of reason/reason.h. */
static const Meaning REASONS[] = {
    {"userunknown", "the mailbox does not exist", NEXT_CALL, ASK_ADDRESS},
    {"hostunknown", "the part after the @ does not exist", NEXT_CALL, ASK_ADDRESS},
    {"hasmoved", "the mailbox has moved", NEXT_CALL, ASK_ADDRESS},
    {"notaccept", "nothing behind the @ takes e-mail", NEXT_CALL, ASK_ADDRESS},
    {"suspend", "the mailbox is switched off", NEXT_CALL, ASK_ADDRESS},
    {"filtered", "the recipient's own settings turned it away", NEXT_CALL, ASK_THEM},
    {"mailboxfull", "the mailbox is full", NEXT_CALL, ASK_SPACE},
    {"exceedlimit", "the letter is larger than this mailbox may get", NEXT_CALL, ASK_SPACE},
    {"mesgtoobig", "the letter is too large for their server", NEXT_CALL,
     "make the letter smaller, or ask how else they can get it"},
    {"mailererror", "a program at their end failed", NEXT_CALL, ASK_THEM},
    {"systemerror", "their server has a fault", NEXT_CALL, ASK_THEM},
    {"systemfull", "their server has no room left", NEXT_CALL, ASK_THEM},
    {"networkerror", "their server could not be reached", NEXT_CALL, ASK_THEM},
    {"expired", "their server put it off until we gave up", NEXT_CALL, ASK_THEM},
    {"onhold", "their server did not say why", NEXT_CALL, ASK_THEM},
    {"undefined", "their server gave no reason that we understand", NEXT_CALL, ASK_THEM},
    {"syntaxerror", "their server did not understand our server", NEXT_IT, ASK_IT},
    {"failedstarttls", "no encrypted connection was possible", NEXT_IT, ASK_IT},
    {"authfailure", "our mail did not prove that it is ours (SPF, DKIM or DMARC)", NEXT_IT, ASK_IT},
    {"badreputation", "our server has a bad name with theirs", NEXT_IT, ASK_IT},
    {"blocked", "their server does not take mail from ours", NEXT_IT, ASK_IT},
    {"norelaying", "our server was not allowed to pass it on", NEXT_IT, ASK_IT},
    {"requireptr", "our server's name does not fit its address", NEXT_IT, ASK_IT},
    {"rejected", "our sender address was refused", NEXT_IT, ASK_IT},
    {"policyviolation", "the rules of their server forbid it", NEXT_IT, ASK_IT},
    {"securityerror", "the rules of their server forbid it", NEXT_IT, ASK_IT},
    {"contenterror", "something in the letter was refused", NEXT_IT, ASK_IT},
    {"notcompliantrfc", "something in the letter's form was refused", NEXT_IT, ASK_IT},
    {"spamdetected", "it was taken for spam", NEXT_IT, ASK_IT},
    {"virusdetected", "it was taken for a virus", NEXT_IT, ASK_IT},
    {"suppressed", "our provider keeps this address on a list of its own", NEXT_IT, ASK_IT},
    {"greylisted",
     "their server puts off letters from senders that it does not know yet (greylisting)",
     NEXT_CALL, "ask whether it came in the end, and ask them to let our address in"},
    {"speeding", "too many letters came at once", NEXT_IT,
     "send it again later; a lower relay.per_minute prevents it"},
    {"toomanyconn", "too many connections came at once", NEXT_IT,
     "send it again later; fewer relay.connections prevent it"},
};

/* Status codes (RFC 3463, RFC 5248, and Microsoft's) that say more than the word they belong to. */
static const struct {
    const char *code;
    Meaning meaning;
} CODES[] = {
    {"5.1.3",
     {"userunknown", "the address is not written as an address is", NEXT_CALL, ASK_ADDRESS}},
    {"5.1.10",
     {"notaccept", "the part after the @ says that it takes no e-mail", NEXT_CALL, ASK_ADDRESS}},
    {"4.2.1", {"suspend", "the mailbox is switched off for now", NEXT_CALL, ASK_THEM}},
    {"4.3.1", {"systemfull", "their server has no room left for now", NEXT_CALL, ASK_THEM}},
    {"4.3.2", {"systemerror", "their server was too busy", NEXT_CALL, ASK_THEM}},
    {"4.4.1", {"expired", "their server did not answer", NEXT_CALL, ASK_THEM}},
    {"4.4.2", {"networkerror", "the connection to their server broke off", NEXT_CALL, ASK_THEM}},
    {"4.5.3", {"toomanyconn", "their server was too busy", NEXT_CALL, ASK_THEM}},
    {"5.4.6", {"networkerror", "their servers pass it round in a circle", NEXT_CALL, ASK_THEM}},
    {"5.4.14", {"networkerror", "their servers pass it round in a circle", NEXT_CALL, ASK_THEM}},
    {"4.7.1", {"blocked", "their server asked us to come back later", NEXT_CALL, ASK_THEM}},
    {"5.7.124",
     {"rejected", "only members may write to this group", NEXT_CALL,
      "ask them to let our address in"}},
    {"5.7.133",
     {"rejected", "only people inside their organisation may write to it", NEXT_CALL,
      "ask them to let our address in"}},
    {"5.7.134",
     {"rejected", "only people inside their organisation may write to it", NEXT_CALL,
      "ask them to let our address in"}},
    {"5.7.135",
     {"rejected", "only people inside their organisation may write to it", NEXT_CALL,
      "ask them to let our address in"}},
    {"5.7.136",
     {"rejected", "only people inside their organisation may write to it", NEXT_CALL,
      "ask them to let our address in"}},
};

/* What nobody has a word for. */
static const Meaning *nothing_known(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(REASONS); i++)
        if (g_str_equal(REASONS[i].word, "undefined"))
            return &REASONS[i];
    g_assert_not_reached();
}

static const Meaning *by_word(const Meaning *table, gsize count, const char *word)
{
    for (gsize i = 0; i < count; i++)
        if (g_str_equal(table[i].word, word))
            return &table[i];
    return NULL;
}

const Meaning *meaning_of_failure(const char *enhanced, const char *reason)
{
    for (gsize i = 0; i < G_N_ELEMENTS(CODES); i++)
        if (g_str_equal(CODES[i].code, enhanced) && g_str_equal(CODES[i].meaning.word, reason))
            return &CODES[i].meaning;
    const Meaning *found = by_word(REASONS, G_N_ELEMENTS(REASONS), reason);
    return found ? found : nothing_known();
}

/* --- states ---------------------------------------------------------------------------------- */

const Meaning *meaning_of_state(const char *state)
{
    static const Meaning states[] = {
        {"unknown", "the mail server's answer was lost: they may have it or not", NEXT_CALL,
         "ask whether it came, or send it again: 'circular send ID --resend-unknown'"},
        {"complained", "it arrived, and somebody there marked it as spam", NEXT_CALL,
         "talk to them before anything else is sent: their address gets no more letters"},
    };
    return by_word(states, G_N_ELEMENTS(states), state);
}

/* --- left out -------------------------------------------------------------------------------- */

static const Meaning SUPPRESSIONS[] = {
    {"bounce-hard", "earlier letters came back: the address does not work", NEXT_CALL,
     ASK_ADDRESS ", then 'circular suppress remove ADDRESS'"},
    {"bounce-soft", "several letters in a row came back", NEXT_CALL,
     ASK_THEM "; a letter is tried again by itself WHEN, or at once with 'circular suppress remove "
              "ADDRESS'"},
    {"complaint", "somebody there marked a letter as spam", NEXT_CALL,
     "talk to them: is it wanted, and by whom?"},
    {"unsubscribe", "they asked for no more letters", NEXT_NOTHING, "respect it"},
    {"mailbox-full", "their mailbox was full for too long", NEXT_CALL,
     ASK_SPACE "; a letter is tried again by itself WHEN, or at once with 'circular suppress "
               "remove ADDRESS'"},
    {"by-hand", "the office took the address off", NEXT_NOTHING, ""},
};

const Meaning *meaning_of_suppression(const char *reason)
{
    static const Meaning typed = {"by-hand", NULL, NEXT_NOTHING, ""};
    const Meaning *found = by_word(SUPPRESSIONS, G_N_ELEMENTS(SUPPRESSIONS), reason);
    return found ? found : &typed;
}

const Meaning *meaning_of_exclusion(ExclusionKind kind, const char *detail)
{
    static const Meaning kinds[EXCLUSION_KINDS] = {
        [EXCLUSION_NO_ADDRESS] = {"no-address", "the list has no address for them", NEXT_CALL,
                                  ASK_ADDRESS},
        [EXCLUSION_BAD_ADDRESS] = {"bad-address", "the list's address can't be right", NEXT_CALL,
                                   ASK_ADDRESS},
        [EXCLUSION_SAME_ADDRESS] = {"same-address",
                                    "somebody else on the list has the same address: one letter "
                                    "for both",
                                    NEXT_NOTHING, ""},
        [EXCLUSION_NOTHING_NEW] = {"nothing-new", "there was nothing new for them", NEXT_NOTHING,
                                   ""},
        [EXCLUSION_TOO_FEW] = {"too-few", "there was too little new for them: it waits for more",
                               NEXT_NOTHING, ""},
        [EXCLUSION_HAS_IT] = {"has-it", "they have it already", NEXT_NOTHING, ""},
        [EXCLUSION_MAY_HAVE_IT] = {"may-have-it",
                                   "they may have it: the mail server's answer was lost", NEXT_CALL,
                                   "ask them whether they have it"},
        [EXCLUSION_ON_ITS_WAY] = {"on-its-way", "they are still to get it", NEXT_WAIT, ""},
        [EXCLUSION_CAME_BACK] = {"came-back", "it came back from this very address", NEXT_CALL,
                                 ASK_ADDRESS},
        [EXCLUSION_HAD_NONE] = {"had-none", "they did not have the letter that this one follows",
                                NEXT_NOTHING, ""},
        [EXCLUSION_LEFT_LIST] = {"left-list", "they had the letter and are on the list no more",
                                 NEXT_CALL, "if they still need to know, tell them"},
        [EXCLUSION_ANSWERED] = {"answered", "they have answered the letter's questions",
                                NEXT_NOTHING, ""},
        [EXCLUSION_ANSWER_WAITS] = {"answer-waits", "an answer of theirs waits for a person",
                                    NEXT_CALL, "read it: 'circular answers --review'"},
        [EXCLUSION_REMINDED] = {"reminded", "they were reminded often enough", NEXT_CALL,
                                "ask them by telephone"},
        [EXCLUSION_TOO_SOON] = {"too-soon", "they had a letter of it lately", NEXT_WAIT, ""},
        [EXCLUSION_WITHDRAWN] = {"withdrawn", "the letter was withdrawn before it reached them",
                                 NEXT_NOTHING, ""},
        [EXCLUSION_HELD_BACK] = {"held-back",
                                 "a value of theirs is what a spreadsheet left, such as #N/A",
                                 NEXT_CALL,
                                 "fix it in the list; the next digest has what they missed"},
        [EXCLUSION_OTHER] = {"left-out", "the plan left them out", NEXT_CALL,
                             "see the reason that the plan gives"},
    };
    switch (kind) {
    case EXCLUSION_SUPPRESSED: {
        static const Meaning typed = {"by-hand", "the office took the address off", NEXT_NOTHING,
                                      ""};
        const Meaning *found = by_word(SUPPRESSIONS, G_N_ELEMENTS(SUPPRESSIONS), detail);
        return found ? found : &typed;
    }
    case EXCLUSION_NONE:
    case EXCLUSION_KINDS:
        return &kinds[EXCLUSION_OTHER];
    case EXCLUSION_NO_ADDRESS:
    case EXCLUSION_BAD_ADDRESS:
    case EXCLUSION_SAME_ADDRESS:
    case EXCLUSION_NOTHING_NEW:
    case EXCLUSION_TOO_FEW:
    case EXCLUSION_HAS_IT:
    case EXCLUSION_MAY_HAVE_IT:
    case EXCLUSION_ON_ITS_WAY:
    case EXCLUSION_CAME_BACK:
    case EXCLUSION_HAD_NONE:
    case EXCLUSION_LEFT_LIST:
    case EXCLUSION_ANSWERED:
    case EXCLUSION_ANSWER_WAITS:
    case EXCLUSION_REMINDED:
    case EXCLUSION_TOO_SOON:
    case EXCLUSION_WITHDRAWN:
    case EXCLUSION_HELD_BACK:
    case EXCLUSION_OTHER:
        break;
    }
    return &kinds[kind];
}

/* --- what came back -------------------------------------------------------------------------- */

const Meaning *meaning_of_notice(InboundKind kind)
{
    static const Meaning kinds[INBOUND_KINDS] = {
        [INBOUND_NONE] = {"reply", "somebody wrote", NEXT_NOTHING,
                          "read it: 'circular bounces --review'"},
        [INBOUND_UNSUBSCRIBE] = {"unsubscribe", "they asked for no more letters", NEXT_NOTHING,
                                 "respect it"},
        [INBOUND_AUTO_REPLY] = {"auto-reply",
                                "an automatic answer, such as out of office: the letter arrived",
                                NEXT_NOTHING, ""},
        [INBOUND_CHALLENGE] = {"challenge", "their server wants us to prove that we are people",
                               NEXT_CALL, "ask them to let our address in"},
        [INBOUND_RECEIPT] = {"receipt", "a receipt: it arrived, and was opened or deleted",
                             NEXT_NOTHING, ""},
        [INBOUND_CALENDAR] = {"calendar", "an invitation was answered", NEXT_NOTHING,
                              "read it: 'circular bounces --review'"},
        [INBOUND_DELIVERED] = {"delivered", "a server confirmed that it arrived", NEXT_NOTHING, ""},
        [INBOUND_COMPLAINT] = {"complaint", "somebody there marked it as spam", NEXT_CALL,
                               "talk to them"},
        [INBOUND_DELAYED] = {"delayed", "a server on the way is still trying", NEXT_WAIT, ""},
        [INBOUND_SOFT] = {"bounce-soft", "it came back; another may arrive", NEXT_CALL, ASK_THEM},
        [INBOUND_HARD] = {"bounce-hard", "it came back, and so will others", NEXT_CALL,
                          ASK_ADDRESS},
    };
    g_assert(kind < INBOUND_KINDS);
    return &kinds[kind];
}

const char *next_name(Next next)
{
    switch (next) {
    case NEXT_NOTHING:
        return "";
    case NEXT_WAIT:
        return "wait";
    case NEXT_CALL:
        return "call";
    case NEXT_IT:
        return "it";
    }
    g_assert_not_reached();
}
