/* test-autoreply - what machines answer, in many languages, and what people write */
#include "autoreply/autoreply.h"

#include <string.h>

#include "bounce/classify.h"

static InboundKind kind_of(const char *headers, const char *body)
{
    g_autofree char *text = g_strconcat("From: Ann <ann@oak.example>\nTo: office@council.example\n",
                                        headers, "\n", body, NULL);
    g_autoptr(InboundReport) notice = classify(text, strlen(text));
    return notice->kind;
}

static void test_headers(void)
{
    static const char *const HEADERS[] = {
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: AUTO-REPLIED (vacation)\n",
        "X-Autoreply: yes\n",
        "X-Autorespond:\n",
        "X-AutoReply-Id: 7\n",
        "X-Auto-Responder-Version: 2\n",
        "X-FC-MachineGenerated: true\n",
        "Precedence: auto_reply\n",
        "X-Apple-Action: VACATION\n",
        "Return-Path: <>\nIn-Reply-To: <1@x>\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(HEADERS); i++)
        g_assert_cmpint(kind_of(HEADERS[i], "hm\n"), ==, INBOUND_AUTO_REPLY);
    g_assert_cmpint(kind_of("Auto-Submitted: no\n", "hm\n"), ==, INBOUND_NONE);
    g_assert_cmpint(kind_of("Auto-Submitted: auto-generated\nIn-Reply-To: <1@x>\n", "hm\n"), ==,
                    INBOUND_NONE);
    g_assert_cmpint(kind_of("Precedence: bulk\n", "hm\n"), ==, INBOUND_NONE);
    /* some providers stamp every letter so */
    g_assert_cmpint(kind_of("Precedence: junk\nSubject: Re: End of term\n", "hm\n"), ==,
                    INBOUND_NONE);
    g_assert_cmpint(kind_of("X-Auto-Response-Suppress: All\nIn-Reply-To: <1@x>\n", "hm\n"), ==,
                    INBOUND_NONE);
    g_assert_cmpint(kind_of("X-Auto-Response-Suppress: OOF, AutoReply\n", "hm\n"), ==,
                    INBOUND_NONE);
    g_assert_cmpint(kind_of("X-Autoreply: no\n", "hm\n"), ==, INBOUND_NONE);
    g_assert_cmpint(kind_of("Auto-Submitted: auto-generated\n", "backup done\n"), ==, INBOUND_NONE);
}

static void test_subjects(void)
{
    static const char *const SUBJECTS[] = {
        "Automatic reply: End of term", "[Auto-Reply] End of term",
        "Out of Office: End of term",   "Automatische Antwort: Schuljahr",
        "Abwesenheitsnotiz: Schuljahr", "Réponse automatique : Fin",
        "Respuesta automática: Fin",    "Risposta automatica: Fine",
        "Automatisch antwoord: Einde",  "Autosvar: Slut",
        "Automaattinen vastaus: Loppu", "Automatyczna odpowiedź: Koniec",
        "Automatická odpověď: Konec",   "Автоматический ответ: Конец",
        "Otomatik yanıt: Son",          "自動返信: 学期末",
        "Resposta automática: Fim",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(SUBJECTS); i++) {
        g_autofree char *header = g_strdup_printf("Subject: %s\n", SUBJECTS[i]);
        if (kind_of(header, "hm\n") != INBOUND_AUTO_REPLY)
            g_error("missed: %s", SUBJECTS[i]);
    }
}

static void test_words(void)
{
    static const char *const WORDS[] = {
        "I am out of the office until Monday.",
        "I’m currently out of the office.",
        "Ich bin bis 12. Januar nicht erreichbar.",
        "Je suis absente jusqu'au 12.",
        "Estoy fuera de la oficina.",
        "Sono assente fino al 12.",
        "Ik ben afwezig tot 12 januari.",
        "Jestem na urlopie do 12.",
        "Jag är på semester.",
        "Olen lomalla.",
        "Я в отпуске до 12.",
        "This is an automated response.",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (kind_of("Precedence: bulk\nSubject: Re: End of term\n", WORDS[i]) != INBOUND_AUTO_REPLY)
            g_error("missed: %s", WORDS[i]);
}

/* A machine's mark proves; what only looks like an automatic answer is a guess, and so is shown. */
static void test_guesses(void)
{
    static const struct {
        const char *headers, *body;
        InboundKind kind;
        gboolean is_guess;
    } CASES[] = {
        {"Auto-Submitted: auto-replied\n", "I am out of the office.", INBOUND_AUTO_REPLY, FALSE},
        {"Return-Path: <>\nIn-Reply-To: <1@x>\n", "I am away.", INBOUND_AUTO_REPLY, FALSE},
        {"Subject: Automatic reply: Dates\n", "I am on a course.", INBOUND_AUTO_REPLY, FALSE},
        {"Subject: {External} Automatic reply: Dates\n", "Back soon.", INBOUND_AUTO_REPLY, FALSE},
        {"Subject: Automatic reply: Dates\n", "Yes, we come.\n\n> The dates are\n",
         INBOUND_AUTO_REPLY, TRUE},
        {"Precedence: bulk\nSubject: Re: Dates\n", "I am on leave until Monday.",
         INBOUND_AUTO_REPLY, TRUE},
        {"Subject: Re: Dates\n", "I am out of the office until Monday and will reply on my return.",
         INBOUND_AUTO_REPLY, TRUE},
        {"Subject: Re: Dates\n", "I am on leave this week, but yes, count us in.", INBOUND_NONE,
         FALSE},
        {"Subject: Re: Dates\n", "I am away on the 20th; my deputy will come.", INBOUND_NONE,
         FALSE},
        {"Subject: Re: Dates\n", "I have left the school; please take me off.", INBOUND_NONE,
         FALSE},
        {"Subject: Re: Dates\nPrecedence: bulk\n", "Two places, please.", INBOUND_NONE, FALSE},
        {"Subject: Out of office next week, Re: Dates\n", "Please put us down for the second.",
         INBOUND_AUTO_REPLY, TRUE},
        {"Subject: Out of office: Dates\n", "Back on Monday.", INBOUND_AUTO_REPLY, FALSE},
        {"Subject: Out of office\nIn-Reply-To: <1@x>\n", "Back on Monday.", INBOUND_AUTO_REPLY,
         FALSE},
        {"Subject: Out of office\n", "We are out of the old office by Friday.", INBOUND_AUTO_REPLY,
         TRUE},
        {"Subject: Fay Fox is out of the office\nList-Id: <heads.oak.example>\n"
         "Auto-Submitted: auto-generated\n",
         "I will be out of the office until 4 January.", INBOUND_AUTO_REPLY, TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *text = g_strconcat("From: ann@oak.example\nTo: office@council.example\n",
                                            CASES[i].headers, "\n", CASES[i].body, "\n", NULL);
        g_autoptr(InboundReport) notice = classify(text, strlen(text));
        g_test_message("%s", CASES[i].body);
        g_assert_cmpint(notice->kind, ==, CASES[i].kind);
        g_assert_cmpint(notice->is_guess, ==, CASES[i].is_guess);
    }
}

static void test_people(void)
{
    g_assert_cmpint(kind_of("Subject: Re: Automatic reply: End of term\n", "Welcome back!\n"), ==,
                    INBOUND_NONE);
    g_assert_cmpint(kind_of("Subject: Lunch\n", "Are you free?\n"), ==, INBOUND_NONE);
    g_assert_cmpint(kind_of("Subject: Holiday policy\nList-Id: <staff.oak.example>\n",
                            "I am out of the office\n"),
                    ==, INBOUND_NONE);
    g_assert_cmpint(kind_of("Subject: Undeliverable parcel\n",
                            "It is at the post office, see post@elm.example\n"),
                    ==, INBOUND_NONE);
}

/* tests/bounces/away.txt: responders and people, a line each. */
static void test_languages(void)
{
    g_autofree char *all = NULL;
    guint machines = 0;
    g_assert_true(g_file_get_contents("tests/bounces/away.txt", &all, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(all, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) words = g_strsplit(*line, "|", 3);
        if (**line == '#' || g_strv_length(words) < 3)
            continue;
        g_autofree char *body = g_strcompress(words[2]);
        g_autofree char *subject = g_strdup_printf("Subject: %s\n", words[1]);
        if (g_str_equal(words[0], "person")) {
            if (kind_of(subject, body) != INBOUND_NONE)
                g_error("a person: %s", *line);
            continue;
        }
        machines++;
        if (kind_of(subject, "Ann Smith\n") != INBOUND_AUTO_REPLY)
            g_error("missed by its subject: %s", *line);
        if (kind_of("Subject: Re: End of term\nIn-Reply-To: <1@x>\nX-Auto-Response-Suppress: All\n",
                    body) != INBOUND_AUTO_REPLY)
            g_error("missed by its words: %s", *line);
    }
    g_assert_cmpuint(machines, >, 50);
}

static void test_challenge(void)
{
    g_assert_cmpint(
        kind_of("Subject: Re: End of term\n", "Your message is being held until you confirm.\n"),
        ==, INBOUND_CHALLENGE);
}

static void test_successor(void)
{
    static const struct {
        const char *body, *successor;
    } CASES[] = {
        {"I have left the school. Please write to bob@oak.example.", "bob@oak.example"},
        {"I have left the school. Write to ann@oak.example.", NULL},
        {"I have left the school.", NULL},
        {"Back on Monday; until then bob@oak.example.", NULL},
        {"In my absence contact bob@oak.example.", NULL},
        {"I have retired. For safeguarding write to dsl@oak.example, for all else to the new head, "
         "Mr. B. Birch: b.birch@oak.example.",
         "b.birch@oak.example"},
        {"I have left. Invoices go to finance@oak.example, computers to it-helpdesk@oak.example.",
         NULL},
        {"The interim headteacher is Bob Birch (bob@oak.example).", "bob@oak.example"},
        {"I am on maternity leave until May. Bob Birch is in charge: bob@oak.example",
         "bob@oak.example"},
        {"Oak and Elm have merged. Please update your records to head@oakandelm.example.",
         "head@oakandelm.example"},
        {"I have left the school. From: The Office <news@council.example> please use "
         "bob@oak.example "
         "instead.",
         "bob@oak.example"},
        {"I have left the school, see office@council.example.", NULL},
        {"I have left the school.\n\n> Questions to bob@oak.example\n", NULL},
        {"I have left the school. You can reach me privately at ann@home.example.", NULL},
        {"I have moved to Elm School; my new address there is head@elm.example. Oak will welcome "
         "its new head, Dr P. Quinn, in January (quinn@oak.example).",
         "quinn@oak.example"},
        {"Our school has joined a trust and our e-mail addresses have changed. Please use "
         "head@oak.trust.example.",
         "head@oak.trust.example"},
        {"This mailbox is no longer monitored. For admissions: admissions@oak.example. For "
         "everything else: office@oak.example.",
         "office@oak.example"},
        {"Ich bin in den Ruhestand gegangen. Meine Nachfolgerin ist Frau Quint "
         "(quint@schule.example).",
         "quint@schule.example"},
        {"Rwyf wedi gadael yr ysgol. Y pennaeth newydd yw Siân Jones: s.jones@ysgol.example",
         "s.jones@ysgol.example"},
        {"I am on annual leave. About the acting of the drama club ask h.hill@oak.example.", NULL},
        {"I have left Oak and can be reached at ann@ash.example.", NULL},
        {"I have left. Do not use office@oak.example any more, use newhead@oak.example",
         "newhead@oak.example"},
        {"I have left. Instead of secretary@oak.example use newhead@oak.example.",
         "newhead@oak.example"},
        {"I have left. My successor is Tom Ash and can be reached at t.ash@oak.example.",
         "t.ash@oak.example"},
        {"I no longer work at Oak. My successor has not been appointed yet; the chair of governors "
         "is i.ince@oak.example, until then write to office@oak.example.",
         "office@oak.example"},
        {"I am on a course today. Our new head of maths is m.moss@oak.example.", NULL},
        {"I retired in July.\n\nYour new contact is:\nPat Quinn\nHeadteacher\np.quinn@oak.example",
         "p.quinn@oak.example"},
        {"I am on paternity leave. Jo Jay and Kim Lee are co-acting heads. Jo: j.jay@oak.example",
         "j.jay@oak.example"},
        {"This account has been closed. Try bursar@oak.example or head@oak.example.",
         "head@oak.example"},
        {"From January the Principal of Oak will be Dr Noor (noor@oak.example).",
         "noor@oak.example"},
        {"Oak became part of Tree Federation. Executive headteacher: Tom Tree, tom@tree.example.",
         "tom@tree.example"},
        {"I am on jury service. Sam Sky is deputising: s.sky@oak.example", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *text = g_strconcat(
            "From: ann@oak.example\nTo: office@council.example\nSubject: Automatic reply: x\n\n",
            CASES[i].body, NULL);
        g_autoptr(InboundReport) notice = classify(text, strlen(text));
        g_assert_cmpstr(notice->successor, ==, CASES[i].successor);
    }
}

/* The address stands in a link; the words have only the name. */
static void test_successor_in_a_link(void)
{
    static const char TEXT[] =
        "From: ann@oak.example\nTo: office@council.example\nSubject: Automatic reply: x\n"
        "MIME-Version: 1.0\nContent-Type: text/html\n\n<p>I have left. The new head is "
        "<a href=\"mailto:bob@oak.example?subject=x\">Bob Birch</a>.</p>\n";
    g_autoptr(InboundReport) report = classify(TEXT, strlen(TEXT));
    g_assert_cmpstr(report->successor, ==, "bob@oak.example");
    g_assert_cmpstr(report->successor_name, ==, "Bob Birch");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/autoreply/headers", test_headers);
    g_test_add_func("/autoreply/subjects", test_subjects);
    g_test_add_func("/autoreply/words", test_words);
    g_test_add_func("/autoreply/guesses", test_guesses);
    g_test_add_func("/autoreply/people", test_people);
    g_test_add_func("/autoreply/languages", test_languages);
    g_test_add_func("/autoreply/challenge", test_challenge);
    g_test_add_func("/autoreply/successor", test_successor);
    g_test_add_func("/autoreply/successor-in-a-link", test_successor_in_a_link);
    return g_test_run();
}
