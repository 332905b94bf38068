/* formats - how the systems' own failure reports can be known
 *
 * One line a system and mark. A mark is a phrase that the system writes into every report and
 * people don't write into letters; it is proof of a report unless FORMAT_WEAK.
 */
#include "bounce/report_text.h"

#include <string.h>

#include "reason/pattern.h"
#include "reason/scan.h"

const ReportFormat REPORT_FORMATS[] = {
    {"qmail", "", "this is the qmail-send program", 0},
    {"qmail", "", "i'm afraid i wasn't able to deliver your message to the following", 0},
    {"qmail", "", "was unable to deliver your message to the following addresses", 0},
    {"qmail", "", "unable to deliver your message to the following address", 0},
    {"qmail", "", "i wasn't able to deliver the following message", 0},
    {"qmail", "", "your mail message to the following address(es) could not be delivered", 0},
    {"qmail", "", "i've given up. sorry it didn't work out", 0},
    {"yahoo", "", "we were unable to deliver your message to the following address", 0},
    {"exim", "", "this message was created automatically by mail delivery software", 0},
    {"exim", "", "contained one or more recipient addresses that were incorrectly constructed", 0},
    {"mail.ru", "", "письмо создано автоматически сервером mail.ru", 0},
    {"sendmail", "", "the following addresses had permanent fatal errors", 0},
    {"sendmail", "", "the following addresses had delivery problems", 0},
    {"sendmail", "", "the following addresses had transient non-fatal errors", 0},
    {"sendmail", "", "transcript of session follows", 0},
    {"sendmail", "", "the following addresses had delivery errors", 0},
    {"sendmail", "", "the following addresses had fatal errors", 0},
    {"postfix", "", "this is the postfix program at host", 0},
    {"postfix", "", "this is the mail system at host", 0},
    {"postfix", "subject", "postfix smtp server: errors from", 0},
    {"opensmtpd", "", "this is the mailer-daemon, please do not reply", 0},
    {"courier", "", "this is a delivery status notification from*courier", 0},
    {"courier", "", "your message to the following recipients cannot be delivered", 0},
    {"dragonfly", "", "this is the dragonfly mail agent", 0},
    {"exchange", "", "did not reach the following recipient", 0},
    {"exchange", "", "did not reach some or all of the intended recipients", 0},
    {"exchange", "", "the following recipient(s) could not be reached", 0},
    {"exchange", "", "the following recipient(s) cannot be reached", 0},
    {"exchange", "", "delivery has failed to these recipients or", 0},
    {"exchange", "", "your message couldn't be delivered to", 0},
    {"exchange", "", "your message to*couldn't be delivered", 0},
    {"exchange", "", "diagnostic information for administrators", 0},
    {"exchange", "", "rejected your message to the following e", 0},
    {"exchange", "", "fehler bei der nachrichtenzustellung an folgende empf", 0},
    {"exchange", "", "la remise a échoué pour ces destinataires", 0},
    {"exchange", "", "hat ihre nachricht an die folgenden*zurückgewiesen", 0},
    {"google", "", "delivery to the following recipient failed permanently", 0},
    {"google", "", "delivery to the following recipient has been delayed", FORMAT_DELAY},
    {"google", "", "delivery to the following recipients failed", 0},
    {"google", "", "your message wasn't delivered to", 0},
    {"google", "", "there was a temporary problem delivering your message", FORMAT_DELAY},
    {"domino", "", "was not delivered to:*because:", FORMAT_OWN_WORDS},
    {"domino", "", "wasn't delivered to:*because:", FORMAT_OWN_WORDS},
    {"domino", "", "wurde nicht*zugestellt*domino", FORMAT_OWN_WORDS},
    {"notes", "", "failure reasons*returned message", FORMAT_OWN_WORDS | FORMAT_REASON_FIRST},
    {"domino", "subject", "delivery failure:", FORMAT_WEAK},
    {"groupwise", "", "the message that you sent was undeliverable to the following", 0},
    {"hmailserver", "", "hmailserver", FORMAT_WEAK},
    {"imail", "x-mailer", "<smtp32 v", FORMAT_OWN_WORDS},
    {"imail", "", "invalid final delivery userid", FORMAT_OWN_WORDS},
    {"james", "", "error message below:*message details:", 0},
    {"fml", "subject", "loop alert:", 0},
    {"fml", "", "you are not a member of this ml", 0},
    {"ezweb", "from", "ezweb.ne.jp", FORMAT_WEAK},
    {"ezweb", "", "each of the following recipients was rejected by a remote mail server", 0},
    {"ezweb", "", "the user(s) account is", FORMAT_OWN_WORDS},
    {"m-filter", "", "-server message*-smtp command", 0},
    {"zoho", "", "this message was created automatically by mail delivery system", 0},
    {"mxlogic", "", "could not be delivered to one or more recipients", 0},
    {"mailfoundry", "", "delivery failed for the following reason", 0},
    {"mailmarshal", "", "the following recipients were affected", 0},
    {"mimecast", "",
     "an email that you attempted to send to the following address could not be delivered", 0},
    {"x2", "", "unable to deliver message to the following address(es)", 0},
    {"x2", "", "your delivery to the following address has been failed", 0},
    {"x6", "", "we had trouble delivering your message. full details follow", 0},
    {"ses", "", "an error occurred while trying to deliver the mail to the following recipients",
     0},
    {"sendgrid", "", "message was not able to be delivered to one of its intended recipients", 0},
    {"communigate", "", "failed to deliver to '", 0},
    {"mdaemon", "", "the following message had undeliverable", 0},
    {"mdaemon", "", "mdaemon*could not be delivered", 0},
    {"mdaemon", "", "this message was created automatically by the mail system", 0},
    {"mailenable", "", "mailenable: message delivery failure", 0},
    {"mailenable", "", "message could not be delivered to some recipients", 0},
    {"neosoft", "", "message log follows*failed addresses follow", FORMAT_OWN_WORDS},
    {"kerio", "", "your message could not be delivered to the following recipient", 0},
    {"sun", "", "your message cannot be delivered to the following recipients", 0},
    {"sun", "", "this report relates to a message you sent with the following header fields", 0},
    {"ms-smtp", "", "this is an automatically generated delivery status notification", 0},
    {"symantec", "", "the message could not be delivered to the following recipient", 0},
    {"sophos", "", "this is a report generated by the mail system*undeliver", 0},
    {"interscan", "", "the message was not delivered to*recipient", 0},
    {"docomo", "", "the following recipients did not receive this message", 0},
    {"activehunter", "x-ahmailid", "", FORMAT_WEAK},
    {"biglobe", "", "non-delivered information", 0},
    {"google groups", "", "to let you know that the group you tried to contact", 0},
    {"google", "", "your message to*has been blocked", 0},
    {"google", "", "message blocked*your message to", 0},
    {"interscan", "", "unable to deliver message to <*in the same domain", 0},
    {"interscan", "", "sent <<<*received >>>", 0},
    {"interscan", "", "message from interscan", 0},
    {"kddi", "", "could not be delivered to: <", 0},
    {"verizon", "", "message could not be delivered to mobile", 0},
    {"exim", "", "the following address(es) have yet to be delivered", 0},
    {"exim", "", "the address to which the message has not yet been delivered is", FORMAT_DELAY},
    {"exim", "", "the addresses to which the message has not yet been delivered are", FORMAT_DELAY},
    {"qmail", "", "this is the deliver program at", 0},
    {"qmail", "", "hi. this is the*i've given up", 0},
    {"newmail", "", "machine generated message from mail service", 0},
    {"netscape", "", "this message was undeliverable due to the following reason", 0},
    {"compuserve", "", "could not be delivered for the following reason", 0},
    {"compuserve", "", "receiver not found:", 0},
    {"sdm", "", "here is your list of failed recipients", FORMAT_OWN_WORDS},
    {"mdaemon", "", "the following addresses did not receive a copy of your message", 0},
    {"usa.net", "", "intended recipient:*returned mail follows", 0},
    {"hotpop", "", "undeliverable address:", 0},
    {"smtpsvc", "", "the email below could not be delivered to the following user", 0},
    {"smail", "", "failed addresses follow:", FORMAT_OWN_WORDS},
    {"ms-smtp", "", "delivery to the following recipients failed", 0},
    {"ms-smtp", "", "delivery to the following recipients was aborted", 0},
    {"ms-smtp", "", "unable to deliver message to the following recipients", 0},
    {"ms-smtp", "", "could not deliver the message to the following recipient", 0},
    {"domino", "", "wurde nicht zugestellt an", FORMAT_OWN_WORDS},
    {"domino", "", "n'a pas été distribué à", FORMAT_OWN_WORDS},
    {"domino", "", "no se ha entregado a", FORMAT_OWN_WORDS},
    {"notes", "", "failure reasons", FORMAT_WEAK | FORMAT_OWN_WORDS},
    {"amavis", "", "delivery of the email was stopped", 0},
    {"amavis", "", "our content checker found", 0},
    {"simple", "", "unable to deliver mail", FORMAT_WEAK | FORMAT_OWN_WORDS},
    {"simple", "", "not a valid user here", FORMAT_WEAK},
    {NULL, NULL, NULL, 0},
};

static gboolean format_matches(const Evidence *signs, const ReportFormat *format)
{
    if (!*format->where)
        return subject_has(&signs->words_subject, format->phrase);
    if (g_str_equal(format->where, "subject"))
        return subject_has(&signs->subject_subject, format->phrase);
    if (g_str_equal(format->where, "from"))
        return text_matches(signs->from_folded, format->phrase);
    const char *value = evidence_header(signs, format->where);
    g_autofree char *folded = value ? scan_fold(value, strlen(value)) : NULL;
    return folded && text_matches(folded, format->phrase);
}

const ReportFormat *format_find(const Evidence *signs)
{
    const ReportFormat *weak = NULL;
    for (const ReportFormat *format = REPORT_FORMATS; format->system; format++) {
        if (!format_matches(signs, format))
            continue;
        if (!(format->flags & FORMAT_WEAK))
            return format;
        if (!weak)
            weak = format;
    }
    return weak;
}
