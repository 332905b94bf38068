/* ui - every word to the user: standard output, standard error, the progress bar, the question
 *
 * The only place that prints. Results go to standard output; progress, warnings and errors to
 * standard error. Colour and the progress bar only on a terminal that isn't TERM=dumb, and no colour
 * with NO_COLOR set. On a terminal, lines are folded to its width (fold.h). What is said may hold
 * text from outside (a subject, a server's reply): what would steer the terminal is shown as code
 * points (text/controls.h), wherever it goes.
 */
#ifndef CMD_UI_H
#define CMD_UI_H

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdio.h>

#include "base/finding.h"

void ui_init(gboolean quiet);

/* A result; printed even when quiet. */
void ui_print(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Text as it is and a line feed, for what goes on to a file or a program: not folded, and characters
 * that steer a terminal are only shown as code points if it goes to one. */
void ui_verbatim(const char *text);

/* Something good to know; not when quiet. ui_hint is set apart by its colour. */
void ui_say(const char *format, ...) G_GNUC_PRINTF(1, 2);
void ui_hint(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* A heading in bold, not when quiet. */
void ui_heading(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* "circular: …" on standard error, always. */
void ui_error(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Of several problems the first is the command's own, and the others are told: takes `problem`, which
 * may be NULL, into `first` or prints and frees it. */
void ui_keep_first(GError **first, GError *problem);

/* Something on standard error that isn't an error, not when quiet. */
void ui_note(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* The findings of at least `least`, a line each, and how many of each severity there were. */
void ui_findings(const Findings *findings, Severity least);

/* A bar with count, rate and time left on one line of the terminal, whatever its width is then: the
 * bar shrinks first, then there are fewer words. Without a terminal, or where it is TERM=dumb, a
 * plain line every ten seconds or so. Nothing when quiet. ui_progress_end removes the bar. */
void ui_progress(const char *what, guint64 done, guint64 total, gint64 started);
void ui_progress_end(void);

/* "Goes in 9:58. Ctrl-C takes it back." on one line of the terminal, anew each second, in fewer words
 * where it is narrow; elsewhere a plain line a minute. Nothing when quiet. ui_progress_end removes it.
 */
void ui_countdown(gint64 left);

/* "St Brigid's (900003)", or the key alone where there is no label; safe to show, newly allocated.
 */
char *ui_called(const char *label, const char *key);

/* " (lists/heads.csv:17)", " (lists/heads.xlsx:Heads!C17)", to follow what is told; "" for no place.
 * Safe to show, newly allocated. */
char *ui_place(const Location *at);

/* Text from outside, safe to show, cut to `columns` with an ellipsis (0: not cut). Newly allocated.
 */
char *ui_safe(const char *text, guint columns);

/* A line "    from      ann@example.org" of a list of messages; none for no text. */
void ui_field(const char *name, const char *text);

/* The beginning of what somebody wrote, each line behind a bar; lines without words are passed over. */
void ui_excerpt(const char *text);

/* Takes a text and gives it with blanks up to so many columns, for tables: printf counts bytes. */
char *ui_pad(char *text, guint columns);

/* The width of the terminal that `out` is, now; 0 when it is none. */
guint ui_columns(FILE *out);

gboolean ui_is_quiet(void);
gboolean ui_is_terminal(void); /* standard input and standard error are */

/* Asks for a text on the terminal; newly allocated, NULL at end of input. */
char *ui_ask(const char *question);

/* Prints the builder's tree as JSON and a newline; frees the builder. */
void ui_json(JsonBuilder *builder);

/* The same only if `ok`, which it gives back; frees the builder in any case. */
gboolean ui_json_if(JsonBuilder *builder, gboolean ok);
void json_text(JsonBuilder *builder, const char *name, const char *value);
void json_number(JsonBuilder *builder, const char *name, gint64 value);
void json_flag(JsonBuilder *builder, const char *name, gboolean value);
/* The members file, line and cell (null for what is no cell of a worksheet). */
void json_place(JsonBuilder *builder, const Location *at);
void json_findings(JsonBuilder *builder, const Findings *findings);

#endif
