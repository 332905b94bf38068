/* compile - an update, its layouts and its files made into a letter, once for all recipients */
#include <string.h>

#include "base/error.h"
#include "text/langtag.h"
#include "fact/question.h"
#include "calendar/event.h"
#include "letter/compiling.h"
#include "mail/qp.h"
#include "render/body.h"

/* --- front matter ---------------------------------------------------------------------------- */

static Address *mailbox(Compiling *c, const FrontText *front, const char *key)
{
    GError *error = NULL;
    const char *text = front->text ? front->text : compiling_setting(c, key);
    if (!*text)
        return NULL;
    Address *address = address_parse_mailbox(text, &error);
    if (!address)
        compiling_complain(c, front->text ? c->shown : "config", front->line, "bad-sender", error);
    return address;
}

/* What the front matter sets for all letters at once. A field in it would be sent as it was typed.
 */
static void check_plain(Compiling *c)
{
    const Front *front = c->letter->front;
    const struct {
        const char *key;
        const FrontText *text;
    } plain[] = {
        {"from", &front->from}, {"reply_to", &front->reply_to},     {"lang", &front->lang},
        {"date", &front->date}, {"correction", &front->correction}, {"audience", &front->audience}};
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++) {
        const char *tag = plain[i].text->text ? strstr(plain[i].text->text, "{{") : NULL;
        if (tag)
            findings_add(c->findings, FINDING_ERROR, c->shown, plain[i].text->line, "field-place",
                         "a field (%.*s) can't stand in '%s', which is the same in every letter",
                         (int)MIN(strcspn(tag, "}") + 2, strlen(tag)), tag, plain[i].key);
    }
    g_autofree char *problem = front->lang.text && !strstr(front->lang.text, "{{")
                                   ? langtag_problem(front->lang.text)
                                   : NULL;
    if (problem)
        findings_add(c->findings, FINDING_ERROR, c->shown, front->lang.line, "bad-language", "%s",
                     problem);
}

static void read_sender(Compiling *c)
{
    Letter *letter = c->letter;
    guint before = findings_count(c->findings, FINDING_ERROR);
    letter->from = mailbox(c, &letter->front->from, "from");
    letter->reply_to = mailbox(c, &letter->front->reply_to, "reply_to");
    const char *lang = letter->front->lang.text;
    g_autofree char *problem = lang ? langtag_problem(lang) : NULL;
    letter->lang = g_strdup(lang && !problem ? lang : compiling_setting(c, "lang"));
    if (!letter->from && c->draft)
        letter->from = address_parse_mailbox("The sender <sender@circular.invalid>", NULL);
    else if (!letter->from && findings_count(c->findings, FINDING_ERROR) == before)
        findings_add(c->findings, FINDING_ERROR, "config", 0, "no-sender",
                     "no sender: set 'from' to a name and an address");
    if (*compiling_setting(c, "unsubscribe"))
        letter->unsubscribe =
            g_strdup_printf("mailto:%s?subject=unsubscribe", compiling_setting(c, "unsubscribe"));
}

static gboolean read_update(Compiling *c)
{
    GError *error = NULL;
    c->update = bundle_get(c->bundle, "update", TRUE, &error);
    if (!c->update) {
        compiling_complain(c, NULL, 0, "no-update", error);
        return FALSE;
    }
    gsize length;
    const char *bytes = g_bytes_get_data(c->update, &length);
    Letter *letter = c->letter;
    letter->front = front_parse(bytes, length, c->shown, c->findings);
    if (!letter->front)
        return FALSE;
    c->body = bytes + letter->front->body_offset;
    c->body_length = length - letter->front->body_offset;
    if (!letter->front->subject.text || !*letter->front->subject.text)
        findings_add(c->findings, c->draft ? FINDING_WARNING : FINDING_ERROR, c->shown, 1,
                     "no-subject",
                     "the update has no subject: put 'subject: …' between two lines "
                     "of --- at its top");
    check_plain(c);
    read_sender(c);
    return TRUE;
}

/* --- templates ------------------------------------------------------------------------------- */

/* Notes how a template uses fields where it stands in `file` itself: what a layout takes in from
 * the update was noted on the update's own lines. */
static void note_uses(Compiling *c, Template *template, const char *file)
{
    const GPtrArray *uses = template_uses(template);
    for (guint i = 0; i < uses->len; i++) {
        TemplateUse *use = g_ptr_array_index(uses, i);
        if (g_strcmp0(use->file, file) == 0 && !value_get(c->constants, use->name))
            g_ptr_array_add(c->letter->uses, use);
    }
}

/* Compiles a text of the update only to find its uses and mistakes on their own lines: what the
 * renderers make of it has other lines. */
static void check_source(Compiling *c, const char *source, guint line)
{
    TemplateOptions options = {.file = c->shown,
                               .first_line = line,
                               .kind = TEMPLATE_FIELD,
                               .strict_partials = TRUE,
                               .constants = c->constants};
    Template *template = template_new(source, &options, c->findings);
    if (!template)
        return;
    note_uses(c, template, c->shown);
    g_ptr_array_add(c->letter->checked, template);
}

static void check_front(Compiling *c)
{
    const Front *front = c->letter->front;
    if (front->subject.text)
        check_source(c, front->subject.text, front->subject.line);
    if (front->preheader.text)
        check_source(c, front->preheader.text, front->preheader.line);
    for (guint i = 0; i < front->attachments->len; i++) {
        const FrontText *path = g_ptr_array_index(front->attachments, i);
        check_source(c, path->text, path->line);
    }
}

static void encode_literals(LetterPart *part)
{
    guint count = template_literals(part->template);
    part->encoded = g_ptr_array_new_with_free_func((GDestroyNotify)constant_free);
    for (guint i = 0; i < count; i++) {
        gsize length;
        const char *literal = template_literal(part->template, i, &length);
        GString *piece = g_string_sized_new(length + length / 8 + 16);
        qp_append(piece, literal, length);
        g_ptr_array_add(part->encoded, constant_new(piece));
    }
}

/* The subject; of a draft that has none, its first heading. */
static const char *compiling_subject(const Compiling *c)
{
    const FrontText *subject = &c->letter->front->subject;
    const char *title = markdown_title(c->markdown);
    return subject->text && *subject->text ? subject->text : title ? title : "(no subject)";
}

/* What a layout says of a correction that doesn't speak of it itself. */
static const char HTML_BANNER[] =
    "{{#letter.corrects}}\n<p class=\"callout\" "
    "style=\"{{theme.style.callout}}\"><strong>Correction: "
    "</strong>this letter corrects our letter \342\200\234{{letter.corrects}}\342\200\235 of "
    "{{letter.corrects_on}}.{{#letter.correction}} "
    "{{letter.correction}}{{/letter.correction}}</p>\n"
    "{{/letter.corrects}}\n";
static const char TEXT_BANNER[] =
    "{{#letter.corrects}}\nCorrection: this letter corrects our letter "
    "\342\200\234{{letter.corrects}}\342\200\235 of {{letter.corrects_on}}."
    "{{#letter.correction}} {{letter.correction}}{{/letter.correction}}\n\n{{/letter.corrects}}\n";

static char *with_banner(const char *layout, TemplateKind kind, const char *body)
{
    if (strstr(layout, "letter." LETTER_CORRECTS))
        return g_strdup(body);
    return g_strconcat(kind == TEMPLATE_HTML ? HTML_BANNER : TEXT_BANNER, body, NULL);
}

/* Tells of what is used and a layout of one's own, written before it was there, doesn't show. */
static void check_layout(Compiling *c, const char *file, const char *layout, const char *body)
{
    const struct {
        gboolean is_used;
        const char *mark, *loss;
    } uses[] = {
        {c->logo != NULL, "office.logo", "office.logo is not shown"},
        {strstr(body, "class=\"data cards") != NULL, ".cards",
         "on telephones wide tables don't become cards"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(uses); i++)
        if (uses[i].is_used && !strstr(layout, uses[i].mark))
            findings_add(
                c->findings, FINDING_WARNING, file, 0, "layout-lacks",
                "%s: this layout doesn't know '%s'; take it from that of 'circular init' in "
                "a new folder",
                uses[i].loss, uses[i].mark);
}

/* Sets `body` into a layout. */
static void compile_part(Compiling *c, LetterPart *part, const char *name, TemplateKind kind,
                         const char *body)
{
    GError *error = NULL;
    const Front *front = c->letter->front;
    const char *file = bundle_shown(c->bundle, name);
    g_autoptr(GBytes) layout = bundle_get(c->bundle, name, TRUE, &error);
    if (!layout) {
        compiling_complain(c, NULL, 0, "no-layout", error);
        return;
    }
    static const char *const open_steps[] = {LETTER_COPY_OF, LETTER_CORRECTS, LETTER_CORRECTS_ON,
                                             NULL};
    gsize length;
    const char *bytes = g_bytes_get_data(layout, &length);
    if (kind == TEMPLATE_HTML) {
        g_autofree char *text = g_strndup(bytes, length);
        check_layout(c, file, text, body);
    }
    GString *source = g_string_new_len(bytes, (gssize)length);
    if (!length || source->str[source->len - 1] != '\n')
        g_string_append_c(source, '\n'); /* a part ends with a whole line */
    g_autofree char *whole = with_banner(source->str, kind, body);
    TemplatePartial partials[] = {
        {"body", whole, FALSE},
        {"subject", compiling_subject(c), TRUE},
        {"preheader", front->preheader.text ? front->preheader.text : "", TRUE},
        {NULL, NULL, FALSE},
    };
    TemplateOptions options = {
        .file = file,
        .first_line = 1,
        .kind = kind,
        .partials = partials,
        .partials_file = c->shown,
        .constants = c->constants,
        .late = {[LATE_UNSUBSCRIBE] = c->unsubscribe, [LATE_ANSWER] = c->answer},
        .open_steps = open_steps,
        .strict_partials = TRUE};
    g_autofree char *page =
        kind == TEMPLATE_HTML ? compiling_layout_images(c, file, source->str) : NULL;
    part->template = template_new(page ? page : source->str, &options, c->findings);
    g_string_free(source, TRUE);
    if (!part->template)
        return;
    encode_literals(part);
    note_uses(c, part->template, file);
}

static void compile_subject(Compiling *c)
{
    const FrontText *subject = &c->letter->front->subject;
    TemplateOptions options = {.file = c->shown,
                               .first_line = subject->line,
                               .kind = TEMPLATE_HEADER,
                               .strict_partials = TRUE};
    c->letter->subject = template_new(compiling_subject(c), &options, c->findings);
}

/* --- all of it ------------------------------------------------------------------------------- */

static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_fields(Letter *letter)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < letter->uses->len; i++) {
        const TemplateUse *use = g_ptr_array_index(letter->uses, i);
        if (g_hash_table_add(seen, (gpointer)use->name))
            g_ptr_array_add(names, g_strdup(use->name));
    }
    g_ptr_array_sort(names, by_text);
    g_ptr_array_add(names, NULL);
    letter->fields = (char **)g_ptr_array_free(names, FALSE);
}

/* "yes" as YAML has it. */
static gboolean says_yes(const FrontText *text)
{
    static const char *const words[] = {"yes", "true", "on", NULL};
    g_autofree char *lower = text->text ? g_ascii_strdown(text->text, -1) : NULL;
    return lower && g_strv_contains(words, lower);
}

/* Two languages, the second first for those of whom a field is true. */
static void set_order(Compiling *c, const FrontText *field)
{
    if (!field->text)
        return;
    if (strspn(field->text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_") != strlen(field->text)) {
        findings_add(c->findings, FINDING_ERROR, c->shown, field->line, "front-matter",
                     "'swap_languages' names one field, such as welsh_first: '%s'", field->text);
        return;
    }
    g_autofree char *use = g_strdup_printf("{{#%s}}{{/%s}}", field->text, field->text);
    check_source(c, use, field->line);
    if (!markdown_set_swap(c->markdown, field->text, field->line))
        findings_add(c->findings, FINDING_WARNING, c->shown, field->line, "no-languages",
                     "'swap_languages' changes nothing: no two blocks of different languages "
                     "(::: en, ::: cy) stand one after the other");
}

static void set_contents(Compiling *c, const FrontText *wanted)
{
    const char *lang = *c->letter->lang ? c->letter->lang : "en";
    if (says_yes(wanted) && markdown_add_contents(c->markdown, lang) < 2)
        findings_add(c->findings, FINDING_WARNING, c->shown, wanted->line, "no-sections",
                     "'contents: yes' lists nothing: the letter has fewer than two sections");
}

static const Question *first_question(const Letter *letter)
{
    return g_ptr_array_index(letter->questions, 0);
}

/* Questions get their buttons, events their callouts. */
static void set_blocks(Compiling *c)
{
    Letter *letter = c->letter;
    const char *answers = compiling_setting(c, "answers");
    letter->questions = g_ptr_array_ref((GPtrArray *)markdown_questions(c->markdown));
    letter->events = g_ptr_array_ref((GPtrArray *)markdown_events(c->markdown));
    letter->event_questions = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
    for (guint i = 0; i < letter->events->len; i++) {
        const Event *event = g_ptr_array_index(letter->events, i);
        g_ptr_array_add(letter->event_questions, question_of_event(event->slug, event->title));
    }
    if (letter->questions->len && !*answers)
        findings_add(c->findings, c->draft ? FINDING_WARNING : FINDING_ERROR, c->shown,
                     first_question(letter)->line, "no-answers",
                     "the letter asks a question, and no address takes the answers: set "
                     "answers.address in the config");
    markdown_dress(c->markdown, *letter->lang ? letter->lang : "en",
                   *answers ? answers : "answers@circular.invalid");
}

static void compile(Compiling *c)
{
    Letter *letter = c->letter;
    if (!read_update(c))
        return;
    c->markdown =
        markdown_new(c->body, c->body_length, c->shown, letter->front->body_line, c->findings);
    if (!c->markdown)
        return;
    compiling_constants(c);
    check_front(c);
    g_autofree char *body = g_strndup(c->body, c->body_length);
    check_source(c, body, letter->front->body_line);
    if (!compiling_theme(c))
        return;
    value_set(c->constants, "theme", value_copy(theme_values(c->theme)));
    compiling_images(c);
    set_blocks(c);
    set_contents(c, &letter->front->contents);
    set_order(c, &letter->front->swap_languages);
    markdown_set_direction(c->markdown, g_str_equal(langtag_direction(letter->lang), "rtl"));
    c->html_body = body_html(c->markdown, c->theme);
    c->text_body = body_text(c->markdown);
    compile_subject(c);
    compile_part(c, &letter->html, "email.html", TEMPLATE_HTML, c->html_body);
    compile_part(c, &letter->text, "email.txt", TEMPLATE_TEXT, c->text_body);
    compiling_enclose(c);
    list_fields(letter);
}

Letter *letter_compile(Bundle *bundle, const LetterSettings *settings, gboolean draft,
                       Findings *findings)
{
    guint errors = findings_count(findings, FINDING_ERROR);
    Letter *letter = g_new0(Letter, 1);
    letter->bundle = bundle;
    letter->images = g_ptr_array_new_with_free_func(letter_image_free);
    letter->own_files = g_ptr_array_new_with_free_func((GDestroyNotify)template_free);
    letter->uses = g_ptr_array_new();
    letter->checked = g_ptr_array_new_with_free_func((GDestroyNotify)template_free);
    Compiling c = {.letter = letter,
                   .bundle = bundle,
                   .held = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref),
                   .settings = settings,
                   .draft = draft,
                   .findings = findings,
                   .shown = bundle_shown(bundle, "update")};
    compile(&c);
    markdown_free(c.markdown);
    theme_free(c.theme);
    value_free(c.constants);
    g_free(c.html_body);
    g_free(c.text_body);
    g_free(c.logo);
    g_free(c.logo_dark);
    g_clear_pointer(&c.update, g_bytes_unref);
    g_ptr_array_unref(c.held);
    /* A draft is shown with its faults as long as there is something to show. */
    gboolean whole =
        letter->html.template && letter->text.template && letter->subject && letter->compose;
    if (whole && (draft || findings_count(findings, FINDING_ERROR) == errors))
        return letter;
    letter_free(letter);
    return NULL;
}
