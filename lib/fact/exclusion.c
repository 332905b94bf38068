/* exclusion - why somebody on a list gets no letter, as a fact */
#include "fact/exclusion.h"

#include "text/when.h"

/* What is said before the detail, or alone when there is none. */
static const struct {
    const char *name, *said, *before;
} KINDS[] = {
    [EXCLUSION_NONE] = {"", "", NULL},
    [EXCLUSION_NO_ADDRESS] = {"no-address", "no address", ": "},
    [EXCLUSION_BAD_ADDRESS] = {"bad-address", "bad address", ": "},
    [EXCLUSION_SAME_ADDRESS] = {"same-address", "same address as", " "},
    [EXCLUSION_SUPPRESSED] = {"suppressed", "suppressed", ": "},
    [EXCLUSION_NOTHING_NEW] = {"nothing-new", "nothing new", NULL},
    [EXCLUSION_TOO_FEW] = {"too-few", "it waits for more", ": "},
    [EXCLUSION_HAS_IT] = {"has-it", "has it already", ", as "},
    [EXCLUSION_MAY_HAVE_IT] = {"may-have-it", "may have it, the answer was lost", ": "},
    [EXCLUSION_ON_ITS_WAY] = {"on-its-way", "is still to get it", ", as "},
    [EXCLUSION_CAME_BACK] = {"came-back", "it came back from this address", ": "},
    [EXCLUSION_HAD_NONE] = {"had-none", "did not have the letter that this one follows", NULL},
    [EXCLUSION_LEFT_LIST] = {"left-list", "had the letter and is on the list no more", NULL},
    [EXCLUSION_ANSWERED] = {"answered", "has answered", NULL},
    [EXCLUSION_ANSWER_WAITS] = {"answer-waits", "an answer waits for review", NULL},
    [EXCLUSION_REMINDED] = {"reminded", "was reminded often enough", ": "},
    [EXCLUSION_TOO_SOON] = {"too-soon", "had a letter of it lately,", NULL},
    [EXCLUSION_WITHDRAWN] = {"withdrawn", "withdrawn", ": "},
    [EXCLUSION_HELD_BACK] = {"held-back", "held back", ": "},
    [EXCLUSION_OTHER] = {"other", "left out", ": "},
};
G_STATIC_ASSERT(G_N_ELEMENTS(KINDS) == EXCLUSION_KINDS);

const char *exclusion_name(ExclusionKind kind)
{
    g_assert(kind < EXCLUSION_KINDS);
    return KINDS[kind].name;
}

ExclusionKind exclusion_from_name(const char *name)
{
    for (int kind = 0; kind < EXCLUSION_KINDS; kind++)
        if (g_str_equal(name, KINDS[kind].name))
            return (ExclusionKind)kind;
    return EXCLUSION_OTHER;
}

void why_clear(Why *self)
{
    g_clear_pointer(&self->detail, g_free);
    self->kind = EXCLUSION_NONE;
}

char *exclusion_said(ExclusionKind kind, const char *detail, gint64 since)
{
    g_assert(kind < EXCLUSION_KINDS);
    GString *said = g_string_new(KINDS[kind].said);
    if (since) {
        g_autofree char *day = when_day(since);
        g_string_append_printf(said, " %s %s", kind == EXCLUSION_WITHDRAWN ? "on" : "since", day);
    }
    if (KINDS[kind].before && detail && *detail)
        g_string_append_printf(said, "%s%s", KINDS[kind].before, detail);
    return g_string_free(said, FALSE);
}
