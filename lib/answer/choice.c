/* choice - which choice of a question a person means, read from words */
#include "answer/choice.h"

#include <string.h>

/* All of these are as question_fold() writes them. */
static const char *const YES_WORDS[] = {"yes",
                                        "yep",
                                        "yeah",
                                        "yes indeed",
                                        "yes of course",
                                        "yes certainly",
                                        "yes definitely",
                                        "yes absolutely",
                                        "yes we can",
                                        "yes we will",
                                        "yes we would",
                                        "certainly",
                                        "definitely",
                                        "absolutely",
                                        "of course",
                                        "count us in",
                                        "count me in",
                                        "yes count us in",
                                        "we can",
                                        "we will",
                                        "we would",
                                        "happy to",
                                        "we would be happy to",
                                        "we'd be happy to",
                                        "we are happy to",
                                        "we would be glad to",
                                        "we'd love to",
                                        "we would love to",
                                        "we agree",
                                        "i agree",
                                        "agreed",
                                        "ie",
                                        "ydym",
                                        "gallwn",
                                        "ja",
                                        "ja gerne",
                                        "oui",
                                        "tak",
                                        NULL};
static const char *const NO_WORDS[] = {"no",
                                       "nope",
                                       "sorry no",
                                       "no sorry",
                                       "afraid not",
                                       "i'm afraid not",
                                       "i am afraid not",
                                       "we're afraid not",
                                       "unfortunately not",
                                       "no we can't",
                                       "no we cannot",
                                       "we can't",
                                       "we cannot",
                                       "we are not able to",
                                       "na",
                                       "nac ydym",
                                       "na dim diolch",
                                       "na dim",
                                       "nein",
                                       "leider nein",
                                       "non",
                                       "nie",
                                       NULL};
static const char *const READ_WORDS[] = {"read",
                                         "noted",
                                         "acknowledged",
                                         "confirmed",
                                         "i confirm",
                                         "understood",
                                         "read and understood",
                                         "i have read it",
                                         "i have read this",
                                         "i've read it",
                                         "i've read this",
                                         "have read it",
                                         "have read this",
                                         "i have read the guidance",
                                         "wedi darllen",
                                         "gelesen",
                                         NULL};

/* Begin a sentence that only seems to say yes or no. */
static const char *const NO_ANSWERS[] = {
    "no problem", "no worries", "no doubt",  "no need", "no objection", "no trouble", "no idea",
    "no one",     "no longer",  "no matter", "no rush", "no news",      "yes and no", "no reply",
    "no answer",  "no date",    NULL};

/* Stand before or behind what is said, and change nothing of it. */
static const char *const FILLERS[] = {"please",
                                      "thank you",
                                      "thank you very much",
                                      "thanks",
                                      "many thanks",
                                      "thanks very much",
                                      "with thanks",
                                      "thank you for asking",
                                      "thanks for asking",
                                      "from us",
                                      "for us",
                                      "from our school",
                                      "our answer is",
                                      "my answer is",
                                      "the answer is",
                                      "answer",
                                      "our answer",
                                      "it is a",
                                      "it's a",
                                      "that is a",
                                      "this is a",
                                      "diolch",
                                      "os gwelwch yn dda",
                                      "bitte",
                                      "danke",
                                      "vielen dank",
                                      "hi",
                                      "hello",
                                      "hi all",
                                      "dear all",
                                      "dear colleagues",
                                      NULL};
static const char *const GREETINGS[] = {"dear",           "hi",           "hello",   "good morning",
                                        "good afternoon", "good evening", "morning", "afternoon",
                                        "annwyl",         "helo",         "bore da", "prynhawn da",
                                        "hallo",          "liebe",        "lieber",  "guten tag",
                                        "sehr geehrte",   "bonjour",      NULL};
static const char *const SIGN_OFFS[] = {
    "kind regards",     "best regards", "warm regards",
    "regards",          "best wishes",  "kindest regards",
    "with best wishes", "all the best", "yours sincerely",
    "yours faithfully", "yours",        "sincerely",
    "cheers",           "cofion",       "cofion gorau",
    "cofion cynnes",    "yn gywir",     "mit freundlichen grüssen",
    "viele grüsse",     "cordialement", NULL};
/* Words that leave a doubt. */
static const char *const DOUBTS[] = {
    "but",         "however",   "unless",    "if",      "only",   "except",        "until",
    "provided",    "depends",   "depending", "perhaps", "maybe",  "possibly",      "might",
    "probably",    "although",  "though",    "instead", "rather", "not",           "no",
    "never",       "none",      "cannot",    "unable",  "sorry",  "unfortunately", "afraid",
    "yes",         "withdraw",  "cancel",    "mistake", "ignore", "disregard",     "wrong",
    "tentatively", "principle", "subject",   "aber",    "wenn",   "vielleicht",    "nicht",
    "nein",        "leider",    "ond",       "efallai", "would",  "could",         "want",
    "think",       "hope",      "discuss",   "either",  "both",   "neither",       NULL};
static const char *const TAKEN_BACK[] = {
    "wrong button",     "wrong answer",     "by mistake",        "by accident",
    "mistake",          "ignore",           "disregard",         "meant",
    "instead",          "changed our mind", "change our answer", "change my answer",
    "changed my mind",  "after all",        "can no longer",     "withdraw",
    "should have been", "pressed",          "clicked",           NULL};
/* Make a yes or a no depend on something. */
static const char *const CONDITIONS[] = {
    "but",        "however",   "unless",      "if",        "only",        "except",
    "until",      "provided",  "depends",     "depending", "perhaps",     "maybe",
    "possibly",   "might",     "although",    "though",    "tentatively", "principle",
    "subject to", "condition", "conditional", "aber",      "wenn",        "nur",
    "vielleicht", "ond",       "efallai",     "oni bai",   NULL};

enum { SENTENCES_MAX = 60 };

static gboolean is_one_of(const char *folded, const char *const *words)
{
    for (; *words; words++)
        if (g_str_equal(folded, *words))
            return TRUE;
    return FALSE;
}

static gboolean ends_word(char c)
{
    return !g_ascii_isalnum(c) && c != '\'' && !((guchar)c & 0x80);
}

static gboolean begins_with(const char *folded, const char *const *words)
{
    for (; *words; words++) {
        gsize length = strlen(*words);
        if (strncmp(folded, *words, length) == 0 && ends_word(folded[length]))
            return TRUE;
    }
    return FALSE;
}

/* As a word, or several, of its own. */
static gboolean holds(const char *folded, const char *const *words)
{
    for (; *words; words++) {
        gsize length = strlen(*words);
        for (const char *at = folded; (at = strstr(at, *words)); at++)
            if ((at == folded || ends_word(at[-1])) && ends_word(at[length]))
                return TRUE;
    }
    return FALSE;
}

gboolean choice_find(const Question *question, const char *words, guint *choice)
{
    g_autofree char *folded = question_fold(words);
    for (guint i = 0; i < question->choices->len; i++) {
        g_autofree char *one = question_fold(g_ptr_array_index(question->choices, i));
        if (g_str_equal(folded, one)) {
            *choice = i;
            return TRUE;
        }
    }
    return FALSE;
}

/* --- one sentence ----------------------------------------------------------------------------- */

typedef enum { SAYS_NOTHING, SAYS_CHOICE, SAYS_DOUBT } Says;

/* The longest filler that the text begins (or ends) with, and isn't all of; its length, 0 for none. */
static gsize filler_at(const char *folded, gsize length, gboolean at_end)
{
    gsize longest = 0;
    for (const char *const *filler = FILLERS; *filler; filler++) {
        gsize n = strlen(*filler);
        if (n >= length || n <= longest)
            continue;
        if (at_end ? g_str_has_suffix(folded, *filler) && ends_word(folded[length - n - 1])
                   : g_str_has_prefix(folded, *filler) && ends_word(folded[n]))
            longest = n;
    }
    return longest;
}

/* Takes a filler off one end, in place; TRUE if there was one. */
static gboolean take_filler(char *folded)
{
    gsize length = strlen(folded), first = filler_at(folded, length, FALSE);
    if (first) {
        const char *rest = folded + first + strspn(folded + first, " ,:-.!");
        memmove(folded, rest, strlen(rest) + 1);
        return TRUE;
    }
    gsize last = filler_at(folded, length, TRUE);
    if (!last)
        return FALSE;
    for (length -= last; length && strchr(" ,:-.!", folded[length - 1]);)
        length--;
    folded[length] = '\0';
    return TRUE;
}

/* The one choice that begins with a word of that sense; two leave a doubt, but for one that is the
 * word alone. */
static Says find_sense(const Question *question, const char *const *sense, guint *choice)
{
    guint found = 0;
    for (guint i = 0; i < question->choices->len; i++) {
        g_autofree char *one = question_fold(g_ptr_array_index(question->choices, i));
        while (take_filler(one))
            ;
        if (is_one_of(one, sense)) {
            *choice = i;
            return SAYS_CHOICE;
        }
        if (!begins_with(one, sense))
            continue;
        *choice = i;
        found++;
    }
    return found == 1 ? SAYS_CHOICE : SAYS_DOUBT;
}

/* "Yes we can offer Tuesdays": with one such choice the rest is only what else is said. */
static Says read_beginning(const Question *question, const char *said, const char *const *sense,
                           guint *choice)
{
    guint alike = 0;
    gsize word = strcspn(said, " ,-");
    for (guint i = 0; i < question->choices->len; i++) {
        g_autofree char *one = question_fold(g_ptr_array_index(question->choices, i));
        alike += begins_with(one, sense);
    }
    if (alike != 1 || holds(said + word, DOUBTS) || strstr(said + word, "n't"))
        return SAYS_DOUBT;
    return find_sense(question, sense, choice);
}

static Says read_said(const Question *question, const char *said, guint *choice)
{
    static const char *const yes[] = {"yes", "yep", "yeah", "ja", NULL};
    static const char *const no[] = {"no", "nope", "nein", NULL};
    if (choice_find(question, said, choice))
        return SAYS_CHOICE;
    if (begins_with(said, NO_ANSWERS))
        return SAYS_DOUBT;
    if (question->is_acknowledgement && question->choices->len == 1 &&
        (is_one_of(said, READ_WORDS) || is_one_of(said, YES_WORDS))) {
        *choice = 0;
        return SAYS_CHOICE;
    }
    if (is_one_of(said, YES_WORDS))
        return find_sense(question, YES_WORDS, choice);
    if (is_one_of(said, NO_WORDS))
        return find_sense(question, NO_WORDS, choice);
    if (begins_with(said, yes))
        return read_beginning(question, said, yes, choice);
    if (begins_with(said, no))
        return read_beginning(question, said, no, choice);
    return holds(said, DOUBTS) || strstr(said, "n't") ? SAYS_DOUBT : SAYS_NOTHING;
}

static Says read_sentence(const Question *question, const char *sentence, gboolean asks,
                          guint *choice)
{
    g_autofree char *said = question_fold(sentence);
    if (!*said || is_one_of(said, FILLERS))
        return SAYS_NOTHING;
    if (asks)
        return SAYS_DOUBT;
    if (choice_find(question, said, choice))
        return SAYS_CHOICE;
    while (take_filler(said))
        ;
    return read_said(question, said, choice);
}

gboolean choice_is_qualified(const Question *question, const char *words)
{
    guint choice;
    gboolean found = FALSE;
    g_auto(GStrv) lines = g_strsplit(words, "\n", -1);
    for (guint i = 0; lines[i] && !found; i++) {
        g_autofree char *said = question_fold(lines[i]);
        while (take_filler(said))
            ;
        found = !choice_find(question, said, &choice) &&
                (holds(said, TAKEN_BACK) || holds(said, CONDITIONS));
    }
    return found;
}

/* --- all that is said ------------------------------------------------------------------------- */

typedef struct {
    const Question *question;
    gboolean is_chosen, is_doubtful, is_said;
    guint choice;
    GString *all; /* what was said, folded */
} Reading;

static void take_sentence(Reading *in, const char *sentence, gboolean asks)
{
    guint choice;
    g_autofree char *folded = question_fold(sentence);
    in->is_said = in->is_said || *folded;
    switch (read_sentence(in->question, sentence, asks, &choice)) {
    case SAYS_NOTHING:
        break;
    case SAYS_DOUBT:
        in->is_doubtful = TRUE;
        break;
    case SAYS_CHOICE:
        in->is_doubtful = in->is_doubtful || (in->is_chosen && in->choice != choice);
        in->is_chosen = TRUE;
        in->choice = choice;
        break;
    }
}

static gboolean is_greeting(const char *line)
{
    gsize end = strlen(line);
    guint words = 1;
    for (gsize i = 0; i < end; i++)
        words += line[i] == ' ';
    return words <= 6 && begins_with(line, GREETINGS);
}

/* A line is a choice as it stands, full stops and all, or sentences. */
static void take_line(Reading *in, const char *line)
{
    guint choice;
    if (!strchr(line, '?') && choice_find(in->question, line, &choice)) {
        take_sentence(in, line, FALSE);
        return;
    }
    for (guint i = 0; *line && i < SENTENCES_MAX; i++) {
        gsize length = strcspn(line, ".!?;");
        g_autofree char *sentence = g_strndup(line, length);
        take_sentence(in, sentence, line[length] == '?');
        line += length + strspn(line + length, ".!?; ");
    }
}

static gboolean has_word(const char *folded, const char *word)
{
    const char *const words[] = {word, NULL};
    return holds(folded, words);
}

/* "Yes. From the summer term.": a word that another choice has, and the chosen one hasn't. */
static gboolean speaks_of_another(const Reading *in)
{
    static const char *const polite[] = {"thank", "thanks", "please", "sorry", NULL};
    g_autofree char *chosen = question_fold(g_ptr_array_index(in->question->choices, in->choice));
    for (guint i = 0; i < in->question->choices->len; i++) {
        g_autofree char *other = question_fold(g_ptr_array_index(in->question->choices, i));
        g_auto(GStrv) words = g_strsplit_set(other, " ,.:;-()/", -1);
        for (char **word = words; i != in->choice && *word; word++)
            if (g_utf8_strlen(*word, -1) >= 4 && !is_one_of(*word, polite) &&
                !has_word(chosen, *word) && has_word(in->all->str, *word))
                return TRUE;
    }
    return FALSE;
}

ChoiceReading choice_read(const Question *question, const char *words, guint *choice)
{
    Reading in = {.question = question, .all = g_string_new(NULL)};
    g_auto(GStrv) lines = g_strsplit(words, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_autofree char *folded = question_fold(lines[i]);
        if (is_one_of(folded, SIGN_OFFS) || (in.is_said && begins_with(folded, SIGN_OFFS)))
            break;
        if (!in.is_said && is_greeting(folded))
            continue;
        take_line(&in, lines[i]);
        g_string_append_printf(in.all, "%s ", folded);
    }
    gboolean is_clear = in.is_chosen && !in.is_doubtful && !speaks_of_another(&in);
    g_string_free(in.all, TRUE);
    if (is_clear) {
        *choice = in.choice;
        return CHOICE_CLEAR;
    }
    return in.is_said ? CHOICE_UNCLEAR : CHOICE_SILENT;
}
