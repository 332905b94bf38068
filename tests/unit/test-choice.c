/* test-choice - which choice people mean, in their own words, and where a person has to read it */
#include "answer/choice.h"

static Question *question_of(const char *body)
{
    guint line;
    g_autoptr(GError) error = NULL;
    Question *question = question_parse("answer q", body, &line, &error);
    g_assert_no_error(error);
    return question;
}

#define SUPPORT                                                                                    \
    "Could your school offer support?\n- Yes\n- Yes, from the summer term\n- No, thank you\n"
#define LUNCH "Will you come?\n- Yes, we will come\n- No\n"
#define DAYS "Which day?\n- Monday 12 January\n- Tuesday 13 January\n- Neither\n"

enum { UNCLEAR = -1, SILENT = -2 };

static const struct {
    const char *body, *words;
    int choice;
} cases[] = {
    {SUPPORT, "Yes", 0},
    {SUPPORT, "YES!!", 0},
    {SUPPORT, "Yes please!", 0},
    {SUPPORT, "Dear Ann,\n\nyes please.\n\nKind regards\nTom No\nNot Only School", 0},
    {SUPPORT, "Yes, thank you.", 0},
    {SUPPORT, "Hello\nYes of course\nThanks", 0},
    {SUPPORT, "Our answer is yes.", 0},
    {SUPPORT, "Yes, from the summer term", 1},
    {SUPPORT, "Yes - from the summer term please", UNCLEAR},
    {SUPPORT, "\342\200\234Yes, from the summer term\342\200\235", 1},
    {SUPPORT, "Yes. From the summer term.", UNCLEAR},
    {SUPPORT, "Yes but only on Mondays", UNCLEAR},
    {SUPPORT, "Yes, if we find staff", UNCLEAR},
    {SUPPORT, "Yes?", UNCLEAR},
    {SUPPORT, "Yes. Which days would it be?", UNCLEAR},
    {SUPPORT, "No", 2},
    {SUPPORT, "No thanks", 2},
    {SUPPORT, "No, thank you!", 2},
    {SUPPORT, "Sorry, no.", 2},
    {SUPPORT, "Unfortunately not.", 2},
    {SUPPORT, "No problem, count us in!", UNCLEAR},
    {SUPPORT, "No worries", UNCLEAR},
    {SUPPORT, "I said no last year. Yes.", UNCLEAR},
    {SUPPORT, "Yes and no", UNCLEAR},
    {SUPPORT, "Yes\nNo", UNCLEAR},
    {SUPPORT, "Thank you for your letter.", UNCLEAR},
    {SUPPORT, "Could you ring me about this", UNCLEAR},
    {SUPPORT, "We can't say yet", UNCLEAR},
    {SUPPORT, "Dear all,\n", SILENT},
    {SUPPORT, "", SILENT},
    {SUPPORT, "Ja gerne", 0},
    {SUPPORT, "Nein, leider", UNCLEAR},
    {LUNCH, "Count us in!", 0},
    {LUNCH, "Yes", 0},
    {LUNCH, "Yes, two of us", 0},
    {LUNCH, "We'd love to. See you there.", 0},
    {LUNCH, "No, we have no staff to spare", UNCLEAR},
    {LUNCH, "Nope", 1},
    {DAYS, "Tuesday 13 January", 1},
    {DAYS, "tuesday 13 january please", 1},
    {DAYS, "Tuesday 13 January. Monday is a training day here.", UNCLEAR},
    {DAYS, "Yes", UNCLEAR},
    {DAYS, "neither, sorry", UNCLEAR},
};

static void test_words(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint choice = 99;
        g_autoptr(Question) question = question_of(cases[i].body);
        ChoiceReading reading = choice_read(question, cases[i].words, &choice);
        int read = reading == CHOICE_CLEAR    ? (int)choice
                   : reading == CHOICE_SILENT ? SILENT
                                              : UNCLEAR;
        if (read != cases[i].choice)
            g_error("'%s': %d and not %d", cases[i].words, read, cases[i].choice);
    }
}

static void test_acknowledgement(void)
{
    static const char *const clear[] = {
        "Read", "Read, thanks.",        "I have read it.",    "Noted",
        "Yes",  "Confirmed, thank you", "Yes, I have read it"};
    static const char *const unclear[] = {"I have not read it", "Which guidance?", "Will read it"};
    guint line, choice;
    g_autoptr(Question) question = question_parse("acknowledge q", "", &line, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(clear); i++)
        if (choice_read(question, clear[i], &choice) != CHOICE_CLEAR)
            g_error("'%s'", clear[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(unclear); i++)
        if (choice_read(question, unclear[i], &choice) == CHOICE_CLEAR)
            g_error("'%s'", unclear[i]);
}

/* Beside a button's own lines: what takes the choice back, or makes it depend on something. */
static void test_qualified(void)
{
    static const char *const qualified[] = {
        "Sorry, pressed the wrong button.", "Please ignore", "We meant the other one",
        "Answer: Yes\n\nBut only if supply cover is paid in advance.",
        "We can do Mondays but not Fridays."};
    static const char *const plain[] = {"", "Answer: Yes", "Answer: Only if we must",
                                        "Answer: Yes\nLooking forward to it.\nOnly if we must"};
    g_autoptr(Question) question = question_of("May we?\n- Yes\n- Only if we must\n");
    for (gsize i = 0; i < G_N_ELEMENTS(qualified); i++)
        if (!choice_is_qualified(question, qualified[i]))
            g_error("'%s'", qualified[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++)
        if (choice_is_qualified(question, plain[i]))
            g_error("'%s'", plain[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/choice/words", test_words);
    g_test_add_func("/choice/acknowledgement", test_acknowledgement);
    g_test_add_func("/choice/qualified", test_qualified);
    return g_test_run();
}
