/* cellletters - letters of a cell that can hardly be those that were meant */
#include "sheet/cellletters.h"

#include <string.h>

#include "sheet/cell.h"
#include "sheet/codepage.h"
#include "text/garble.h"
#include "text/glyphs.h"

/* A cell whose accents were turned to garbage before it came to us. */
static gboolean report_garbled(const char *cell, const char *column, gboolean is_given,
                               const Location *at, Findings *findings)
{
    g_autofree char *mended = garble_fix(cell);
    if (!mended && is_given)
        mended = codepage_mend(cell);
    if (!mended && !strstr(cell, "\uFFFD") && !garble_has_lost(cell))
        return FALSE;
    g_autofree char *quoted = cell_quote(cell);
    g_autofree char *meant = mended ? cell_quote(mended) : NULL;
    findings_add_at(findings, FINDING_WARNING, at, "garbled",
                    "'%s' was wrongly converted before it was saved (column %s)%s%s%s", quoted,
                    column, meant ? "; is it '" : "", meant ? meant : "", meant ? "'?" : "");
    return TRUE;
}

/* A file of another encoding, Central European say, that is read as Windows-1252: most of its letters
 * are letters in that, too, and a sign gives it away. */
static void report_sign(const char *cell, const char *column, gboolean is_given, const Location *at,
                        Findings *findings)
{
    if (!garble_has_sign(cell))
        return;
    g_autofree char *quoted = cell_quote(cell);
    findings_add_at(findings, FINDING_WARNING, at, "garbled",
                    "'%s' has a sign within a word (column %s): %s", quoted, column,
                    is_given ? "was it saved in one encoding and read in another?"
                             : "is the file in another encoding than Windows-1252? save it as 'CSV "
                               "UTF-8 (comma delimited)'");
}

/* Nothing that is compared with it finds it. */
static void report_stray(const char *cell, const char *column, const Location *at,
                         Findings *findings)
{
    const char *stray = glyph_stray(cell);
    if (!stray)
        return;
    gunichar is = g_utf8_get_char(stray);
    gboolean is_greek = g_unichar_get_script(is) == G_UNICODE_SCRIPT_GREEK;
    g_autofree char *quoted = cell_quote(cell);
    findings_add_at(findings, FINDING_WARNING, at, "stray-letter",
                    "'%s' has a letter that only looks like '%c': U+%04X, %s (column %s)", quoted,
                    (char)glyph_latin(is), is, is_greek ? "Greek" : "Cyrillic", column);
}

void cellletters_check(const char *cell, const char *column, CellLettersHow how, const Location *at,
                       Findings *findings)
{
    gboolean is_given = how == CELLLETTERS_GIVEN;
    if (!report_garbled(cell, column, is_given, at, findings) && how != CELLLETTERS_TOLD)
        report_sign(cell, column, is_given, at, findings);
    report_stray(cell, column, at, findings);
}
