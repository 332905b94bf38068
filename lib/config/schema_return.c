/* schema_return - the rows of the table of keys that are about what comes back */
#include "config/schema_return.h"

const SchemaKey SCHEMA_RETURN_KEYS[] = {
    {
        .key = "bounce.address",
        .help = "The envelope sender, to which bounces come back.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the From address",
        .sample = "bounces@northmere.example.org",
        .more = "A mailbox for nothing else, which 'circular bounces' reads. With it each letter "
                "has a sender of its own, bounces+TOKEN@..., whose signed token names the letter, "
                "so that a bounce is believed only if it is ours; see bounce.verp.",
    },
    {
        .key = "bounce.verp",
        .help = "How the token that names a letter stands in the envelope sender.",
        .kind = SCHEMA_CHOICE,
        .value = "plus",
        .words = SCHEMA_WORDS("plus", "catchall", "none"),
        .more = "plus: bounces+TOKEN@example.org, which Exchange Online, Google Workspace, Postfix "
                "and Dovecot deliver to bounces@example.org. catchall: TOKEN@example.org, for a "
                "domain of its own whose mail all goes to one mailbox. none: the plain address; "
                "then only a report that returns the letter's own headers names it, and many do "
                "not. Without bounce.address it is always none.",
    },
    {
        .key = "bounce.soft_run",
        .help = "How many soft bounces in a row end the letters to an address; 0: they never do.",
        .kind = SCHEMA_NUMBER,
        .value = "3",
        .min = 0,
        .max = 1000,
        .more = "Soft is what may pass: a full mailbox, a server that is down. A letter that "
                "arrived in between ends the run.",
    },
    {
        .key = "bounce.soft_days",
        .help = "Over how many days, at least, they came.",
        .kind = SCHEMA_NUMBER,
        .value = "7",
        .min = 0,
        .max = 3650,
    },
    {
        .key = "bounce.full_days",
        .help = "The same where each said that the mailbox is full.",
        .kind = SCHEMA_NUMBER,
        .value = "56",
        .min = 0,
        .max = 3650,
        .more = "Mailboxes of schools fill up in the holidays; a summer holiday lasts six weeks.",
    },
    {
        .key = "bounce.rest_days",
        .help = "For how many days letters then rest, until the next one tries anew; 0: for good.",
        .kind = SCHEMA_NUMBER,
        .value = "28",
        .min = 0,
        .max = 3650,
        .more = "Of soft bounces only. An unknown or closed mailbox stays as it is until a person "
                "acts, and a wish for ever.",
    },
    {
        .key = "imap.host",
        .help = "The server of the mailbox that bounces come back to.",
        .kind = SCHEMA_TEXT,
        .otherwise = "'circular bounces' can't fetch them",
        .sample = "imap.northmere.example.org",
        .more = "outlook.office365.com for Microsoft 365, imap.gmail.com for Google Workspace.",
    },
    {
        .key = "imap.port",
        .help = "Its port.",
        .kind = SCHEMA_NUMBER,
        .otherwise = "993 for tls, else 143",
        .sample = "993",
        .min = 1,
        .max = 65535,
    },
    {
        .key = "imap.tls",
        .help = "How the connection is encrypted.",
        .kind = SCHEMA_CHOICE,
        .value = "tls",
        .words = SCHEMA_WORDS("tls", "starttls", "none"),
        .more = "As relay.tls: with tls and starttls the certificate is verified; none is for a "
                "server on this machine.",
    },
    {
        .key = "imap.ca_file",
        .help = "Certificate authorities to trust, in PEM.",
        .kind = SCHEMA_PATH,
        .otherwise = "those that the system trusts",
        .sample = "/etc/ssl/certs/council-ca.pem",
    },
    {
        .key = "imap.auth",
        .help = "How to sign in.",
        .kind = SCHEMA_CHOICE,
        .value = "auto",
        .words = SCHEMA_WORDS("auto", "plain", "login", "xoauth2", "oauthbearer"),
        .more = "As relay.auth.",
    },
    {
        .key = "imap.user",
        .help = "The name to sign in with.",
        .kind = SCHEMA_TEXT,
        .otherwise = "'circular bounces' can't fetch them",
        .sample = "bounces@northmere.example.org",
    },
    {
        .key = "imap.password_env",
        .help = "The environment variable that holds the password or token.",
        .kind = SCHEMA_TEXT,
        .otherwise = "one of the other two holds it",
        .sample = "CIRCULAR_IMAP_PASSWORD",
    },
    {
        .key = "imap.password_file",
        .help = "The file whose first line is the password; nobody else may read it (chmod 600).",
        .kind = SCHEMA_PATH,
        .otherwise = "one of the other two holds it",
        .sample = "imap.password",
    },
    {
        .key = "imap.password_command",
        .help = "The program that prints the password or token on its first line.",
        .kind = SCHEMA_COMMAND,
        .otherwise = "one of the other two holds it",
        .sample = "[pass, show, circular/imap]",
        .more = "As relay.password_command; asked for at each connection.",
    },
    {
        .key = "imap.folder",
        .help = "The folder that bounces arrive in.",
        .kind = SCHEMA_TEXT,
        .value = "INBOX",
    },
    {
        .key = "imap.processed",
        .help = "The folder that they go to once they are on record; made if missing.",
        .kind = SCHEMA_TEXT,
        .value = "Processed",
    },
    {
        .key = "imap.review",
        .help = "The folder for what is not proven to be ours or not understood; made if missing.",
        .kind = SCHEMA_TEXT,
        .value = "Review",
        .more = "'circular bounces --review' lists it.",
    },
    {
        .key = "imap.timeout",
        .help = "How long to wait for an answer of the server.",
        .kind = SCHEMA_DURATION,
        .value = "60s",
        .min = 1,
        .max = 3600,
    },
    {
        .key = "unsubscribe",
        .help = "The address that List-Unsubscribe names.",
        .kind = SCHEMA_TEXT,
        .otherwise = "bounce.address; without either there is no List-Unsubscribe",
        .sample = "unsubscribe@northmere.example.org",
        .more = "Its mail must come to the folder that imap.folder names: a request there that "
                "holds the letter's signed token is honoured by 'circular bounces', for the "
                "audience of that letter.",
    },
    {
        .key = "list_id",
        .help = "The name of the mailing in List-Id (RFC 2919), for readers' filters.",
        .kind = SCHEMA_TEXT,
        .otherwise = "made from the audience and the domain of the From address",
        .sample = "heads.northmere.example.org",
    },
    {
        .key = "seeds",
        .help = "Addresses in the office that get a copy of every letter, marked as one.",
        .kind = SCHEMA_TEXTS,
        .otherwise = "nobody does",
        .sample = "[director@northmere.example.org]",
        .more = "The copy is the first recipient's letter; its subject begins with \"Copy\" and "
                "that one's key. Who is a recipient too gets the letter only.",
    },
};
const guint SCHEMA_RETURN_COUNT = G_N_ELEMENTS(SCHEMA_RETURN_KEYS);
