/* fuzz-answer - any bytes as an answer to a letter's question, read with two questions */
#include <stdint.h>
#include <string.h>

#include "answer/answermail.h"
#include "answer/choice.h"
#include "answer/ownwords.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_with(const AnswerMail *mail, const char *info, const char *body)
{
    guint line, choice = 0;
    g_autoptr(Question) question = question_parse(info, body, &line, NULL);
    g_assert_nonnull(question);
    if (choice_read(question, mail->words, &choice) == CHOICE_CLEAR)
        g_assert_cmpuint(choice, <, question->choices->len);
    if (mail->subject_choice && choice_find(question, mail->subject_choice, &choice))
        g_assert_cmpuint(choice, <, question->choices->len);
    choice_is_qualified(question, mail->words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = g_malloc(MAX(size, 1)); /* no byte to spare, so that ASan sees an overrun */
    if (size)
        memcpy(bytes, data, size);
    g_autoptr(AnswerMail) mail = answermail_read(bytes, size);
    g_assert_true(g_utf8_validate(mail->words, -1, NULL));
    g_assert_true(g_utf8_validate(mail->subject, -1, NULL));
    g_assert_cmpuint(strlen(mail->words), <=, ANSWERMAIL_TEXT_MAX);
    g_assert_cmpuint(strlen(mail->subject), <=, ANSWERMAIL_SUBJECT_MAX * 3);
    g_assert_cmpuint(mail->tokens->len, <=, ANSWERMAIL_TOKENS_MAX);
    read_with(mail, "answer support", "Could you?\n- Yes\n- Yes, later\n- No, thank you\n");
    read_with(mail, "acknowledge guidance", "");
    g_free(bytes);
    return 0;
}
