/* figures - what became of one mailing, or of all of a year, as plain numbers and names */
#include "report/figures.h"

#include "page/page.h"

const char *figure_name(FigureState state)
{
    static const char *const names[FIGURE_STATES] = {"planned", "sending", "sent",    "deferred",
                                                     "refused", "unknown", "bounced", "complained",
                                                     "written", "left out"};
    g_assert(state < FIGURE_STATES);
    return names[state];
}

const char *figure_title(FigureState state)
{
    static const char *const titles[FIGURE_STATES] = {
        "not sent yet", "being sent", "sent",           "put off",   "refused",
        "not known",    "came back",  "marked as spam", "rehearsed", "left out"};
    g_assert(state < FIGURE_STATES);
    return titles[state];
}

guint64 counts_letters(const Counts *self)
{
    guint64 sum = 0;
    for (int i = 0; i < FIGURE_LEFT_OUT; i++)
        sum += self->of[i];
    return sum;
}

guint64 counts_missing(const Counts *self)
{
    return self->of[FIGURE_REFUSED] + self->of[FIGURE_UNKNOWN] + self->of[FIGURE_BOUNCED];
}

/* --- memory ---------------------------------------------------------------------------------- */

static void free_group(gpointer data)
{
    FigureGroup *self = data;
    g_free(self->name);
    g_free(self->note);
    g_free(self);
}

static void free_reason(gpointer data)
{
    FigureReason *self = data;
    g_free(self->advice);
    g_free(self->example);
    g_free(self);
}

static void free_moment(gpointer data)
{
    FigureMoment *self = data;
    g_free(self->label);
    g_free(self);
}

static void free_person(gpointer data)
{
    FigurePerson *self = data;
    g_free(self->mailing);
    g_free(self->key);
    g_free(self->label);
    g_free(self->phone);
    g_free(self->name);
    g_free(self->address);
    g_free(self->why);
    g_free(self->advice);
    g_free(self->reply);
    g_free(self->enhanced);
    settlement_clear(&self->settlement);
    g_free(self);
}

static void free_mailing(gpointer data)
{
    FigureMailing *self = data;
    g_free(self->id);
    g_free(self->subject);
    g_free(self->audience);
    g_free(self);
}

static void free_event(gpointer data)
{
    FigureEvent *self = data;
    g_free(self->mailing);
    g_free(self->event);
    g_free(self->user);
    g_free(self->host);
    g_free(self->command);
    g_free(self->detail);
    g_free(self);
}

static void free_suppression(gpointer data)
{
    FigureSuppression *self = data;
    g_free(self->address);
    g_free(self->audience);
    g_free(self->reason);
    g_free(self->source);
    g_free(self);
}

Figures *figures_new(gint64 now)
{
    Figures *self = g_new0(Figures, 1);
    self->made_at = now;
    self->mailings = g_ptr_array_new_with_free_func(free_mailing);
    self->outcomes = g_ptr_array_new_with_free_func(free_moment);
    self->returns = g_ptr_array_new_with_free_func(free_moment);
    self->domains = g_ptr_array_new_with_free_func(free_group);
    self->by_rows = g_ptr_array_new_with_free_func(free_group);
    self->reasons = g_ptr_array_new_with_free_func(free_reason);
    self->slowest = g_ptr_array_new_with_free_func(free_person);
    self->most_tried = g_ptr_array_new_with_free_func(free_person);
    self->calls = g_ptr_array_new_with_free_func(free_person);
    self->others = g_ptr_array_new_with_free_func(free_person);
    self->events = g_ptr_array_new_with_free_func(free_event);
    self->suppressions = g_ptr_array_new_with_free_func(free_suppression);
    return self;
}

void figures_free(Figures *self)
{
    if (!self)
        return;
    GPtrArray *arrays[] = {self->mailings, self->outcomes, self->returns,      self->domains,
                           self->by_rows,  self->reasons,  self->slowest,      self->most_tried,
                           self->calls,    self->others,   self->suppressions, self->events};
    for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_ptr_array_unref(arrays[i]);
    answersheet_free(self->answers);
    char *texts[] = {self->office, self->id,      self->subject,       self->audience,
                     self->sender, self->update,  self->outcomes_step, self->returns_step,
                     self->by,     self->by_note, self->rehearsal};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(self);
}
