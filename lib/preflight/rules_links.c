/* rules_links - the rules about links */
#include "preflight/rule.h"

const Rule RULES_OF_LINKS[] = {
    {
        .id = "link-text",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link whose text doesn't say where it leads",
        .why = "Who listens to a letter can have its links read out one after another: \"here, "
               "here, read more\". The text of a link should say its purpose (WCAG 2.2, 2.4.4 "
               "Link Purpose). In the plain text the link stands at the end, and \"click "
               "here\" leads to nothing.",
        .mend = "Make the words a link that say what is behind it: [term dates](https://...).",
    },
    {
        .id = "bare-url",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a long address in place of a link's text",
        .why = "A screen reader reads it letter by letter (WCAG 2.2, 2.4.4 Link Purpose). "
               "Short ones that a person could type, such as www.gov.uk, are left alone.",
        .mend = "Write [what is behind it](https://...).",
    },
    {
        .id = "same-link-text",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "the same text for links to different places",
        .why = "In a list of links nobody can tell them apart (WCAG 2.2, 2.4.4 Link Purpose; "
               "2.4.9 where only the link itself is looked at).",
        .mend = "Let each text say what is different about its target.",
    },
    {
        .id = "link-parse",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that is no address",
        .why = "A browser would guess, or show an error (RFC 3986).",
        .mend = "Copy the address from the browser once more.",
    },
    {
        .id = "link-insecure",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link with http:",
        .why = "What is fetched without TLS can be read and changed on the way; browsers warn "
               "of it, and a form behind it must not be filled in.",
        .mend = "Write https:, and try whether the page comes; nearly all do.",
    },
    {
        .id = "link-tracking",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that carries tracking parameters",
        .why = "utm_source, fbclid, mc_eid and the like report who came from where. Copied "
               "from a newsletter they name somebody else; the page itself doesn't need them.",
        .mend = "Cut the parameters off: the page is the same without.",
    },
    {
        .id = "link-password",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that carries a user name or password",
        .why = "Everybody who gets the letter, and every server that it passes, can read it; "
               "browsers warn of such links or drop the name (RFC 3986, 3.2.1).",
        .mend = "Take out what stands before the @, and tell it another way.",
    },
    {
        .id = "link-private",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link to a place that only this office can reach",
        .why = "localhost, 192.168.x.x, names without a dot and .local lead nowhere from a "
               "school.",
        .mend = "Link to the public address of the page, or attach the document.",
    },
    {
        .id = "link-wrapped",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that goes through somebody's filter",
        .why = "Outlook's Safe Links and similar filters rewrite the links of letters that "
               "come in. Copied out of a mail such a link names the one who got it, leads "
               "through a company's server, and stops to work.",
        .mend = "Open it, and copy the address that the browser then shows.",
    },
    {
        .id = "link-mailto",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a mailto: link without a proper address",
        .why = "A press on it opens an empty letter, or none (RFC 6068).",
        .mend = "Write [ann@example.org](mailto:ann@example.org).",
    },
    {
        .id = "dead-link",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that doesn't answer, or says that there is no such page",
        .why = "Tried with --links: HEAD, and GET where HEAD is refused, certificates "
               "verified, some at a time. Answers of 404, 410 and of servers that can't be "
               "reached or proven count.",
        .mend = "Correct the address, or ask whoever keeps the page.",
        .needs = RULE_WITH_LINKS,
    },
    {
        .id = "link-denied",
        .severity = FINDING_WARNING,
        .group = RULES_CONTENT,
        .what = "a link that asks for a sign-in",
        .why = "The page answers 401 or 403, or goes on to a sign-in page. Heads have no "
               "account with this office's SharePoint. (Some sites refuse programs and let "
               "people in: then allow it.)",
        .mend = "Share the document with whoever has the link, or attach it.",
        .needs = RULE_WITH_LINKS,
    },
    {
        .id = "link-busy",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a link that could not be tried out",
        .why = "The server said that it is busy or broken (429, 5xx), or took too long: it may "
               "be well again tomorrow.",
        .mend = "Try again before the letter goes.",
        .needs = RULE_WITH_LINKS,
    },
    {
        .id = "link-moved",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "a link that has moved for good",
        .why = "The page answers with a permanent redirect to another address. It works today.",
        .mend = "Link to the new address.",
        .needs = RULE_WITH_LINKS,
    },
    {
        .id = "link-untried",
        .severity = FINDING_NOTE,
        .group = RULES_CONTENT,
        .what = "links that were not tried out",
        .why = "A link that holds a field is another for everybody, and opening it may book a "
               "place for somebody; links beyond the first 200 are left, too.",
        .mend = "Open one of them yourself, from a letter that was sent with --test.",
        .needs = RULE_WITH_LINKS,
    },
    {0},
};
