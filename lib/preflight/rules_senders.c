/* rules_senders - the rules about who sends it, and how fast */
#include "preflight/rule.h"

const Rule RULES_OF_SENDERS[] = {
    {
        .id = "no-sender",
        .severity = FINDING_ERROR,
        .group = RULES_SENDER,
        .what = "no sender",
        .why = "A letter must say whom it is from (RFC 5322, 3.6.2).",
        .mend = "Set 'from' in the config.",
    },
    {
        .id = "bad-sender",
        .severity = FINDING_ERROR,
        .group = RULES_SENDER,
        .what = "a sender that is no address",
        .why = "A letter must say whom it is from (RFC 5322, 3.6.2).",
        .mend = "Write Name <address>, with quotes around a name that holds a comma.",
    },
    {
        .id = "sender-alignment",
        .severity = FINDING_WARNING,
        .group = RULES_SENDER,
        .what = "an envelope sender of another organisation than From",
        .why = "DMARC asks that the domain of From and the one that SPF vouches for, that of "
               "the envelope sender, belong together (RFC 9989, 4.4). Apart, only a DKIM "
               "signature of the From domain saves the letter. What belongs together is told by "
               "the Public Suffix List; 'circular doctor' asks the DNS.",
        .mend = "Give bounce.address the domain of 'from', or a part of it "
                "(bounces.example.org).",
    },
    {
        .id = "no-unsubscribe",
        .severity = FINDING_NOTE,
        .group = RULES_SENDER,
        .what = "no List-Unsubscribe",
        .why = "Without bounce.address or unsubscribe in the config the letters have no "
               "List-Unsubscribe (RFC 2369). Google and Yahoo ask it of whoever sends in bulk; "
               "readers who find no way out press \"spam\".",
        .mend = "Set bounce.address in the config.",
    },
    {
        .id = "reply-nowhere",
        .severity = FINDING_WARNING,
        .group = RULES_SENDER,
        .what = "replies that nobody reads",
        .why = "From or Reply-To is a noreply address. Heads answer letters; an answer that "
               "comes back is a call to the office.",
        .mend = "Give 'reply_to' an address that somebody reads.",
    },
    {
        .id = "pace",
        .severity = FINDING_NOTE,
        .group = RULES_SENDER,
        .what = "how long the sending takes",
        .why = "The relay takes so many letters a minute and a day; the figures are those of "
               "relay.preset, or the config's own.",
        .mend = "Begin early enough; send --at chooses the hour.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "spf",
        .severity = FINDING_WARNING,
        .group = RULES_SENDER,
        .what = "an SPF record that is missing or doesn't hold",
        .why = "Without a record that names the relay, or with one of more than ten look-ups, "
               "receivers can't tell the letters from forged ones (RFC 7208). Looked up for "
               "the envelope sender's domain.",
        .mend = "Ask your IT office to publish one: 'circular doctor' says more.",
        .needs = RULE_WITH_DNS,
    },
    {
        .id = "dmarc",
        .severity = FINDING_WARNING,
        .group = RULES_SENDER,
        .what = "no DMARC record, or one that doesn't hold",
        .why = "Google and Yahoo want one of whoever sends in bulk (RFC 9989). Looked up for "
               "the domain of From and those above it. 'pct', 'rf' and 'ri' are no part of it "
               "any more: a policy holds for all letters, or with 't=y' is on trial.",
        .mend = "Ask your IT office to publish one: 'circular doctor' says more.",
        .needs = RULE_WITH_DNS,
    },
    {0},
};
