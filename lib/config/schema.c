/* schema - the one table of configuration keys: data, however long */
#include "config/schema.h"

#include "config/choice.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define ENCODINGS WORDS("auto", "utf-8", "windows-1252", "cp850", "macintosh")
#define TLS_WORDS WORDS([TLS_STARTTLS] = "starttls", [TLS_IMPLICIT] = "tls", [TLS_NONE] = "none")
#define GROUPS WORDS("email")
#define DELIMITERS WORDS("auto", ",", ";", "tab")

enum { SECOND = 1, MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* Defaults are the safest that work: a fresh workspace can't mail anybody. */
static const SchemaKey KEYS[] = {
    /* --- sending --- */
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
        .key = "office.zone",
        .help = "The time zone of the times of events (IANA), for the readers' calendars.",
        .kind = SCHEMA_TEXT,
        .value = "Europe/London",
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
        .key = "ledger.server",
        .help =
            "The PostgreSQL server that has the ledger instead: postgresql://USER@HOST/DATABASE.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the ledger is a file",
        .sample = "postgresql://circular@db.example.org/circular",
        .more = "'ledger: postgresql://...' is short for it. PostgreSQL 13 or later; several "
                "machines may share it, and a mailing, each with a workspace of its own. A remote "
                "host has to prove who it is by TLS, unless the URL says otherwise "
                "(sslmode, sslrootcert); what else libpq takes there may follow the '?'. The "
                "password never stands in it. What belongs to this machine alone stands beside "
                "ledger.file, though there is none; so does the key that proves what comes back, "
                "which all the machines need: copy it. See THE LEDGER ON A SERVER in "
                "circular(1).",
    },
    {
        .key = "ledger.schema",
        .help = "The schema of that database which is the ledger; made by the first plan.",
        .kind = SCHEMA_TEXT,
        .value = "circular",
        .more = "Small letters, digits and _. Nothing else may be in it.",
    },
    {
        .key = "ledger.password_env",
        .help = "The environment variable that holds the server's password.",
        .kind = SCHEMA_TEXT,
        .otherwise = "one of the other two holds it, PGPASSFILE, or none is needed",
        .sample = "CIRCULAR_LEDGER_PASSWORD",
    },
    {
        .key = "ledger.password_file",
        .help = "The file whose first line is the password; nobody else may read it (chmod 600).",
        .kind = SCHEMA_PATH,
        .otherwise = "one of the other two holds it, PGPASSFILE, or none is needed",
        .sample = "ledger.password",
    },
    {
        .key = "ledger.password_command",
        .help = "The program that prints the password on its first line.",
        .kind = SCHEMA_COMMAND,
        .otherwise = "one of the other two holds it, PGPASSFILE, or none is needed",
        .sample = "[pass, show, circular/ledger]",
        .more = "As relay.password_command; asked for at each connection.",
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
        .kind = SCHEMA_PERCENT,
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
        .words = TLS_WORDS,
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
                "speak of a limit or a block, five recipients at five domains are enough. Those "
                "at the end of a mailing who hear the same again, when others got theirs, are "
                "refused: 'send --resend-refused' is the way back to them.",
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
    {
        .key = "relay.dsn",
        .help = "For which letters the server is asked to report that they were delivered.",
        .kind = SCHEMA_CHOICE,
        .value = "none",
        .words = WORDS([DSN_FOR_NONE] = "none", [DSN_FOR_DOUBT] = "doubt"),
        .more = "doubt: for those that were in doubt and that a person has sent again ('send "
                "--resend-unknown'), where the server offers such reports (DSN, RFC 3461; "
                "'circular doctor' says so). A report that it was delivered or passed on settles "
                "a doubt when 'circular bounces' reads it. For no other letter: a report for "
                "each would fill the mailbox of bounces.",
    },
    /* --- what comes back --- */
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
        .words = WORDS([VERP_PLUS] = "plus", [VERP_CATCHALL] = "catchall", [VERP_NONE] = "none"),
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
        .words = TLS_WORDS,
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
        .words = WORDS("auto", "plain", "login", "xoauth2", "oauthbearer"),
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
        .key = "answers.address",
        .help = "The address that answers to a letter's questions go to.",
        .kind = SCHEMA_TEXT,
        .otherwise = "no letter can ask a question",
        .sample = "answers@northmere.example.org",
        .active = TRUE,
        .more = "Its mail must come to the folder that imap.folder names: an alias of the mailbox "
                "of bounces, or that address itself. Where it is a person's own mailbox, only "
                "proven answers are moved out of its folder.",
    },
    {
        .key = "answers.reminders",
        .help = "How many reminders one gets at most ('circular remind').",
        .kind = SCHEMA_NUMBER,
        .value = "2",
        .min = 1,
        .max = 20,
    },
    {
        .key = "answers.days",
        .help = "How many days lie between two letters of it, at least.",
        .kind = SCHEMA_NUMBER,
        .value = "5",
        .min = 0,
        .max = 365,
    },
    {
        .key = "settle.after_send",
        .help = "Whether letters in doubt are looked for in sent mail by itself.",
        .kind = SCHEMA_FLAG,
        .value = "no",
        .more =
            "Where the mail server's answer was lost, a letter may have gone or not. A server "
            "that files a copy of what it takes proves that it went: with yes the folder of "
            "sent mail is looked at after 'send' has left some in doubt, and before 'send "
            "--resend-unknown' sends any again, and 'circular cron' has it looked at every half "
            "hour, for copies that are filed late; 'circular settle' does the same by hand. "
            "What isn't found stays in doubt.",
    },
    {
        .key = "settle.folder",
        .help = "The folder of sent mail in which copies are looked for; it is only read.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the one that the server marks as that (Sent, RFC 6154)",
        .sample = "Sent Items",
    },
    {
        .key = "settle.user",
        .help = "The name to sign in with, where copies are in another mailbox than imap.user's.",
        .kind = SCHEMA_TEXT,
        .otherwise = "imap.user's mailbox is looked at, with all that stands under imap",
        .sample = "director@northmere.example.org",
        .more = "A server files the copy with whoever signed in to send: relay.user. Microsoft 365 "
                "files what is sent in the name of a shared mailbox there only where its "
                "administrator asks for it (MessageCopyForSentAsEnabled).",
    },
    {
        .key = "settle.host",
        .help = "The server of that mailbox.",
        .kind = SCHEMA_TEXT,
        .otherwise = "imap.host",
        .sample = "imap.northmere.example.org",
    },
    {
        .key = "settle.port",
        .help = "Its port.",
        .kind = SCHEMA_NUMBER,
        .otherwise = "imap.port; with a settle.host, 993 for tls, else 143",
        .sample = "993",
        .min = 1,
        .max = 65535,
    },
    {
        .key = "settle.tls",
        .help = "How the connection is encrypted.",
        .kind = SCHEMA_CHOICE,
        .otherwise = "imap.tls",
        .sample = "tls",
        .words = TLS_WORDS,
        .more = "As imap.tls.",
    },
    {
        .key = "settle.ca_file",
        .help = "Certificate authorities to trust, in PEM.",
        .kind = SCHEMA_PATH,
        .otherwise = "imap.ca_file",
        .sample = "/etc/ssl/certs/council-ca.pem",
    },
    {
        .key = "settle.auth",
        .help = "How settle.user signs in.",
        .kind = SCHEMA_CHOICE,
        .value = "auto",
        .words = WORDS("auto", "plain", "login", "xoauth2", "oauthbearer"),
        .more = "As relay.auth.",
    },
    {
        .key = "settle.password_env",
        .help = "The environment variable that holds the password or token of settle.user.",
        .kind = SCHEMA_TEXT,
        .otherwise = "one of the other two holds it",
        .sample = "CIRCULAR_SETTLE_PASSWORD",
    },
    {
        .key = "settle.password_file",
        .help = "The file whose first line is the password; nobody else may read it (chmod 600).",
        .kind = SCHEMA_PATH,
        .otherwise = "one of the other two holds it",
        .sample = "settle.password",
    },
    {
        .key = "settle.password_command",
        .help = "The program that prints the password or token on its first line.",
        .kind = SCHEMA_COMMAND,
        .otherwise = "one of the other two holds it",
        .sample = "[pass, show, circular/settle]",
        .more = "As relay.password_command; asked for at each connection.",
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
    /* --- signing in with access tokens --- */
    {
        .key = "oauth2.preset",
        .help = "Whose access tokens relay and imap sign in with: what else need not be said.",
        .kind = SCHEMA_CHOICE,
        .value = "none",
        .words = WORDS("none", "microsoft365", "google"),
        .more = "The keys under oauth2 get the tokens for relay and imap alike, where no password "
                "of theirs is set and their auth is auto, xoauth2 or oauthbearer. A preset knows "
                "the provider's token_url and scope; none: you name token_url, or token_command. "
                "See MICROSOFT 365 AND GOOGLE below.",
    },
    {
        .key = "oauth2.token_command",
        .help = "The program that prints an access token on its first line.",
        .kind = SCHEMA_COMMAND,
        .otherwise = "tokens are got from oauth2.token_url",
        .sample = "[oama, access, schools@northmere.example.org]",
        .more = "As relay.password_command, and in place of all the other keys here: it is run at "
                "each sign-in and keeps its tokens itself.",
    },
    {
        .key = "oauth2.grant",
        .help = "What is given in exchange for a token (RFC 6749).",
        .kind = SCHEMA_CHOICE,
        .value = "auto",
        .words = WORDS([GRANT_AUTO] = "auto", [GRANT_REFRESH_TOKEN] = "refresh_token",
                       [GRANT_CLIENT_CREDENTIALS] = "client_credentials"),
        .more = "client_credentials: the program signs in as itself, an application that an "
                "administrator has let into the mailboxes (Microsoft 365). refresh_token: it signs "
                "in as the person who once agreed to that. auto takes refresh_token where one is "
                "set.",
    },
    {
        .key = "oauth2.client_id",
        .help = "The application's id, from where it is registered.",
        .kind = SCHEMA_TEXT,
        .otherwise = "only oauth2.token_command can get a token",
        .sample = "00001111-aaaa-2222-bbbb-3333cccc4444",
    },
    {
        .key = "oauth2.client_secret_env",
        .help = "The environment variable that holds the application's secret.",
        .kind = SCHEMA_TEXT,
        .otherwise = "one of the other two holds it, or the application has none",
        .sample = "CIRCULAR_CLIENT_SECRET",
        .more = "Needed for client_credentials, and by Google.",
    },
    {
        .key = "oauth2.client_secret_file",
        .help = "The file whose first line is the secret; nobody else may read it (chmod 600).",
        .kind = SCHEMA_PATH,
        .otherwise = "one of the other two holds it, or the application has none",
        .sample = "client.secret",
    },
    {
        .key = "oauth2.client_secret_command",
        .help = "The program that prints the secret on its first line.",
        .kind = SCHEMA_COMMAND,
        .otherwise = "one of the other two holds it, or the application has none",
        .sample = "[pass, show, circular/client]",
    },
    {
        .key = "oauth2.refresh_token_env",
        .help = "The environment variable that holds the refresh token.",
        .kind = SCHEMA_TEXT,
        .otherwise = "one of the other two holds it",
        .sample = "CIRCULAR_REFRESH_TOKEN",
        .more = "The first one only: a server that gives a new refresh token at each use is "
                "followed, and the newest kept in oauth2.cache. When you set another one here, it "
                "counts.",
    },
    {
        .key = "oauth2.refresh_token_file",
        .help = "The file whose first line is the refresh token; nobody else may read it.",
        .kind = SCHEMA_PATH,
        .otherwise = "one of the other two holds it",
        .sample = "refresh.token",
    },
    {
        .key = "oauth2.refresh_token_command",
        .help = "The program that prints the refresh token on its first line.",
        .kind = SCHEMA_COMMAND,
        .otherwise = "one of the other two holds it",
        .sample = "[pass, show, circular/refresh]",
    },
    {
        .key = "oauth2.tenant",
        .help = "Microsoft 365: the directory's id, or one of its domains.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the preset microsoft365 can't be chosen",
        .sample = "northmere.example.org",
    },
    {
        .key = "oauth2.token_url",
        .help = "The server that gives tokens.",
        .kind = SCHEMA_TEXT,
        .otherwise = "as oauth2.preset says",
        .sample = "https://login.northmere.example.org/oauth2/token",
        .more = "https, verified; http only for a server on this machine.",
    },
    {
        .key = "oauth2.scope",
        .help = "What the token is for, in the words of the provider.",
        .kind = SCHEMA_TEXT,
        .otherwise = "as oauth2.preset says",
        .sample = "https://mail.example.org/",
        .more = "The presets ask for SMTP and IMAP by themselves, and where the provider wants two "
                "tokens for the two, for each.",
    },
    {
        .key = "oauth2.ca_file",
        .help = "Certificate authorities to trust for oauth2.token_url, in PEM.",
        .kind = SCHEMA_PATH,
        .otherwise = "those that the system trusts",
        .sample = "/etc/ssl/certs/council-ca.pem",
    },
    {
        .key = "oauth2.cache",
        .help = "The file in which tokens are kept until they expire.",
        .kind = SCHEMA_PATH,
        .otherwise = "beside the ledger, with .oauth2 after its name",
        .sample = "ledger.db.oauth2",
        .more = "Made with mode 0600, and refused when others may read it. It may hold the only "
                "refresh token that still works: keep it with the ledger.",
    },
    /* --- asked for by 'circular doctor' only --- */
    {
        .key = "dkim.selector",
        .help = "The DKIM selector by which your mail server signs.",
        .kind = SCHEMA_TEXT,
        .otherwise = "'circular doctor' doesn't look for a DKIM key",
        .sample = "selector1",
        .more = "selector1 at Microsoft 365, google at Google Workspace, unless yours were set up "
                "otherwise. Your mail server signs, not circular; the doctor looks whether the key "
                "is in the DNS of the From domain.",
    },
    /* --- the check --- */
    {
        .key = "check.private_links",
        .help = "Whether 'circular check --links' may try links to addresses within this network.",
        .kind = SCHEMA_FLAG,
        .value = "no",
        .more = "For offices whose own pages have an address of the inner network when they are "
                "looked up from within.",
    },
    /* --- lists --- */
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
        .more = "Where another has such columns, too, and none is named, a warning says so.",
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
    /* --- audiences --- */
    {
        .key = "audiences.*.title",
        .help = "Its name for people.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the name of the audience",
    },
    {
        .key = "audiences.*.list",
        .help = "The list it is taken from, one of those under lists.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
    },
    {
        .key = "audiences.*.key",
        .help = "The column that names a row for good, such as URN.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
        .more = "Two rows with the same key are an error.",
    },
    {
        .key = "audiences.*.email",
        .help = "The column that holds the address, or a list of such columns.",
        .kind = SCHEMA_TEXTS,
        .required = TRUE,
        .more = "With several columns each address gets a letter of its own. The same address "
                "twice in an audience is one letter, and says so.",
    },
    {
        .key = "audiences.*.group",
        .help = "What rows have in common that stand in one letter together.",
        .kind = SCHEMA_CHOICE,
        .words = GROUPS,
        .otherwise = "the letter of an address has the first of its rows",
        .more = "email: the head of two schools, or the chief executive of two trusts, has one "
                "letter with both: {{#rows}} goes through them, with the columns and fields of "
                "each, and {{rows.count}} is how many there are. Outside of it stands the first. "
                "At most 500 rows of one address.",
    },
    {
        .key = "audiences.*.name",
        .help = "The name beside the address in To.",
        .kind = SCHEMA_TEMPLATE,
        .otherwise = "the address stands alone",
    },
    {
        .key = "audiences.*.label",
        .help = "What people call a row: a column, or a text with fields. For reports.",
        .kind = SCHEMA_TEMPLATE,
        .otherwise = "a column that is named like SchoolName or Trust is taken, if there is one",
        .more = "Stands beside the key in plans, reports, pages and lists of whom to call.",
    },
    {
        .key = "audiences.*.phone",
        .help = "Where to call: a column, or a text with fields. For reports.",
        .kind = SCHEMA_TEMPLATE,
        .otherwise = "a column that is named like TelephoneNum or Phone is taken, if there is one",
        .more = "Kept with each plan, so that a report says whom to call and where.",
    },
    {
        .key = "audiences.*.where",
        .help = "Which rows belong to it: an SQL expression over the columns.",
        .kind = SCHEMA_SQL,
        .otherwise = "all rows",
        .more = "As SQLite understands it: texts in single quotes, columns with a blank in their "
                "name in double quotes. EXPRESSIONS below says how cells compare.",
    },
    {
        .key = "audiences.*.seeds",
        .help = "Addresses in the office that get a copy of its letters, marked as one.",
        .kind = SCHEMA_TEXTS,
        .otherwise = "only those of seeds",
    },
    {
        .key = "audiences.*.fields.*",
        .help = "A field made from the columns and from the fields before it.",
        .kind = SCHEMA_TEMPLATE,
        .more = "Mustache. A field may have a letter's own name for what each list calls "
                "otherwise, so that one update fits several audiences. Quote the text: a bare {{ "
                "means something else in YAML.",
    },
    {
        .key = "audiences.*.flags.*",
        .help = "A yes or no: an SQL expression over the columns and fields.",
        .kind = SCHEMA_SQL,
        .more = "An update writes {{#primary}}...{{/primary}} around what only some should read, "
                "and {{^primary}}...{{/primary}} around what only the others should.",
    },
    {
        .key = "audiences.*.many.*.list",
        .help = "The list whose rows go into each letter, one of those under lists.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
        .more = "The rows of another list that belong to a recipient, under a name of your own: "
                "the schools of a trust, as schools. An update writes "
                "{{#schools}}...{{/schools}} around a line of a table block, an item of a list or "
                "a paragraph, which then stands there once for each row, with the columns of that "
                "list between; {{schools.count}} is how many there are, "
                "{{#schools.several}}s{{/schools.several}} is for more than one, and "
                "{{^schools}}...{{/schools}} for none. A recipient can have up to 1000 rows.",
    },
    {
        .key = "audiences.*.many.*.on",
        .help = "The column there that says to whom a row belongs.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
    },
    {
        .key = "audiences.*.many.*.match",
        .help = "The column or field of this audience that has the same values.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the one with the same name",
        .more = "In the register a school's \"Trusts (code)\" is a group's \"Group UID\".",
    },
    {
        .key = "audiences.*.many.*.where",
        .help = "Which of the rows: an SQL expression over the columns of that list.",
        .kind = SCHEMA_SQL,
        .otherwise = "all of them",
    },
    {
        .key = "audiences.*.many.*.order",
        .help = "Columns to order the rows by, each perhaps with desc behind it.",
        .kind = SCHEMA_TEXTS,
        .otherwise = "as they stand in the file",
        .more = "Numbers go by value, days (31/08/2019, 31-08-2019 or 2019-08-31) by the calendar, "
                "texts by letters whatever their case and accents; what is empty comes first. "
                "Instead of a column there may be an SQL expression.",
    },
    /* --- digests --- */
    {
        .key = "digests.*.title",
        .help = "Its name for people.",
        .kind = SCHEMA_TEXT,
        .otherwise = "the name of the digest",
    },
    {
        .key = "digests.*.audience",
        .help = "Who reads it, one of those under audiences.",
        .kind = SCHEMA_TEXT,
        .required = TRUE,
    },
    {
        .key = "digests.*.notices",
        .help = "The folder of its notices, one Markdown file each.",
        .kind = SCHEMA_PATH,
        .value = "notices",
        .more = "Every file that ends in .md is one; circular(1) says what stands in it.",
    },
    {
        .key = "digests.*.subject",
        .help = "The subject, in which digest_items is \"4 items\" and digest_week \"11 January\".",
        .kind = SCHEMA_TEMPLATE,
        .value = "{{digest_title}}, week of {{digest_week}}: {{digest_items}}",
        .more = "Mustache. There are also digest_count (\"4\"), digest_date (\"Monday 11 January "
                "2027\") and the fields of the audience.",
    },
    {
        .key = "digests.*.layout",
        .help = "A Markdown file of what stands around the notices, written as an update.",
        .kind = SCHEMA_PATH,
        .otherwise = "nothing stands around them",
        .more = "The line {{digest}} is where the list of contents and the notices go; without it "
                "they come at the end. Its front matter may name subject, preheader, from, "
                "reply_to, lang and attachments. Its pictures and attachments stand beside it, "
                "those of a notice beside the notice.",
    },
    {
        .key = "digests.*.topics",
        .help = "The order of the topics; others follow in that of the alphabet.",
        .kind = SCHEMA_TEXTS,
        .otherwise = "they stand in the order of the alphabet",
    },
    {
        .key = "digests.*.schedule",
        .help = "When it is sent, in words: 'every Monday at 07:00'.",
        .kind = SCHEMA_TEXT,
        .otherwise = "'circular cron print' leaves it out",
        .more =
            "'circular cron print' makes a line of the crontab of it; circular(1) says which words "
            "it knows.",
    },
    {
        .key = "digests.*.min_items",
        .help = "How many new notices a recipient must have before a letter goes.",
        .kind = SCHEMA_NUMBER,
        .value = "1",
        .min = 1,
        .max = 100,
        .more = "Those of a recipient who has fewer wait for the next digest, as long as they "
                "haven't expired.",
    },
    {
        .key = "digests.*.quiet_when_empty",
        .help = "Whether a run in which nobody has anything new says nothing.",
        .kind = SCHEMA_FLAG,
        .value = "yes",
        .more = "With no it says so on standard error, which cron mails: somebody may have "
                "forgotten to write notices.",
    },
    {
        .key = "digests.*.first_days",
        .help = "How many days back the first digest of all reaches.",
        .kind = SCHEMA_NUMBER,
        .value = "14",
        .min = 0,
        .max = 3650,
    },
    {
        .key = "digests.*.terms",
        .help = "A CSV file of the terms: name, from, to.",
        .kind = SCHEMA_PATH,
        .otherwise = "it is always term",
        .more = "Both days belong to the term, and are written as 2027-01-04, 04/01/2027 or 4 "
                "January 2027.",
    },
    {
        .key = "digests.*.outside_term",
        .help = "What happens outside the terms.",
        .kind = SCHEMA_CHOICE,
        .value = "wait",
        .words = WORDS([OUTSIDE_WAIT] = "wait", [OUTSIDE_HOLD] = "hold", [OUTSIDE_SEND] = "send"),
        .more = "wait makes no digest: what is new is in the first one of the next term, unless it "
                "has expired by then. hold plans one, which is not sent unless a person does it "
                "with 'circular send ID'; the next digest takes its place. send sends it.",
    },
    {
        .key = "digests.*.broken_notices",
        .help = "What happens when a notice has a mistake.",
        .kind = SCHEMA_CHOICE,
        .value = "stop",
        .words = WORDS([BROKEN_STOP] = "stop", [BROKEN_SKIP] = "skip"),
        .more = "stop sends nothing to anybody until it is fixed. skip sends the digest without "
                "it, and says so.",
    },
    {
        .key = "digests.*.words.contents",
        .help = "The heading of the list of contents.",
        .kind = SCHEMA_TEXT,
        .value = "In this digest",
    },
    {
        .key = "digests.*.words.pinned",
        .help = "The heading of the pinned notices.",
        .kind = SCHEMA_TEXT,
        .value = "Please read first",
    },
    {
        .key = "digests.*.words.events",
        .help = "The heading of events.",
        .kind = SCHEMA_TEXT,
        .value = "Dates for your diary",
    },
    {
        .key = "digests.*.words.other",
        .help = "The heading of notices without a topic.",
        .kind = SCHEMA_TEXT,
        .value = "Other notices",
    },
    {
        .key = "digests.*.words.updated",
        .help = "The mark of a notice whose earlier revision the recipient had.",
        .kind = SCHEMA_TEXT,
        .value = "Updated",
    },
    {.key = NULL},
};

const SchemaKey *schema_keys(void)
{
    return KEYS;
}
