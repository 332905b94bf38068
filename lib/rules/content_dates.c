/* content_dates - the rules about the days that an update names */
#include <string.h>

#include "text/day.h"
#include "rules/content.h"
#include "rules/dates.h"
#include "rules/rule.h"
#include "rules/words.h"

enum {
    BACK_DAYS = 183,   /* so far back a date without a year may lie */
    OVERDUE_DAYS = 60, /* so far back a deadline without a year is meant to be the last one */
    OLD_DAYS = 7,      /* of the letter's own date */
    CUE_WORDS = 5,     /* before a date, within which "by" makes it a deadline */
    NEAR_MAX = 400     /* bytes of a sentence that are looked at before a date */
};

typedef struct {
    const Content *content;
    GArray *years; /* those that headings and captions named, newest last */
    gboolean us;   /* 7/1 is 1 July */
} Calendar;

static guint year_of(guint number)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, number);
    return g_date_get_year(&date);
}

/* That day in a year, or 0 when the year has none. */
static guint day_in(const DateFound *found, guint year)
{
    return g_date_valid_dmy((GDateDay)found->day, (GDateMonth)found->month, (GDateYear)year)
               ? dates_number(found->day, found->month, year)
               : 0;
}

/* The next such day from the letter's date on, and the last one before it. */
static guint next_of(const Content *content, const DateFound *found)
{
    guint year = year_of(content->reference);
    for (guint y = year; y <= year + 8; y++) {
        guint day = day_in(found, y);
        if (day >= content->reference)
            return day;
    }
    return 0;
}

static guint last_of(const Content *content, const DateFound *found)
{
    guint year = year_of(content->reference);
    for (guint y = year; y + 8 >= year; y--) {
        guint day = day_in(found, y);
        if (day && day < content->reference)
            return day;
    }
    return 0;
}

static gboolean falls_on(const DateFound *found, guint day)
{
    return day && (day + 6) % 7 + 1 == found->weekday;
}

static gboolean is_one_of(const Word *word, const char *const *words)
{
    for (; *words; words++)
        if (word_is(word, *words))
            return TRUE;
    return FALSE;
}

/* Whether the sentence around a place tells of what has been: then a date in it may be any of the
 * last year's. */
static gboolean tells_of_past(const char *text, gsize place)
{
    static const char *const past[] = {
        "was",    "were",     "had",    "did",    "met",   "held",    "took",      "came",
        "went",   "began",    "opened", "closed", "wrote", "said",    "asked",     "saw",
        "heard",  "visited",  "became", "left",   "sent",  "since",   "ago",       "last",
        "joined", "happened", "ended",  "agreed", "voted", "decided", "published", NULL};
    const char *at = text;
    gboolean found = FALSE;
    Word word;
    while (words_next(&at, &word)) {
        gboolean beyond = (gsize)(word.start - text) > place;
        if (word.sentence && beyond)
            break;
        if (word.sentence)
            found = FALSE;
        found |= is_one_of(&word, past);
    }
    return found;
}

/* Whether a date without a year has its weekday in any year that may be meant. */
static gboolean fits_some_year(const Calendar *calendar, const DateFound *found, GArray *near)
{
    const Content *content = calendar->content;
    guint last = last_of(content, found);
    if (falls_on(found, next_of(content, found)))
        return TRUE;
    if (last && content->reference - last <= BACK_DAYS && falls_on(found, last))
        return TRUE;
    for (guint i = 0; i < calendar->years->len; i++)
        if (falls_on(found, day_in(found, g_array_index(calendar->years, guint, i))))
            return TRUE;
    for (guint i = 0; i < near->len; i++)
        if (falls_on(found, day_in(found, g_array_index(near, guint, i))))
            return TRUE;
    return FALSE;
}

static void check_weekday(const Calendar *calendar, const OutlineBlock *block,
                          const DateFound *found, GArray *near, const char *shown, guint line)
{
    const Content *content = calendar->content;
    if (found->year) {
        guint real = dates_weekday(found->day, found->month, found->year);
        if (real != found->weekday)
            rule_report(content->findings, "wrong-weekday", content->file, line, "%s is a %s",
                        shown, dates_weekday_name(real));
        return;
    }
    guint next = next_of(content, found);
    if (falls_on(found, last_of(content, found)) && tells_of_past(block->text, found->start))
        return;
    if (next && !fits_some_year(calendar, found, near))
        rule_report(content->findings, "wrong-weekday", content->file, line,
                    "%s: in %u that is a %s", shown, year_of(next),
                    dates_weekday_name((next + 6) % 7 + 1));
}

/* --- deadlines ------------------------------------------------------------------------------- */

/* Whether what stands before the date in its sentence asks for something by then: "please reply by
 * Friday 3 January". What tells of the past never does. */
static gboolean is_deadline(const char *text, gsize start)
{
    static const char *const by[] = {"by", "deadline", "closes", "closing", "due", "than", NULL};
    static const char *const asks[] = {
        "please", "must",     "should", "need",     "deadline", "reply",   "return", "book",
        "apply",  "register", "submit", "complete", "send",     "respond", "rsvp",   "know",
        "closes", "closing",  "due",    "nominate", "order",    NULL};
    static const char *const past[] = {"was",   "were", "had",      "been",   "did",  "born",
                                       "since", "last", "received", "closed", "came", NULL};
    gsize from = start > NEAR_MAX ? start - NEAR_MAX : 0;
    g_autofree char *before = g_utf8_make_valid(text + from, (gssize)(start - from));
    const char *at = before;
    gboolean asked = FALSE;
    guint since_by = CUE_WORDS + 1;
    Word word;
    while (words_next(&at, &word)) {
        if (word.sentence) {
            asked = FALSE;
            since_by = CUE_WORDS + 1;
        }
        if (is_one_of(&word, past))
            return FALSE;
        asked |= is_one_of(&word, asks);
        since_by = is_one_of(&word, by) ? 1 : since_by + 1;
    }
    return asked && since_by <= CUE_WORDS;
}

static void check_deadline(const Calendar *calendar, const OutlineBlock *block,
                           const DateFound *found, const char *shown, guint line)
{
    const Content *content = calendar->content;
    guint day = found->year ? day_in(found, found->year) : last_of(content, found);
    guint leaves = MAX(content->reference, content->today);
    if (!day || day >= leaves || (!found->year && leaves - day > OVERDUE_DAYS))
        return;
    if (found->weekday && !falls_on(found, day))
        return; /* it has a finding of its own, or is another year's */
    if (is_deadline(block->text, found->start))
        rule_report(content->findings, "past-deadline", content->file, line,
                    "asks for something by %s, which is over when the letter goes", shown);
}

/* --- all of it ------------------------------------------------------------------------------- */

static void check_date(const Calendar *calendar, const OutlineBlock *block, const DateFound *found,
                       GArray *near)
{
    const Content *content = calendar->content;
    guint line = outline_line(block, found->start);
    g_autofree char *shown = g_strndup(block->text + found->start, found->end - found->start);
    g_strdelimit(shown, "\n\t", ' ');
    if (!found->possible) {
        rule_report(content->findings, "impossible-date", content->file, line,
                    "'%s': no calendar has that day", shown);
        return;
    }
    if (found->weekday)
        check_weekday(calendar, block, found, near, shown, line);
    if (block->kind == OUTLINE_PARAGRAPH)
        check_deadline(calendar, block, found, shown, line);
}

/* What a heading names holds for the dates below it; but the title of a letter says when it was
 * written, and last year's dates left in it would pass. */
static void keep_years(Calendar *calendar, const OutlineBlock *heading, const GArray *years)
{
    for (guint i = 0; i < years->len; i++) {
        guint year = g_array_index(years, guint, i);
        if (heading->level != 1 || year != year_of(calendar->content->reference))
            g_array_append_val(calendar->years, year);
    }
}

static void check_block(Calendar *calendar, const OutlineBlock *block)
{
    DateFound found;
    gsize at = 0;
    g_autoptr(GArray) near = g_array_new(FALSE, FALSE, sizeof(guint));
    dates_years(block->text, near);
    while (dates_next(block->text, &at, calendar->us, &found))
        check_date(calendar, block, &found, near);
    if (block->kind == OUTLINE_HEADING || block->kind == OUTLINE_CAPTION)
        keep_years(calendar, block, near);
}

/* The subject and preheader are looked at as paragraphs of one line. */
static void check_front(Calendar *calendar, const FrontText *text)
{
    OutlineBlock block;
    if (!content_front(text, &block))
        return;
    check_block(calendar, &block);
    content_front_free(&block);
}

/* What looks like a day and can't be read as one: "2027-13-45", "32 January 2027". */
static void check_own_date(const Content *self)
{
    static const char pattern[] =
        "^(?:\\d{1,4}[-/. ]\\d{1,2}[-/. ]\\d{1,4}|(?:[A-Za-z]+,? )?\\d{1,3}(?:st|nd|rd|th)? "
        "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*,? \\d{4}|"
        "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]* \\d{1,3}, \\d{4})$";
    const FrontText *date = &self->front->date;
    DateFound found;
    gsize at = 0;
    g_autoptr(GError) error = NULL;
    if (!date->text || dates_next(date->text, &at, FALSE, &found) ||
        day_parse(date->text, &error) || !g_regex_match_simple(pattern, date->text, 0, 0))
        return;
    rule_report(self->findings, "impossible-date", self->file, date->line,
                "'%s': no calendar has that day", date->text);
}

void content_dates(const Content *self)
{
    const GPtrArray *blocks = self->outline->blocks;
    Calendar calendar = {.content = self,
                         .years = g_array_new(FALSE, FALSE, sizeof(guint)),
                         .us = g_ascii_strcasecmp(self->lang, "en-US") == 0};
    if (self->reference + OLD_DAYS < self->today)
        rule_report(self->findings, "old-date", self->file, self->front->date.line,
                    "the letter is dated %s, %u days ago", self->front->date.text,
                    self->today - self->reference);
    check_front(&calendar, &self->front->subject);
    check_front(&calendar, &self->front->preheader);
    check_front(&calendar, &self->front->date);
    check_own_date(self);
    for (guint i = 0; i < blocks->len; i++)
        check_block(&calendar, g_ptr_array_index(blocks, i));
    g_array_unref(calendar.years);
}
