/* providers - texts and codes that mean something only at one provider
 *
 * From the providers' own help pages for postmasters. `where` is looked for in the remote host's
 * name and in the text, `text` in the text. The first line that matches decides.
 */
#include "reason/reason.h"

const ProviderText PROVIDER_TEXTS[] = {
    /* Facebook: facebook.com/postmaster/response_codes */
    {"facebook", "rcp-p1", REASON_USERUNKNOWN},
    {"facebook", "rcp-p2", REASON_FILTERED},
    {"facebook", "rcp-p3", REASON_FILTERED},
    {"facebook", "rcp-p", REASON_FILTERED},
    {"facebook", "rcp-t", REASON_SYSTEMERROR},
    {"facebook", "dns-", REASON_REQUIREPTR},
    {"facebook", "con-t", REASON_TOOMANYCONN},
    {"facebook", "msg-p1", REASON_MESGTOOBIG},
    {"facebook", "msg-p", REASON_CONTENTERROR},
    {"facebook", "pol-p6", REASON_SPAMDETECTED},
    {"facebook", "pol-p7", REASON_SPAMDETECTED},
    {"facebook", "pol-", REASON_POLICYVIOLATION},
    {"facebook", "int-", REASON_SYSTEMERROR},

    /* au by KDDI answers with an empty name what the recipient's filter refuses; with a name,
       nobody has it */
    {"ezweb", ">: user unknown", REASON_USERUNKNOWN},
    {"ezweb", ": user unknown", REASON_FILTERED},
    {"au.com", ">: user unknown", REASON_USERUNKNOWN},
    {"au.com", ": user unknown", REASON_FILTERED},

    /* Orange, Wanadoo and La Poste (France): OFR_nnn, LPN_nnn */
    {"", "ofr*_401", REASON_REQUIREPTR},
    {"", "ofr*_402", REASON_BLOCKED},
    {"", "ofr*_403", REASON_REJECTED},
    {"", "ofr*_405", REASON_REJECTED},
    {"", "ofr*_413", REASON_REJECTED},
    {"", "ofr*_414", REASON_REJECTED},
    {"", "ofr*_415", REASON_REJECTED},
    {"", "ofr*_416", REASON_USERUNKNOWN},
    {"", "ofr*_417", REASON_MAILBOXFULL},
    {"", "ofr*_418", REASON_SPEEDING},
    {"", "ofr*_420", REASON_SUSPEND},
    {"", "ofr*_421", REASON_REJECTED},
    {"", "ofr*_423", REASON_REJECTED},
    {"", "ofr*_426", REASON_SUSPEND},
    {"", "ofr*_505", REASON_SYSTEMERROR},
    {"", "ofr*_506", REASON_SPAMDETECTED},
    {"", "ofr*_510", REASON_BLOCKED},
    {"", "ofr*_513", REASON_MESGTOOBIG},
    {"", "ofr*_514", REASON_TOOMANYCONN},
    {"", "ofr*_515", REASON_SPAMDETECTED},
    {"", "ofr*_517", REASON_SPAMDETECTED},
    {"", "ofr*_630", REASON_POLICYVIOLATION},
    {"", "ofr*_104", REASON_TOOMANYCONN},
    {"", "ofr*_1", REASON_BLOCKED},
    {"", "ofr*_999", REASON_BLOCKED},
    {"", "lpn*_416", REASON_USERUNKNOWN},
    {"", "lpn*_417", REASON_MAILBOXFULL},
    {"", "lpn*_420", REASON_SUSPEND},
    {"", "lpn*_426", REASON_SUSPEND},
    {"", "lpn*_506", REASON_SPAMDETECTED},
    {"", "lpn*_510", REASON_BLOCKED},
    {"", "lpn*_513", REASON_MESGTOOBIG},
    {"", "lpn*_630", REASON_POLICYVIOLATION},
    {"", "lpn*_104", REASON_TOOMANYCONN},
    {"", "lpn*_105", REASON_TOOMANYCONN},
    {"", "lpn*_1", REASON_BLOCKED},

    /* Cox: AUP#... */
    {"", "aup#cxmjsdb", REASON_SPAMDETECTED},
    {"", "aup#cxspf", REASON_AUTHFAILURE},
    {"", "aup#cxdns", REASON_REQUIREPTR},
    {"", "aup#cxcnct", REASON_TOOMANYCONN},
    {"", "aup#cxthrt", REASON_SPEEDING},
    {"", "aup#in-1830", REASON_SPEEDING},
    {"", "aup#o-1310", REASON_SPEEDING},
    {"", "aup#cdrbl", REASON_BLOCKED},
    {"", "aup#cxsnd", REASON_REJECTED},
    {"", "aup#", REASON_BLOCKED},

    /* GoDaddy (secureserver.net): IBnnn */
    {"", "ib007", REASON_TOOMANYCONN},
    {"", "ib101", REASON_BLOCKED},
    {"", "ib103", REASON_BADREPUTATION},
    {"", "ib104", REASON_BADREPUTATION},
    {"", "ib105", REASON_REQUIREPTR},
    {"", "ib106", REASON_REQUIREPTR},
    {"", "ib108", REASON_BLOCKED},
    {"", "ib110", REASON_BLOCKED},
    {"", "ib111", REASON_BLOCKED},
    {"", "ib112", REASON_BLOCKED},
    {"", "ib201", REASON_SPEEDING},
    {"", "ib212", REASON_SPAMDETECTED},
    {"", "ib401", REASON_SECURITYERROR},
    {"", "ib5", REASON_REJECTED},
    {"", "ib60", REASON_SPEEDING},
    {"", "ib705", REASON_VIRUSDETECTED},

    /* i.ua: mail.i.ua/err/N/ */
    {"", "i.ua/err/1/", REASON_NORELAYING},
    {"", "i.ua/err/2/", REASON_USERUNKNOWN},
    {"", "i.ua/err/3/", REASON_SUSPEND},
    {"", "i.ua/err/5/", REASON_POLICYVIOLATION},
    {"", "i.ua/err/6/", REASON_FILTERED},
    {"", "i.ua/err/8/", REASON_MESGTOOBIG},

    /* Apple: an address that was taken down is no suspended account */
    {"icloud", "inactive email address", REASON_USERUNKNOWN},
    {"mail.me.com", "inactive email address", REASON_USERUNKNOWN},
    {"apple", "[cs01]", REASON_BLOCKED},
    {"apple", "[hm0", REASON_POLICYVIOLATION},

    /* Mimecast */
    {"mimecast", "mcspamsignature", REASON_VIRUSDETECTED},
    {"mimecast", "email rejected due to security policies", REASON_VIRUSDETECTED},
    {"mimecast", "envelope blocked", REASON_REJECTED},
    {"mimecast", "invalid recipient", REASON_USERUNKNOWN}, /* it asks the directory at RCPT */
    {"mimecast", "anti-spoofing policy", REASON_AUTHFAILURE},

    /* 1&1, GMX: said before the dialogue begins */
    {"", "no smtp service*ip address", REASON_BLOCKED},

    /* Barracuda: a kind of file, not a host */
    {"", "blocked due to*attachment", REASON_POLICYVIOLATION},

    /* Postfix, whatever it says behind it */
    {"", "helo command rejected", REASON_BLOCKED},

    /* Google */
    {"", "sending quota", REASON_SPEEDING},
    {"", "not authorized to send email directly", REASON_BLOCKED},
    {"", "content presents a potential security issue", REASON_SECURITYERROR},
    {"", "dns error*null mx", REASON_NOTACCEPT},
    {"", "?p=disableduser", REASON_SUSPEND},
    {"", "?p=nosuchuser", REASON_USERUNKNOWN},
    {"", "?p=overquota", REASON_MAILBOXFULL},
    {"", "?p=unsolicited", REASON_SPAMDETECTED},
    {"", "mail/bin/answer.py?answer=6596", REASON_USERUNKNOWN},
    {"", "mail/answer/6596", REASON_USERUNKNOWN},

    {"google", "because the address couldn't be found", REASON_USERUNKNOWN},

    /* Mail.ru, also behind other domains */
    {"", "local mailbox*is unavailable", REASON_USERUNKNOWN},

    /* Microsoft: outlook.com and Exchange Online */
    {"", "resolver.adr.recipnotfound", REASON_USERUNKNOWN},
    {"", "resolver.adr.recipientnotfound", REASON_USERUNKNOWN},
    {"", "resolver.adr.exrecipnotfound", REASON_USERUNKNOWN},
    {"", "resolver.adr.ambiguous", REASON_USERUNKNOWN},
    {"", "resolver.adr.badprimary", REASON_SYSTEMERROR},
    {"", "resolver.rst.recipsizelimit", REASON_EXCEEDLIMIT},
    {"", "resolver.rst.notauthorized", REASON_REJECTED},
    {"", "resolver.rst.authrequired", REASON_REJECTED},
    {"", "resolver.fwd.loop", REASON_NETWORKERROR},
    {"", "queue.expired", REASON_EXPIRED},
    {"", "message expired, connection refused", REASON_EXPIRED},
    {"", "traffic not accepted from this ip", REASON_BLOCKED},
    {"", "storedrv*mailboxfull", REASON_MAILBOXFULL},
    {"", "storedrv*quota", REASON_MAILBOXFULL},
    {"", "storedrv*mailboxdisabled", REASON_SUSPEND},
    {"", "storedrv*disabled mailbox", REASON_SUSPEND},
    {"", "transport.rules", REASON_POLICYVIOLATION},
    {"", "000c05a6", REASON_USERUNKNOWN}, /* Exchange 5.5's own codes */
    {"", "000c0595", REASON_FILTERED},
    {"", "000b099c", REASON_ONHOLD},
    {"", "000b09aa", REASON_ONHOLD},
    {"", "00010256", REASON_SYSTEMERROR},
    {"", "000d06b6", REASON_SYSTEMERROR},
    {"", "00120270", REASON_NETWORKERROR},
    {"", "00050311", REASON_CONTENTERROR},
    {"", "000502cc", REASON_CONTENTERROR},
    {"", "000b0981", REASON_SECURITYERROR},
    {"outlook.com", "recipient address rejected: access denied", REASON_USERUNKNOWN}, /* by DBEB */
    {"hotmail", "requested action not taken: mailbox unavailable", REASON_USERUNKNOWN},

    /* AOL's relay tells a null MX (RFC 7505) so */
    {"x-outbound-mail-relay", "type=mx: malformed or unexpected name server reply",
     REASON_NOTACCEPT},

    /* Yahoo */
    {"delivery error: dd", "doesn't have a*account", REASON_USERUNKNOWN},
    {"yahoo", "[ts0", REASON_SPEEDING},
    {"yahoo", "[ts1", REASON_BADREPUTATION},
    {"yahoo", "[bl2", REASON_BLOCKED},
    {"yahoo", "[gl0", REASON_SPEEDING},

    /* Comcast, AT&T, Spectrum */
    {"comcast", "bl000", REASON_BLOCKED},
    {"comcast", "rl000", REASON_SPEEDING},
    {"spectrum", "aup#e-", REASON_BLOCKED},

    /* Tencent QQ */
    {"qq.com", "domain frequency limited", REASON_SPEEDING},
    {"qq.com", "ip frequency limited", REASON_SPEEDING},
    {"qq.com", "connection frequency limited", REASON_TOOMANYCONN},
    {"qq.com", "suspected bounce attacks", REASON_BLOCKED},
    {"qq.com", "suspected spam", REASON_SPAMDETECTED},
    {"qq.com", "mail content denied", REASON_SPAMDETECTED},

    {NULL, NULL, REASON_UNDEFINED},
};
