/* schema_oauth2 - the rows of the table of keys that are about signing in with access tokens */
#include "config/schema_oauth2.h"

#include "config/schema_return.h"

const SchemaKey SCHEMA_OAUTH2_KEYS[] = {
    {
        .key = "oauth2.preset",
        .help = "Whose access tokens relay and imap sign in with: what else need not be said.",
        .kind = SCHEMA_CHOICE,
        .value = "none",
        .words = SCHEMA_WORDS("none", "microsoft365", "google"),
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
        .words = SCHEMA_WORDS("auto", "refresh_token", "client_credentials"),
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
};
const guint SCHEMA_OAUTH2_COUNT = G_N_ELEMENTS(SCHEMA_OAUTH2_KEYS);

const char SCHEMA_OAUTH2_MAN[] =
    ".Sh MICROSOFT 365 AND GOOGLE\n"
    "Both want a program to send and read mail with an access token, not with a\n"
    "password.\n"
    ".Ss Microsoft 365, as an application\n"
    "Nobody signs in, and nothing ends with somebody's password.\n"
    "It takes an administrator of the tenant, once:\n"
    ".Bl -enum\n"
    ".It\n"
    "In the Microsoft Entra admin center, under App registrations, register an\n"
    "application of this tenant alone.\n"
    "Note its application (client) id, make a client secret and note its value and\n"
    "the day it expires.\n"
    ".It\n"
    "Under API permissions add, from the APIs of the organisation,\n"
    "Office 365 Exchange Online, the application permissions\n"
    ".Ql SMTP.SendAsApp\n"
    "and\n"
    ".Ql IMAP.AccessAsApp ,\n"
    "and grant admin consent.\n"
    ".It\n"
    "In Exchange Online PowerShell, with the object id that stands under Enterprise\n"
    "applications (the one under App registrations is another):\n"
    ".Bd -literal\n"
    "New-ServicePrincipal -AppId CLIENT-ID -ObjectId OBJECT-ID\n"
    "Add-MailboxPermission MAILBOX -User OBJECT-ID -AccessRights FullAccess\n"
    "Set-CASMailbox MAILBOX -SmtpClientAuthenticationDisabled $false\n"
    ".Ed\n"
    ".Pp\n"
    "MAILBOX is the address that sends; the second line again for the mailbox that\n"
    "bounces come to.\n"
    "The application may use these mailboxes and no others.\n"
    ".It\n"
    "In the configuration:\n"
    ".Bd -literal\n"
    "relay:\n"
    "  host: smtp.office365.com\n"
    "  user: schools@northmere.example.org\n"
    "imap:\n"
    "  host: outlook.office365.com\n"
    "  user: bounces@northmere.example.org\n"
    "oauth2:\n"
    "  preset: microsoft365\n"
    "  tenant: northmere.example.org\n"
    "  client_id: 00001111-aaaa-2222-bbbb-3333cccc4444\n"
    "  client_secret_file: client.secret\n"
    ".Ed\n"
    ".Pp\n"
    "The secret stands on the first line of\n"
    ".Pa client.secret ,\n"
    "a file of mode 0600.\n"
    ".El\n"
    ".Pp\n"
    "As a person instead: a registration with the delegated permissions\n"
    ".Ql SMTP.Send ,\n"
    ".Ql IMAP.AccessAsUser.All\n"
    "and\n"
    ".Ql offline_access ,\n"
    "and\n"
    ".Va oauth2.refresh_token_file\n"
    "in place of the secret.\n"
    "Such a refresh token ends when it lies unused for 90 days, and may end when the\n"
    "password is changed.\n"
    ".Ss Google Workspace\n"
    "In the Google Cloud console, make an OAuth client of the type Desktop app, its\n"
    "consent screen for internal use (as long as that is in testing, refresh tokens\n"
    "end after 7 days), with the scope\n"
    ".Ql https://mail.google.com/ .\n"
    "With a tool such as oama or mutt_oauth2.py sign in once, in a browser, as the\n"
    "mailbox that sends; what it keeps is the refresh token.\n"
    ".Bd -literal -offset indent\n"
    "relay:\n"
    "  host: smtp.gmail.com\n"
    "  user: schools@northmere.example.org\n"
    "imap:\n"
    "  host: imap.gmail.com\n"
    "  user: schools@northmere.example.org\n"
    "oauth2:\n"
    "  preset: google\n"
    "  client_id: 1234-abcd.apps.googleusercontent.com\n"
    "  client_secret_file: client.secret\n"
    "  refresh_token_file: refresh.token\n"
    ".Ed\n"
    ".Pp\n"
    "The token is for this one account.\n"
    "Let it be one that does nothing else:\n"
    ".Ql circular bounces\n"
    "moves all that it finds in the folder it reads.\n"
    ".Ss Any other\n"
    "A program that prints a token is all it takes:\n"
    ".Va oauth2.token_command .\n"
    ".Pp\n"
    "Setting\n"
    ".Ev CIRCULAR_TRACE\n"
    "to\n"
    ".Ql oauth2,smtp,imap\n"
    "shows what is asked for and answered, without the secrets.\n";
