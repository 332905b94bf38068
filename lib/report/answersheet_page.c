/* answersheet_page - a letter's questions on a page: counts, who said what, who hasn't answered */
#include "text/when.h"
#include "page/page.h"
#include "report/answersheet.h"

static void write_counts(const AnswerSheet *self, guint q, GString *out)
{
    static const PageColumn columns[] = {{"Answer", PAGE_TEXT}, {"Schools", PAGE_NUMBER}, {0}};
    static const PageTable table = {"How many said what", columns};
    const Question *question = g_ptr_array_index(self->questions, q);
    page_table(out, &table);
    for (guint c = 0; c < question->choices->len; c++) {
        g_autofree char *count = g_strdup_printf("%u", answersheet_count(self, q, c));
        const char *const cells[] = {g_ptr_array_index(question->choices, c), count};
        page_row(out, &table, cells);
    }
    g_autofree char *silent = g_strdup_printf("%u", answersheet_silent(self, q));
    const char *const none[] = {"no answer", silent};
    if (!question->is_event)
        page_row(out, &table, none);
    page_table_end(out);
}

static void write_answers(const AnswerSheet *self, guint q, GString *out)
{
    static const PageColumn columns[] = {{"School", PAGE_TEXT},
                                         {"Answer", PAGE_TEXT},
                                         {"On", PAGE_DAY},
                                         {"By", PAGE_ADDRESS},
                                         {"Said", PAGE_TEXT},
                                         {"Earlier", PAGE_TEXT},
                                         {0}};
    static const PageTable table = {"Who said what", columns};
    page_table(out, &table);
    for (guint i = 0; i < self->schools->len; i++) {
        const AnswerSchool *school = g_ptr_array_index(self->schools, i);
        const SaidAnswer *said = answersheet_holds(school, q);
        if (!said)
            continue;
        g_autofree char *called = answersheet_called(school), *day = when_day(said->said_at);
        g_autofree char *when = g_strconcat(day, said->late ? " (late)" : "", NULL);
        g_autofree char *by = answersheet_sender(said),
                        *earlier = answersheet_earlier(school->said[q]);
        const char *const cells[] = {called, said->choice, when, by, said->text, earlier};
        page_row(out, &table, cells);
    }
    page_table_end(out);
}

static void write_silent(const AnswerSheet *self, guint q, GString *out)
{
    static const PageColumn columns[] = {
        {"School", PAGE_TEXT},      {"Address", PAGE_ADDRESS},         {"Telephone", PAGE_TEXT},
        {"Reminders", PAGE_NUMBER}, {"Waits for review", PAGE_NUMBER}, {0}};
    static const PageTable table = {"Who had the letter and hasn't answered", columns};
    page_table(out, &table);
    for (guint i = 0; i < self->schools->len; i++) {
        const AnswerSchool *school = g_ptr_array_index(self->schools, i);
        if (!school->had || answersheet_holds(school, q))
            continue;
        g_autofree char *called = answersheet_called(school);
        g_autofree char *reminded = g_strdup_printf("%u", school->reminded);
        g_autofree char *waiting = g_strdup_printf("%u", school->waiting);
        const char *const cells[] = {called, school->address, school->phone, reminded, waiting};
        page_row(out, &table, cells);
    }
    page_table_end(out);
}

static void write_question(const AnswerSheet *self, guint q, GString *out)
{
    const Question *question = g_ptr_array_index(self->questions, q);
    g_autofree char *id = g_strdup_printf("question%u", q + 1);
    g_autofree char *text = answersheet_text(question);
    page_section(out, id, *text ? text : question->slug);
    write_counts(self, q, out);
    write_answers(self, q, out);
    if (answersheet_silent(self, q))
        write_silent(self, q, out);
    page_section_end(out);
}

void answersheet_sections(const AnswerSheet *self, GString *out)
{
    const char *nobody = answersheet_nobody(self);
    g_autofree char *waiting = g_strdup_printf("%u", self->waiting);
    if (self->waiting)
        page_add(out, "<p>Answers that wait for a person to read them: %s.</p>\n", waiting);
    if (nobody)
        page_add(out, "<p>No answer can be there: %s.</p>\n", nobody);
    for (guint q = 0; q < self->questions->len; q++)
        write_question(self, q, out);
}

void answersheet_page(const AnswerSheet *self, const char *title, GString *out)
{
    g_autofree char *heading = g_strdup_printf("Answers: %s", title);
    const PageSpec spec = {.title = heading};
    page_begin(out, &spec);
    answersheet_sections(self, out);
    page_end(out, &spec, NULL);
}
