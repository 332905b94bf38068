/* test-question - questions of a letter: blocks read, choices told apart, answers written */
#include "base/error.h"
#include "fact/question.h"

#include <string.h>

static const char BLOCK[] = "Could your school offer up to\n"
                            "five days of support to another?\n"
                            "\n"
                            "- Yes\n"
                            "* Yes, from the summer\n"
                            "  term\n"
                            "3. No, thank you\n"
                            "until: 17 July 2026\n";

static void test_block(void)
{
    guint line;
    g_autoptr(GError) error = NULL;
    g_autoptr(Question) question = question_parse(" answer  school-support ", BLOCK, &line, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(question->slug, ==, "school-support");
    g_assert_cmpstr(question->text, ==,
                    "Could your school offer up to five days of support to another?");
    g_assert_cmpuint(question->choices->len, ==, 3);
    g_assert_cmpstr(g_ptr_array_index(question->choices, 0), ==, "Yes");
    g_assert_cmpstr(g_ptr_array_index(question->choices, 1), ==, "Yes, from the summer term");
    g_assert_cmpstr(g_ptr_array_index(question->choices, 2), ==, "No, thank you");
    g_assert_false(question->is_acknowledgement);
    g_autofree char *until = day_iso(question->until);
    g_assert_cmpstr(until, ==, "2026-07-17");
}

static void test_acknowledgement(void)
{
    guint line;
    g_autoptr(GError) error = NULL;
    g_autoptr(Question) question = question_parse("Acknowledge guidance", "\n", &line, &error);
    g_assert_no_error(error);
    g_assert_true(question->is_acknowledgement);
    g_assert_cmpint(question->until, ==, 0);
    g_assert_cmpuint(question->choices->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(question->choices, 0), ==, QUESTION_ACKNOWLEDGED);
    g_assert_true(question_is_info("acknowledge"));
    g_assert_false(question_is_info("answering machines"));
    g_assert_false(question_is_info("cy"));
}

/* Each is refused in words that name what is wrong, at the line where it stands. */
static const struct {
    const char *info, *body, *said;
    guint line;
} wrong[] = {
    {"answer", "Who?\n- Yes\n- No\n", "has no name", 0},
    {"answer School Support!", "Who?\n- Yes\n- No\n", "'school-support'", 0},
    {"answer 2026-plan", "Who?\n- Yes\n- No\n", "'plan'", 0},
    {"answer a-", "Who?\n- Yes\n- No\n", "'a'", 0},
    {"answer q", "Who?\n", "has no choices", 0},
    {"answer q", "Who?\n- Yes\n", "has no choices", 0},
    {"answer q", "- Yes\n- No\n", "asks nothing", 0},
    {"answer q", "Who?\n- Yes\n-\n- No\n", "has no words", 3},
    {"answer q", "Who?\n- Yes\n- YES!\n", "the same", 3},
    {"answer q", "Who?\n- Yes\n- {{school}} will\n", "same in every letter", 3},
    {"answer q", "Who?\n- Yes\n- No\nThank you\n", "below the choices", 4},
    {"answer q", "Who?\n- Yes\n- No\nuntil: soon\n", "until: ", 4},
    {"answer q", "Who?\nuntil: 2026-07-17\n- Yes\n- No\nuntil: 2026-07-18", "two lines", 5},
    {"cy", "Pwy?\n", "no question", 0},
};

static void test_wrong(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        guint line = 99;
        g_autoptr(GError) error = NULL;
        g_autoptr(Question) question = question_parse(wrong[i].info, wrong[i].body, &line, &error);
        g_assert_null(question);
        g_assert_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_DATA);
        if (!strstr(error->message, wrong[i].said) || line != wrong[i].line)
            g_error("%s / %s: line %u: %s", wrong[i].info, wrong[i].body, line, error->message);
    }
}

static gboolean takes_choice(gsize length)
{
    g_autofree char *choice = g_strnfill(length, 'x');
    g_autoptr(Question) question = question_new("q", FALSE, NULL);
    return question_add_choice(question, choice, NULL);
}

static gboolean takes_slug(gsize length)
{
    g_autofree char *slug = g_strnfill(length, 'x');
    g_autoptr(Question) question = question_new(slug, FALSE, NULL);
    return question != NULL;
}

static gboolean takes_text(gsize length)
{
    g_autofree char *text = g_strnfill(length, 'x');
    g_autoptr(Question) question = question_new("q", FALSE, NULL);
    return question_add_text(question, text, NULL);
}

static void test_limits(void)
{
    g_assert_true(takes_choice(QUESTION_CHOICE_MAX - 1) && takes_choice(QUESTION_CHOICE_MAX));
    g_assert_false(takes_choice(QUESTION_CHOICE_MAX + 1));
    g_assert_true(takes_slug(QUESTION_SLUG_MAX - 1) && takes_slug(QUESTION_SLUG_MAX));
    g_assert_false(takes_slug(QUESTION_SLUG_MAX + 1));
    g_assert_true(takes_text(QUESTION_TEXT_MAX - 1) && takes_text(QUESTION_TEXT_MAX));
    g_assert_false(takes_text(QUESTION_TEXT_MAX + 1));
    g_autoptr(Question) question = question_new("q", FALSE, NULL);
    for (guint i = 0; i <= QUESTION_CHOICES_MAX; i++) {
        g_autofree char *choice = g_strdup_printf("choice %u", i);
        g_assert_true(question_add_choice(question, choice, NULL) == (i < QUESTION_CHOICES_MAX));
    }
}

static void test_fold(void)
{
    static const char *const alike[][2] = {
        {"  Yes,\tfrom the  summer term. ", "yes from the summer term"},
        {"\342\200\236Yes\342\200\234, please", "yes please"},
        {"1,000 of the teachers\342\200\231 days", "1,000 of the teachers days"},
        {"\342\200\234Yes\342\200\235!", "yes"},
        {"Don\342\200\231t know", "don't know"},
        {"y\303\242 \342\200\213s", "y\303\242 s"},
        {"Yes \342\200\223 all", "yes - all"},
        {"...", ""},
        {"\377", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(alike); i++) {
        g_autofree char *folded = question_fold(alike[i][0]);
        g_assert_cmpstr(folded, ==, alike[i][1]);
    }
}

static void test_answers(void)
{
    guint line;
    g_autoptr(Question) question = question_parse("answer school-support", BLOCK, &line, NULL);
    g_autofree char *subject = question_subject(question, 1, "abc");
    g_autofree char *body = question_body(question, 1, "abc");
    g_assert_cmpstr(subject, ==, "[abc] school-support: Yes, from the summer term");
    g_assert_cmpstr(body, ==,
                    "Answer: Yes, from the summer term\r\n\r\n\r\n[abc] school-support\r\n");
    g_autofree char *uri =
        question_mailto(question, 0, "{{letter.answer}}", "answers+x@example.org");
    g_assert_cmpstr(uri, ==,
                    "mailto:answers%2Bx@example.org?subject=%5B{{letter.answer}}%5D%20school-"
                    "support%3A%20Yes&body=Answer%3A%20Yes%0D%0A%0D%0A%0D%0A%5B{{letter.answer}}"
                    "%5D%20school-support%0D%0A");
}

static void test_find(void)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
    g_ptr_array_add(all, question_new("one", FALSE, NULL));
    g_ptr_array_add(all, question_new("two", TRUE, NULL));
    g_assert_true(questions_find(all, "Two") == g_ptr_array_index(all, 1));
    g_assert_null(questions_find(all, "three"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/question/block", test_block);
    g_test_add_func("/question/acknowledgement", test_acknowledgement);
    g_test_add_func("/question/wrong", test_wrong);
    g_test_add_func("/question/limits", test_limits);
    g_test_add_func("/question/fold", test_fold);
    g_test_add_func("/question/answers", test_answers);
    g_test_add_func("/question/find", test_find);
    return g_test_run();
}
