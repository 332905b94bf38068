/* schema - the one table of configuration keys */
#include "config/schema.h"

#include <string.h>

#include "base/error.h"
#include "config/schema_audience.h"
#include "config/schema_check.h"
#include "config/schema_digest.h"
#include "config/schema_doctor.h"
#include "config/schema_oauth2.h"
#include "config/schema_return.h"

#define WORDS SCHEMA_WORDS
#define ENCODINGS WORDS("auto", "utf-8", "windows-1252", "cp850", "macintosh")
#define DELIMITERS WORDS("auto", ",", ";", "tab")

enum { SECOND = 1, MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* Defaults are the safest that work: a fresh workspace can't mail anybody. */
static const SchemaKey sending_keys[] = {
    {
        .key = "office.name",
        .help = "Who writes; stands at the foot of each letter.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the foot names nobody",
        .sample = "Office of the Director of Schools, Northmere",
        .active = TRUE,
    },
    {
        .key = "office.address",
        .help = "The postal address at the foot, on one line or several.",
        .kind = SCHEMA_LINES,
        .otherwise = "none is shown",
        .sample = "Council House, 1 Market Square, Northmere NM1 1AA",
        .active = TRUE,
    },
    {
        .key = "office.contact",
        .help = "How a reader reaches a person: a telephone number or an address.",
        .kind = SCHEMA_TEXT,
        .otherwise = "none is shown",
        .sample = "telephone 01632 960000",
        .active = TRUE,
    },
    {
        .key = "office.logo",
        .help = "A picture in the folder of templates, for the band at the head of each letter.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the band shows the office's name",
        .sample = "logo.png",
        .more =
            "PNG, JPEG or GIF, at most 280 pixels wide as it is shown; one of twice that width is "
            "sharp on every screen.",
    },
    {
        .key = "office.logo_text",
        .help = "What the picture says to those who don't see it.",
        .kind = SCHEMA_TEXT,
        .otherwise = "office.name",
        .sample = "Northmere City Council",
    },
    {
        .key = "office.logo_dark",
        .help = "The same picture for readers whose device is set to dark.",
        .kind = SCHEMA_TEXT,
        .otherwise = "office.logo is shown to everybody",
        .sample = "logo-dark.png",
    },
    {
        .key = "from",
        .help = "The sender that readers see: \"Name <address>\".",
        .kind = SCHEMA_TEXT,
        .otherwise = "each update must name its own",
        .sample = "Director of Schools <schools@northmere.example.org>",
        .active = TRUE,
        .more = "The relay must let you send as this address. An update's front matter may name "
                "another.",
    },
    {
        .key = "reply_to",
        .help = "Where answers go.",
        .kind = SCHEMA_TEXT,
        .otherwise = "they go to the From address",
        .sample = "schools-office@northmere.example.org",
        .active = TRUE,
    },
    {
        .key = "lang",
        .help = "The language of the letters, as in RFC 5646.",
        .kind = SCHEMA_TEXT,
        .value = "en-GB",
        .more = "Screen readers choose their voice by it. An update's front matter may name "
                "another.",
    },
    {
        .key = "pictures.strip",
        .help = "Whether what cameras write into photographs is left out: place, time, device.",
        .kind = SCHEMA_FLAG,
        .value = "yes",
    },
    {
        .key = "templates",
        .help = "The folder of your own layouts and theme.",
        .kind = SCHEMA_PATH,
        .value = "templates",
        .more = "Holds email.html, email.txt and theme.yaml. For a file that is missing there the "
                "built-in one is used.",
    },
    {
        .key = "ledger.file",
        .help = "The file that records what was planned, sent and answered.",
        .kind = SCHEMA_PATH,
        .value = "ledger.db",
        .more = "An SQLite database; keep it on a local disk, and in your backups. Without it "
                "nobody knows who has had a letter. 'ledger: ledger.db' is short for it.",
    },
    {
        .key = "ledger.group",
        .help = "A group of users who share this workspace: several officers on one server.",
        .kind = SCHEMA_TEXT,
        .sample = "officers",
        .otherwise = "all of it is its owner's alone",
        .more = "By name or number. What circular writes and only its owner could read - ledger, "
                "locks, key, tokens, outbox, previews, reports - can then be read and written by "
                "the group, whatever the umask. The ledger's folder has to be the group's and keep "
                "what is made in it the group's: chgrp GROUP FOLDER && chmod g+rwxs FOLDER. Files "
                "with passwords may be readable by the group too. Who did what is on record "
                "(status, report).",
    },
    {
        .key = "transport",
        .help = "Where letters go: a folder, a mail relay, or nowhere.",
        .kind = SCHEMA_CHOICE,
        .value = "outbox",
        .words = WORDS("outbox", "relay", "null"),
        .more = "outbox writes each letter into a Maildir folder and mails nobody. relay sends by "
                "SMTP through the server under relay. null takes every letter and keeps none: it "
                "is for measuring.",
    },
    {
        .key = "send.late",
        .help = "How late a mailing may still begin by itself, after the time that it was given.",
        .kind = SCHEMA_DURATION,
        .value = "12h",
        .min = 60,
        .max = 365 * DAY,
        .more =
            "One that is later (the machine was off, cron was not set up) is stopped, and told: "
            "what it says may be over. 'circular send ID' sends it even so.",
    },
    {
        .key = "send.hold",
        .help = "How long a letter that was confirmed on a terminal can still be taken back.",
        .kind = SCHEMA_DURATION,
        .value = "0s",
        .min = 0,
        .max = DAY,
        .more = "'10 min': it waits for so long, counts down, and Ctrl-C withdraws it. Whatever "
                "else ends the wait leaves it held, and it is sent by nobody but a person.",
    },
    {
        .key = "send.hours",
        .help = "When letters may go: 'Mon-Fri 07:30-18:00'.",
        .kind = SCHEMA_TEXT,
        .otherwise = "they go at any time",
        .sample = "Mon-Fri 07:30-18:00",
        .more = "Days and hours of the local clock; several, as in 'Mon-Thu 08:00-17:00, Fri "
                "8am-3pm'. A mailing that is under way when the hours end pauses, and goes on when "
                "they begin again; one that is sent outside of them begins then. 'circular send "
                "--now' doesn't wait.",
    },
    {
        .key = "send.terms",
        .help = "A CSV file of the terms, outside of which no letter goes: name, from, to.",
        .kind = SCHEMA_PATH,
        .otherwise = "letters go in the school holidays, too",
        .sample = "lists/terms.csv",
        .more = "As digests.*.terms, for all that is sent.",
    },
    {
        .key = "send.holidays",
        .help = "A CSV file of days on which no letter goes, such as bank holidays: date, name.",
        .kind = SCHEMA_PATH,
        .otherwise = "letters go on them, too",
        .sample = "lists/holidays.csv",
        .more = "A day is written as 2027-01-01, 01/01/2027 or 1 January 2027; in the place of "
                "date there may be from and to.",
    },
    {
        .key = "cron.mailto",
        .help = "The address to which is mailed what a run by itself has to say.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the mailbox, on this machine, of the user who runs it",
        .sample = "it@northmere.example.org",
        .more =
            "'circular cron' writes it as MAILTO of the crontab, and into the unit that systemd "
            "starts when a run has failed. The machine needs a way to send mail (sendmail) "
            "that isn't circular's: 'circular doctor' looks for one.",
    },
    {
        .key = "first.wait",
        .help = "After what time the others follow the letters of 'send --first' by themselves.",
        .kind = SCHEMA_DURATION,
        .otherwise = "the mailing is stopped after those, and waits for a person",
        .sample = "1h",
        .min = MINUTE,
        .max = 30 * DAY,
        .more = "They don't follow when more than first.refused of those were refused or bounced "
                "by then; bounces are known as far as they were read.",
    },
    {
        .key = "first.refused",
        .help = "How many percent of the letters of 'send --first' may be refused or bounce.",
        .kind = SCHEMA_NUMBER,
        .value = "5",
        .min = 0,
        .max = 100,
    },
    {
        .key = "outbox.folder",
        .help = "The Maildir folder of the transport outbox.",
        .kind = SCHEMA_PATH,
        .value = "outbox",
    },
    {
        .key = "relay.host",
        .help = "The mail server that takes the letters.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the transport relay can't be chosen",
        .sample = "smtp.northmere.example.org",
        .more = "smtp.office365.com for Microsoft 365, smtp.gmail.com or smtp-relay.gmail.com for "
                "Google Workspace, or your council's own.",
    },
    {
        .key = "relay.port",
        .help = "Its port: 587 for starttls, 465 for tls, 25 for a relay without sign-in.",
        .kind = SCHEMA_NUMBER,
        .value = "587",
        .min = 1,
        .max = 65535,
    },
    {
        .key = "relay.tls",
        .help = "How the connection is encrypted.",
        .kind = SCHEMA_CHOICE,
        .value = "starttls",
        .words = WORDS("starttls", "tls", "none"),
        .more = "starttls begins in the clear and must go over to TLS before anything else is "
                "said; tls is TLS from the first byte (port 465). With both, the certificate is "
                "verified and a connection that can't be secured isn't used. none is plain text: "
                "letters, addresses and the password can be read and changed by anybody on the "
                "way. Use it only for a relay on this machine or on a network you answer for.",
    },
    {
        .key = "relay.ca_file",
        .help = "Certificate authorities to trust, in PEM.",
        .kind = SCHEMA_PATH,
        .otherwise = "those that the system trusts",
        .sample = "/etc/ssl/certs/council-ca.pem",
    },
    {
        .key = "relay.hello",
        .help = "The name we give in EHLO.",
        .kind = SCHEMA_TEXT,
        .otherwise = "this machine's name",
        .sample = "mailer.northmere.example.org",
    },
    {
        .key = "relay.auth",
        .help = "How to sign in.",
        .kind = SCHEMA_CHOICE,
        .value = "auto",
        .words = WORDS("auto", "plain", "login", "cram-md5", "scram-sha-256", "xoauth2",
                       "oauthbearer", "none"),
        .more = "auto takes plain or login or, without a password, an access token. cram-md5 is "
                "for servers that offer nothing better; scram-sha-256 needs a libcurl that was "
                "built with GNU SASL. xoauth2 "
                "(Microsoft 365, Google) and oauthbearer want such a token: see oauth2, or let "
                "relay.password_command print one. Where relay.user is set and the server offers "
                "no sign-in, nothing is sent.",
    },
    {
        .key = "relay.user",
        .help = "The name to sign in with.",
        .kind = SCHEMA_TEXT,
        .otherwise = "no sign-in",
        .sample = "schools@northmere.example.org",
    },
    {
        .key = "relay.password_env",
        .help = "The environment variable that holds the password or token.",
        .kind = SCHEMA_TEXT,
        .otherwise = "one of the other two holds it",
        .sample = "CIRCULAR_RELAY_PASSWORD",
        .more = "Give one of password_env, password_file and password_command. The password "
                "itself never stands in the configuration.",
    },
    {
        .key = "relay.password_file",
        .help = "The file whose first line is the password; nobody else may read it (chmod 600).",
        .kind = SCHEMA_PATH,
        .otherwise = "one of the other two holds it",
        .sample = "relay.password",
    },
    {
        .key = "relay.password_command",
        .help = "The program that prints the password or token on its first line.",
        .kind = SCHEMA_COMMAND,
        .otherwise = "one of the other two holds it",
        .sample = "[pass, show, circular/relay]",
        .more = "A list of the program and its arguments, or one text that is split at blanks and "
                "unquoted as a shell would. No shell runs it; a relative program with a slash is "
                "looked up in the folder of the configuration. It is asked for at each sign-in, so "
                "that a token is always fresh, and must end within 30 seconds.",
    },
    {
        .key = "relay.preset",
        .help = "The pace that the provider allows, by its name.",
        .kind = SCHEMA_CHOICE,
        .value = "auto",
        .words = WORDS("auto", "microsoft365", "google", "relay"),
        .more = "microsoft365: 1 connection, 25 letters a minute, 9,000 a day; Exchange Online "
                "takes 30 a minute and 10,000 recipients a day (its service description, "
                "\"Exchange Online limits\"). google: 1 connection, 60 a minute, 1,900 a day; "
                "Google Workspace takes 2,000 messages a day from one user (Workspace Admin Help, "
                "\"Gmail sending limits\"), its SMTP relay service more: say so with "
                "relay.per_day. relay: 4 connections and no other limit, for a mail server of "
                "your own that has a queue; where it offers PIPELINING, the next letter's "
                "commands leave with the end of the one before (RFC 2920). auto takes google for "
                "Google's hosts, relay for a "
                "server on this very machine, and microsoft365, the gentlest, for all others. "
                "The keys below win over the preset.",
    },
    {
        .key = "relay.per_minute",
        .help = "How many letters a minute, spread evenly over all mailings; 0 for no limit.",
        .kind = SCHEMA_NUMBER,
        .otherwise = "as relay.preset says",
        .sample = "25",
        .min = 0,
        .max = 1000000,
    },
    {
        .key = "relay.per_day",
        .help = "How many letters in 24 hours, over all mailings; 0 for no limit.",
        .kind = SCHEMA_NUMBER,
        .otherwise = "as relay.preset says",
        .sample = "9000",
        .min = 0,
        .max = 100000000,
        .more = "Then the mailing stops; 'circular send --due' from cron goes on with it.",
    },
    {
        .key = "relay.per_domain",
        .help = "How many letters a minute to recipients of one domain; 0 for no limit.",
        .kind = SCHEMA_NUMBER,
        .value = "0",
        .min = 0,
        .max = 1000000,
    },
    {
        .key = "relay.retry_for",
        .help = "How long to try again when the relay says later, before giving one up.",
        .kind = SCHEMA_DURATION,
        .value = "24h",
        .min = 0,
        .max = 14 * DAY,
        .more = "One is given up when the time is over and has truly been used: as many attempts "
                "were made as fit into it, and not all on one day. Where the relay takes no letter "
                "from you for now, as at a limit by the hour, it is waited for and nobody's time "
                "runs.",
    },
    {
        .key = "relay.stop_after",
        .help = "Stop when so many recipients in a row are refused; 0 for never.",
        .kind = SCHEMA_NUMBER,
        .value = "20",
        .min = 0,
        .max = 1000000,
        .more = "A wrong list or a blocked sender looks like this. The same command goes on, and "
                "those who were refused in the same words get their letter then. Where the words "
                "speak of a limit or a block, five recipients at five domains are enough.",
    },
    {
        .key = "relay.connections",
        .help = "How many connections at once; Microsoft 365 wants no more than 3.",
        .kind = SCHEMA_NUMBER,
        .otherwise = "as relay.preset says",
        .sample = "1",
        .min = 1,
        .max = 64,
    },
    {
        .key = "relay.messages_per_connection",
        .help = "After how many letters to connect anew; 0 for never.",
        .kind = SCHEMA_NUMBER,
        .value = "100",
        .min = 0,
        .max = 1000000,
    },
    {
        .key = "relay.timeout",
        .help = "How long to wait for an answer of the server.",
        .kind = SCHEMA_DURATION,
        .value = "5m",
        .min = SECOND,
        .max = HOUR,
        .more = "RFC 5321 section 4.5.3.2 asks for five minutes. It holds for the answer to each "
                "command and for each 256 KB of a letter that the server must take; connecting, "
                "TLS and sign-in together have a third of it, and 10 seconds at least.",
    },
    {
        .key = "relay.final_timeout",
        .help = "How long to wait for the answer to a whole letter.",
        .kind = SCHEMA_DURATION,
        .otherwise = "10 minutes, or relay.timeout if that is longer",
        .sample = "10m",
        .min = SECOND,
        .max = 2 * HOUR,
        .more = "RFC 5321 section 4.5.3.2.6 asks for ten minutes. A server that is slow to take a "
                "letter and isn't waited for leaves it unknown whether the letter went out.",
    },
};

static const SchemaKey list_keys[] = {
    {
        .key = "lists.*.file",
        .help = "The list: a CSV file or a workbook (.xlsx, .ods).",
        .kind = SCHEMA_PATH,
        .required = TRUE,
        .more =
            "With a header line; its names are the columns, in any order. Of a workbook's cells "
            "it is what they show that counts: leading zeros that a format adds, the last value "
            "of a formula, days as 2026-09-01. Merged cells are filled; hidden rows and columns, "
            "those that a filter hides too, are left out and counted. Nothing in it is run or "
            "followed. A workbook with a password, or of the old kind (.xls), is refused.",
    },
    {
        .key = "lists.*.sheet",
        .help = "Which worksheet of a workbook.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the first that is not hidden",
    },
    {
        .key = "lists.*.encoding",
        .help = "How the file is encoded.",
        .kind = SCHEMA_CHOICE,
        .value = "auto",
        .words = ENCODINGS,
        .more = "auto takes a file that is valid UTF-8 for that, and any other for windows-1252, "
                "which is what Excel and the register of schools write.",
    },
    {
        .key = "lists.*.delimiter",
        .help = "What stands between two cells.",
        .kind = SCHEMA_CHOICE,
        .value = "auto",
        .words = DELIMITERS,
    },
    {
        .key = "lists.*.join.file",
        .help = "A second CSV file or workbook whose columns are added, row by row.",
        .kind = SCHEMA_PATH,
        .required = TRUE,
        .more = "For a register without addresses: your own sheet holds the addresses, and the "
                "register all the rest. Rows without a partner keep those cells empty.",
    },
    {
        .key = "lists.*.join.sheet",
        .help = "Which worksheet of that workbook.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the first that is not hidden",
    },
    {
        .key = "lists.*.join.on",
        .help = "The column that both files have.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
    },
    {
        .key = "lists.*.join.encoding",
        .help = "How the second file is encoded.",
        .kind = SCHEMA_CHOICE,
        .value = "auto",
        .words = ENCODINGS,
    },
    {
        .key = "lists.*.join.delimiter",
        .help = "What stands between two of its cells.",
        .kind = SCHEMA_CHOICE,
        .value = "auto",
        .words = DELIMITERS,
    },
};

/* The tables one after another, with an empty row at the end. */
static gpointer join(gpointer unused)
{
    (void)unused;
    static const SchemaKey end = {.key = NULL};
    GArray *all = g_array_new(FALSE, FALSE, sizeof(SchemaKey));
    g_array_append_vals(all, sending_keys, G_N_ELEMENTS(sending_keys));
    g_array_append_vals(all, SCHEMA_RETURN_KEYS, SCHEMA_RETURN_COUNT);
    g_array_append_vals(all, SCHEMA_OAUTH2_KEYS, SCHEMA_OAUTH2_COUNT);
    g_array_append_vals(all, SCHEMA_DOCTOR_KEYS, SCHEMA_DOCTOR_COUNT);
    g_array_append_vals(all, SCHEMA_CHECK_KEYS, SCHEMA_CHECK_COUNT);
    g_array_append_vals(all, list_keys, G_N_ELEMENTS(list_keys));
    g_array_append_vals(all, SCHEMA_AUDIENCE_KEYS, SCHEMA_AUDIENCE_COUNT);
    g_array_append_vals(all, SCHEMA_DIGEST_KEYS, SCHEMA_DIGEST_COUNT);
    g_array_append_val(all, end);
    return g_array_free(all, FALSE);
}

const SchemaKey *schema_keys(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, join, NULL);
}
