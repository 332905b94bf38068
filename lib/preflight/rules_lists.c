/* rules_lists - the rules about who gets the letter */
#include "preflight/rule.h"

const Rule RULES_OF_LISTS[] = {
    {
        .id = "role-address",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "addresses that are read by several people, or by nobody",
        .why = "office@, admin@ and enquiries@ (roles, as RFC 2142 has them) are read by "
               "whoever is there: what is meant for the head alone should go to the head. How "
               "many there are, and the first.",
        .mend = "Ask those schools for the head's own address, or write as to an office.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "unread-address",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "addresses that nobody reads",
        .why = "noreply@ and the like take no letters.",
        .mend = "Ask for an address that somebody reads.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "look-alike",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a domain that is one slip away from a well-known one",
        .why = "gmial.com, .sch.ul, .co.uj, or one letter off a domain that many others in the "
               "same list have. Such domains often exist, and belong to people who collect "
               "mail that was sent wrong (RFC 5321 delivers to whatever the domain says).",
        .mend = "Correct the address in the list; where it is right, allow it.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "empty-fields",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "fields that are empty for some",
        .why = "Each is guarded by a section, so the letter reads well for them too. More than "
               "you would expect points to a column that wasn't filled.",
        .mend = "Look at one of those who lack it: circular preview --for KEY.",
        .needs = RULE_WITH_AUDIENCE,
    },
    {
        .id = "audience-drift",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "an audience that has changed by over 5 per cent since the last mailing to it",
        .why = "A list that lost 60 schools over night was cut off, or filtered; one that "
               "gained 60 holds something twice.",
        .mend = "Compare: circular status ID --recipients shows who was written to last time.",
        .needs = RULE_WITH_LEDGER,
    },
    {
        .id = "suppressed-many",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "over 5 per cent of the audience get no more letters",
        .why = "Their addresses bounced, or they asked for it. A twentieth of the schools "
               "hears nothing by this way.",
        .mend = "circular suppress list says why for each; ring those whose address is gone.",
        .needs = RULE_WITH_LEDGER,
    },
    {
        .id = "suppressed",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "some of the audience get no more letters",
        .why = "Their addresses bounced, or they asked for it; the plan leaves them out and "
               "says so.",
        .mend = "circular suppress list says why for each.",
        .needs = RULE_WITH_LEDGER,
    },
    {
        .id = "no-mx",
        .severity = FINDING_WARNING,
        .group = RULES_LIST,
        .what = "a domain that takes no mail",
        .why = "It does not exist, or says in the DNS that it takes none (RFC 5321, 5.1; RFC "
               "7505): letters to it come back.",
        .mend = "Correct the address in the list.",
        .needs = RULE_WITH_DNS,
    },
    {
        .id = "dns-silent",
        .severity = FINDING_NOTE,
        .group = RULES_LIST,
        .what = "domains that could not be looked up",
        .why = "The name servers gave no answer: nothing is known about these.",
        .mend = "Try again, or from a machine with a connection.",
        .needs = RULE_WITH_DNS,
    },
    {0},
};
