/* away - how responders say it, in the languages of the lists
 *
 * One line adds a phrase. Folded: ASCII letters are lower case, others as they come, so a word that begins
 * with one is given in both cases where it matters.
 */
#include "bounce/autoreply.h"

const char *const AWAY_SUBJECTS[] = {
    /* English */
    "automatic reply", "automated reply", "automated response", "automatic response", "auto reply", "auto-reply",
    "autoreply", "auto response", "auto-response", "autoresponse", "autoresponder", "auto:", "autorespons",
    "autoanswer", "auto answer", "out of office", "out-of-office", "out of the office", "ooo:", "ooo -", "ooo re:",
    "away from office", "away from the office", "away from my mail", "vacation", "on vacation", "on holiday",
    "on leave", "on annual leave", "annual leave", "maternity leave", "on maternity", "away until", "away from",
    "i am away", "i'm away", "i am out of", "i'm out of", "currently out of", "currently away", "absence",
    "not in the office", "return receipt auto", "thank you for contacting", "thank you for your e", "thank you for your enquiry",
    "thank you for your inquiry", "we have received your", "we received your", "your message has been received", "school closed",
    /* German */
    "automatische antwort", "automatische beantwortung", "automatische r\303\274ck", "automatische antw",
    "abwesenheit", "abwesend", "au\303\237er haus", "ausser haus", "nicht im b\303\274ro", "nicht im haus",
    "urlaub", "im urlaub", "eingangsbest\303\244tigung", "autoantwort", "autom. antwort",
    /* French */
    "r\303\251ponse automatique", "reponse automatique", "absent", "absence du bureau", "message d'absence",
    "en cong\303\251", "notification d'absence", "r\303\251ponse d'absence", "accus\303\251 de r\303\251ception",
    /* Spanish, Catalan, Portuguese */
    "respuesta autom", "respuesta automatica", "fuera de la oficina", "fuera de oficina", "ausente", "ausencia",
    "de vacaciones", "vacaciones", "contestador autom", "resposta autom", "resposta autom\303\240tica", "aus\303\252ncia",
    "f\303\251rias", "fora do escrit",
    /* Italian */
    "risposta automatica", "fuori ufficio", "fuori sede", "assente", "assenza", "in ferie", "messaggio automatico",
    /* Dutch, Danish, Norwegian, Swedish, Finnish */
    "automatisch antwoord", "automatische antwoord", "afwezig", "niet aanwezig", "buiten kantoor", "autosvar", "automatisk svar",
    "automatiskt svar", "frav\303\246r", "ikke til stede", "fr\303\245nvaro", "fr\303\245nvarande", "p\303\245 semester",
    "ferie", "automaattinen vastaus", "poissa", "poissaolo", "lomalla",
    /* Polish, Czech, Slovak, Hungarian, Romanian, Turkish */
    "automatyczna odpowied", "odpowied\305\272 automatyczna", "autoodpowied", "nieobecno", "poza biurem", "automatick\303\241 odpov",
    "nep\305\231\303\255tomnost", "mimo kancel", "nepr\303\255tomnos", "automatikus v\303\241lasz", "h\303\241zon k\303\255v\303\274l",
    "r\304\203spuns automat", "raspuns automat", "otomatik yan", "ofis d\304\261\305\237\304\261",
    /* Russian, Ukrainian, Greek */
    "автоответ", "Автоответ", "автоматический ответ", "Автоматический ответ", "автоматична відповідь",
    "Автоматична відповідь", "вне офиса", "Вне офиса", "отпуск", "Αυτόματη απάντηση", "αυτόματη απάντηση",
    /* Japanese, Chinese, Korean */
    "自動応答", "自動返信", "不在", "不在通知", "自动回复", "自動回覆", "自动答复", "外出", "부재중", "자동 회신", "자동회신",
    /* Hebrew, Arabic */
    "תשובה אוטומטית", "رد تلقائي",
    NULL,
};

const char *const AWAY_SUBJECT_WORDS[] = {
    "out of office", "out of the office", "out-of-office", "automatic reply", "automatic response", "automated response",
    "automated reply", "auto-reply", "autoreply", "auto reply", "autoresponse", "auto-response", "auto response", "autoresponder",
    "on vacation", "vacation message", "vacation reply", "away from my mail", "away from the office", "(auto)",
    "abwesenheitsnotiz", "abwesenheitsnachricht", "abwesenheitsassistent", "automatische antwort", "abwesend",
    "réponse automatique", "absence du bureau", "respuesta automática", "respuesta automatica", "fuera de la oficina", "resposta automática",
    "risposta automatica", "fuori ufficio", "automatisch antwoord", "automatiskt svar", "automatisk svar", "autosvar",
    "automaattinen vastaus", "automatyczna odpowied", "autoodpowied", "automatická odpov", "otomatik yanıt",
    "автоответ", "Автоответ", "自動返信", "自動応答", "自动回复",
    NULL,
};

const char *const AWAY_WORDS[] = {
    /* English */
    "i am out of the office", "i'm out of the office", "i am currently out of", "i'm currently out of",
    "i will be out of the office", "i'll be out of the office", "i am out of office", "i am currently away",
    "i'm currently away", "i am away from", "i am away until", "i am away on", "i am on leave", "i'm on leave", "i am on annual leave",
    "i am currently on", "i'm currently on", "i am on vacation", "i'm on vacation", "i am on holiday",
    "i'm on holiday", "i am on maternity", "i will be away", "i'll be away", "i am away from my", "i have limited access to email",
    "i will have limited access", "will have no access to email", "i am not in the office", "i'm not in the office",
    "i will not be in the office", "i am unavailable until", "i will be on leave", "i will be on vacation", "i will be traveling",
    "i will be travelling", "out of the office until", "out of office until", "out of the office from", "away from my desk",
    "will respond to your message", "will reply to your message upon", "upon my return", "when i return", "on my return",
    "is out of the office", "office is closed", "school is closed", "school is now closed", "closed for the",
    /* German */
    "ich bin bis", "ich bin vom", "ich bin ab", "ich bin derzeit nicht", "ich bin zur zeit nicht", "ich bin zurzeit nicht",
    "ich bin momentan nicht", "ich bin im urlaub", "ich befinde mich*urlaub", "ich bin nicht im", "nicht im haus", "ich bin nicht im b",
    "bin ich nicht*erreichbar", "ihre e-mail wird nicht weitergeleitet", "nicht im büro", "bin ich wieder erreichbar",
    /* French */
    "je suis absent", "je suis actuellement absent", "je suis en cong", "je serai absent", "je suis en vacances",
    "je suis actuellement en", "absent du bureau", "actuellement absent",
    /* Spanish, Portuguese, Italian */
    "estoy fuera de la oficina", "estaré fuera", "estoy de vacaciones", "me encuentro fuera", "me encuentro de vacaciones",
    "estaré ausente", "estou ausente", "estou de férias", "estarei ausente", "estarei fora", "sono assente",
    "sarò assente", "sono in ferie", "fuori ufficio", "sono fuori",
    /* Dutch and the north */
    "ik ben afwezig", "ik ben momenteel", "ik ben met vakantie", "ik ben op vakantie", "ik ben niet aanwezig", "ik ben tot",
    "jeg er på ferie", "jeg er ikke på kontoret", "jeg er ute av kontoret", "jeg har ferie", "jag är på semester",
    "jag är inte på kontoret", "jag är tillbaka", "jag har semester", "olen lomalla", "olen poissa",
    /* Slavic, Hungarian, Turkish */
    "jestem nieobecn", "jestem na urlopie", "przebywam na urlopie", "jestem poza biurem", "nejsem v kancel", "jsem na dovolen",
    "čerpám dovolenou", "som na dovolenke", "я в отпуске", "нахожусь в отпуске", "буду отсутствовать", "szabadságon vagyok", "ofis dışındayım",
    "izindeyim", "yıllık izin",
    /* Japanese, Chinese */
    "不在にしております", "不在のため", "休暇を", "休暇中", "我正在休假", "我目前不在", "外出中",
    NULL,
};

const char *const MACHINE_WORDS[] = {
    "this is an automatic reply", "this is an automated reply", "this is an automated response", "this is an automatic response",
    "this is an auto-reply", "this is an auto reply", "this is an autoreply", "this is an auto response", "this is an auto-response",
    "this is an autoresponse", "this is an autoresponder", "this is an automated email response", "this is an automatic message to",
    "automated acknowledgement", "automatic acknowledgement", "automated vacation", "this automatic reply", "this automated reply",
    "dies ist eine automatische antwort", "dies ist eine automatisch", "diese e-mail wurde automatisch", "automatisch generierte antwort",
    "diese nachricht wurde automatisch", "ceci est une réponse automatique", "ceci est un message automatique",
    "esta es una respuesta automática", "este es un mensaje automático", "esta é uma resposta automática", "questa è una risposta automatica",
    "questo è un messaggio automatico", "dit is een automatisch", "detta är ett automatiskt", "dette er et automatisk",
    "to jest automatyczna", "wiadomość wygenerowana automatycznie", "toto je automatick", "это автоматический ответ",
    "このメールは自動", "自動返信メール", "自動的に返信",
    NULL,
};

const char *const CHALLENGE_WORDS[] = {
    "spamarrest", "spam arrest", "boxbe", "bluebottle", "challenge-response", "challenge/response", "mailblocks",
    "click*to verify that you are*human", "verify your email was sent by a human", "confirm that you are*not a spammer",
    "confirm you are human", "sender verification required", "your message is awaiting*confirm", "your message is being held until",
    "your email will be delivered once you", "confirm your message by replying", "please confirm your message",
    "your message requires confirmation", "added to my*whitelist*click", "add yourself to*approved sender", "qurb.com", "tmda",
    "to complete this verification", "unknown sender - please confirm", "please authenticate your message",
    NULL,
};

const char *const LEFT_WORDS[] = {
    "no longer work", "no longer employed", "no longer with", "no longer at", "no longer the head", "no longer in post", "no longer in use",
    "no longer in this", "no longer monitored", "has left", "have left", "has now left", "have now left", "has retired", "have retired",
    "i retired", "left the school", "left the trust", "moved on from", "new headteacher", "new head teacher", "new principal",
    "has been replaced by", "is my successor", "my successor", "new email address is", "e-mail address has changed",
    "email address has changed", "nicht mehr an der schule", "nicht mehr bei", "nicht mehr tätig", "ausgeschieden", "verlassen habe",
    "ne travaille plus", "a quitté", "ya no trabajo", "ya no trabaja", "non lavoro più", "non lavora più", "niet meer werkzaam",
    "nie pracuj", "arbetar inte längre", "退職",
    NULL,
};
