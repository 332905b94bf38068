/* answered - what answered('school-support') says of the people of an audience */
#include "workspace/answered.h"

#include "base/error.h"
#include "ledger/answers.h"
#include "fact/audience_names.h"

/* How a key stands with a question. */
typedef struct {
    gboolean had;                /* a letter that asked */
    char *choice;                /* of the answer that holds; NULL: none */
    gboolean waits, waits_later; /* for a person: any, and one said after that */
} Standing;

/* What is known of one question. */
typedef struct {
    const Answered *owner;
    char *slug;
    Question *question;   /* as it was asked; NULL: no letter to this list asked it */
    gint64 mailing;       /* that asked */
    gboolean asks_others; /* a letter to another list did */
    GHashTable *keys;     /* of Standing */
} Known;

struct Answered {
    const Workspace *workspace;
    const char *audience;
    GHashTable *questions; /* slug -> Known */
    WhereAnswers asked;
};

static void standing_free(gpointer data)
{
    Standing *self = data;
    g_free(self->choice);
    g_free(self);
}

static void known_free(gpointer data)
{
    Known *self = data;
    g_hash_table_unref(self->keys);
    question_free(self->question);
    g_free(self->slug);
    g_free(self);
}

static Standing *standing_of(Known *self, const char *key)
{
    Standing *found = g_hash_table_lookup(self->keys, key);
    if (!found)
        g_hash_table_insert(self->keys, g_strdup(key), found = g_new0(Standing, 1));
    return found;
}

/* --- which letter ----------------------------------------------------------------------------- */

static const char *text_of(const Workspace *workspace, const char *audience, const char *key)
{
    g_autofree char *full = g_strconcat("audiences.", audience, ".", key, NULL);
    return settings_text(workspace_settings(workspace), full);
}

/* Whether a letter's audience has the same people, whose keys mean the same. */
static gboolean has_same_keys(const Answered *self, const char *audience)
{
    const char *const *all = settings_names(workspace_settings(self->workspace), "audiences");
    if (g_str_equal(audience, self->audience))
        return TRUE;
    return g_strv_contains(all, audience) &&
           g_strcmp0(text_of(self->workspace, audience, "list"),
                     text_of(self->workspace, self->audience, "list")) == 0 &&
           g_strcmp0(text_of(self->workspace, audience, "key"),
                     text_of(self->workspace, self->audience, "key")) == 0;
}

static gboolean is_letter(void *user, gint64 mailing, const char *audiences)
{
    Known *known = user;
    g_auto(GStrv) names = audience_names_split(audiences);
    for (char **name = names; *name; name++)
        if (has_same_keys(known->owner, *name)) {
            known->mailing = mailing;
            return FALSE;
        }
    known->asks_others = TRUE;
    return TRUE;
}

/* --- what was answered ------------------------------------------------------------------------ */

static void add_reader(void *user, const char *key)
{
    standing_of(user, key)->had = TRUE;
}

/* In the order in which they were said. */
static gboolean add_answer(void *user, const AnswerRow *row)
{
    Known *known = user;
    gboolean is_other = *row->question && !g_str_equal(row->question, known->slug);
    if (!*row->key || is_other || row->state == ANSWER_DISMISSED)
        return TRUE;
    Standing *standing = standing_of(known, row->key);
    if (row->state == ANSWER_REVIEW) {
        standing->waits = standing->waits_later = TRUE;
        return TRUE;
    }
    g_free(standing->choice);
    standing->choice = g_strdup(row->choice);
    standing->waits_later = FALSE;
    return TRUE;
}

static Question *take_question(GPtrArray *from, const char *slug)
{
    for (guint i = 0; i < from->len; i++)
        if (g_str_equal(((Question *)g_ptr_array_index(from, i))->slug, slug))
            return g_ptr_array_steal_index(from, i);
    return NULL;
}

static gboolean read_letter(Known *known, Ledger *ledger, GError **error)
{
    gint64 first;
    if (!answers_each_letter(ledger, known->slug, is_letter, known, error))
        return FALSE;
    if (!known->mailing)
        return TRUE;
    if (!answers_first(ledger, known->mailing, &first, error))
        return FALSE;
    g_autoptr(GPtrArray) questions = answers_all_questions(ledger, first, error);
    g_autoptr(GPtrArray) events = questions ? answers_all_events(ledger, first, error) : NULL;
    if (!events)
        return FALSE;
    known->question = take_question(questions, known->slug);
    if (!known->question)
        known->question = take_question(events, known->slug);
    return answers_each_reader(ledger, first, add_reader, known, error) &&
           answers_each(ledger, first, ANSWER_STATES, add_answer, known, error);
}

static gboolean load(void *user, const char *slug, GError **error)
{
    Answered *self = user;
    GError *inner = NULL;
    if (g_hash_table_contains(self->questions, slug))
        return TRUE;
    Known *known = g_new0(Known, 1);
    known->owner = self;
    known->slug = g_strdup(slug);
    known->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, standing_free);
    g_hash_table_insert(self->questions, known->slug, known);
    g_autoptr(Ledger) ledger = workspace_ledger(self->workspace, LEDGER_READ, &inner);
    if (g_error_matches(inner, CIRCULAR_ERROR, CIRCULAR_ERROR_NOINPUT)) {
        g_error_free(inner);
        return TRUE;
    }
    if (!ledger)
        g_propagate_error(error, inner);
    return ledger && read_letter(known, ledger, error);
}

/* --- asking ----------------------------------------------------------------------------------- */

static gboolean is_same(const char *choice, const char *other)
{
    g_autofree char *one = question_fold(choice), *two = question_fold(other);
    return g_str_equal(one, two);
}

static Truth ask(void *user, const char *key, const char *slug, const char *choice)
{
    const Answered *self = user;
    const Known *known = g_hash_table_lookup(self->questions, slug);
    const Standing *standing = known ? g_hash_table_lookup(known->keys, key) : NULL;
    if (!standing || (!standing->choice && (standing->waits || !standing->had)))
        return TRUTH_UNKNOWN;
    if (!standing->choice)
        return TRUTH_FALSE;
    if (!choice)
        return TRUTH_TRUE;
    if (standing->waits_later)
        return TRUTH_UNKNOWN;
    return is_same(standing->choice, choice) ? TRUTH_TRUE : TRUTH_FALSE;
}

static char *doubt(void *user, const char *slug, const char *choice)
{
    const Answered *self = user;
    const Known *known = g_hash_table_lookup(self->questions, slug);
    if (!known || !known->question)
        return g_strdup_printf("no letter to this list that went out has asked '%s'%s", slug,
                               known && known->asks_others ? ", only letters to others have" : "");
    const GPtrArray *choices = known->question->choices;
    GString *all = g_string_new(NULL);
    gboolean found = !choice;
    for (guint i = 0; i < choices->len; i++) {
        const char *one = g_ptr_array_index(choices, i);
        found = found || is_same(one, choice);
        g_string_append_printf(all, "%s'%s'", i ? ", " : "", one);
    }
    g_autofree char *named = g_string_free(all, FALSE);
    return found ? NULL
                 : g_strdup_printf("'%s' has no choice '%s': its choices are %s", slug, choice,
                                   named);
}

/* --- the object ------------------------------------------------------------------------------- */

Answered *answered_new(const Workspace *workspace, const char *audience)
{
    Answered *self = g_new0(Answered, 1);
    self->workspace = workspace;
    self->audience = audience;
    self->questions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, known_free);
    self->asked = (WhereAnswers){load, ask, doubt, self};
    return self;
}

void answered_free(Answered *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->questions);
    g_free(self);
}

const WhereAnswers *answered_asked(const Answered *self)
{
    return &self->asked;
}
