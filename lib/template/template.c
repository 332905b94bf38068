/* template - Mustache, compiled to a program and escaped by place */
#include "template/template.h"

#include <stdarg.h>
#include <string.h>

#include "template/template_compile.h"

static gboolean compile_block(Compile *self, Source *source, const Tag *opened);

void compile_fail(Compile *self, const Source *source, guint line, const char *id,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    findings_add(self->findings, FINDING_ERROR, source->file, line, id, "%s", text);
    self->failed = TRUE;
}

guint source_line(Source *source, const char *at)
{
    if (source->mark_line)
        return source->mark_line;
    if (!source->counted || at < source->counted) {
        source->counted = source->text;
        source->counted_line = source->first_line;
    }
    for (; source->counted < at; source->counted++)
        source->counted_line += *source->counted == '\n';
    return source->counted_line;
}

guint source_tag_line(const Source *source, const Tag *tag)
{
    return source->mark_line ? source->mark_line : tag->line;
}

/* --- constants ------------------------------------------------------------------------------- */

/* Whether a name is decided now, and its value, which is NULL when the constant lacks that step. */
static gboolean find_constant(const Compile *self, Path path, const Value **value)
{
    const Value *found = NULL;
    *value = NULL;
    for (guint i = self->opened; i > 0 && !found; i--) {
        const Open *open = &self->open[i - 1];
        if (!path.count && open->pushes) {
            *value = open->constant;
            return *value != NULL;
        }
        if (path.count && open->pushes && open->constant)
            found = value_get_interned(open->constant, path.steps[0]);
    }
    if (path.count && !found && self->options->constants)
        found = value_get_interned(self->options->constants, path.steps[0]);
    if (!found)
        return FALSE;
    for (guint i = 1; i < path.count && found; i++) {
        gboolean is_question = g_str_equal(path.steps[i], "any");
        found = program_step(found, path.steps[i], self->options->kind);
        if (!found && is_question)
            found = value_flag(FALSE);
    }
    if (!found && path.count == 2 && self->options->open_steps &&
        g_strv_contains(self->options->open_steps, path.steps[1]))
        return FALSE;
    *value = found;
    return TRUE;
}

/* How a field is escaped in this kind of template, at this place; NULL, or what is wrong. */
static const char *find_escape(Compile *self, TagKind kind, const Value *constant, Escape *how)
{
    switch (self->options->kind) {
    case TEMPLATE_SPEC:
        *how = kind == TAG_RAW ? ESCAPE_NONE : ESCAPE_SPEC;
        return NULL;
    case TEMPLATE_FIELD:
        *how = ESCAPE_NONE;
        return NULL;
    case TEMPLATE_HEADER:
        *how = ESCAPE_HEADER;
        return NULL;
    case TEMPLATE_PATH:
        *how = ESCAPE_PATH;
        return constant ? escape_problem(*how, value_text(constant), value_text_length(constant))
                        : NULL;
    case TEMPLATE_HTML:
    case TEMPLATE_TEXT:
        if (constant)
            return html_context_constant(&self->place, value_text(constant),
                                         value_text_length(constant), how);
        return html_context_value(&self->place, how);
    }
    g_assert_not_reached();
}

/* Whether a value stands here in words that are read, not in a link, an attribute or a title. */
static gboolean is_running_text(const Compile *self)
{
    return (self->options->kind == TEMPLATE_HTML && self->place.state == HTML_TEXT) ||
           (self->options->kind == TEMPLATE_TEXT && !self->place.in_url);
}

static void compile_variable(Compile *self, const Source *source, const Tag *tag)
{
    Escape how;
    const Value *constant;
    guint line = source_tag_line(source, tag);
    Path path = program_path(self->program, tag->name);
    gboolean is_constant = find_constant(self, path, &constant);

    if (is_constant && !constant) {
        compile_fail(self, source, line, "template-constant",
                     "no such constant: '%s': correct its name", tag->name);
        return;
    }
    gboolean prose = tag->kind == TAG_VARIABLE && is_running_text(self);
    const char *problem = find_escape(self, tag->kind, constant, &how);
    if (problem) {
        compile_fail(self, source, line, "template-place", "'%s': %s", tag->name, problem);
        return;
    }
    if (!is_constant) {
        compile_use(self, source, line, tag->name, tag->kind);
        guint index = program_add(self->program, NODE_VALUE);
        program_node(self->program, index)->path = path;
        program_node(self->program, index)->escape = how;
        program_node(self->program, index)->is_prose = prose;
        return;
    }
    for (guint i = 0; i < TEMPLATE_LATE; i++) {
        if (constant == self->options->late[i]) {
            program_add_late(self->program, how, i, value_text(constant));
            return;
        }
    }
    g_autoptr(GString) scratch = g_string_new(NULL);
    gsize length;
    const char *bytes =
        escape_bytes(how, value_text(constant), value_text_length(constant), scratch, &length);
    if (compile_give(self, source, line, length))
        compile_emit(self, bytes, length);
}

/* --- sections -------------------------------------------------------------------------------- */

static void push(Compile *self, const Tag *tag, gboolean pushes, const Value *constant)
{
    const char *dot = strchr(tag->name, '.');
    g_autofree char *first =
        dot ? g_strndup(tag->name, (gsize)(dot - tag->name)) : g_strdup(tag->name);
    self->open[self->opened++] = (Open){.name = g_intern_string(tag->name),
                                        .first = g_intern_string(first),
                                        .is_positive = tag->kind == TAG_SECTION,
                                        .pushes = pushes,
                                        .constant = constant};
}

static gboolean compile_within(Compile *self, Source *source, const Tag *tag, gboolean pushes,
                               const Value *constant)
{
    push(self, tag, pushes, constant);
    gboolean ok = compile_block(self, source, tag);
    self->opened--;
    return ok;
}

/* A section that a constant decides: its content is left out, or compiled for each item. */
static gboolean compile_decided(Compile *self, Source *source, const Tag *tag,
                                const Value *constant)
{
    gboolean is_on = value_is_true(constant) == (tag->kind == TAG_SECTION);
    if (!is_on || self->dead || tag->kind == TAG_INVERTED || value_kind(constant) == VALUE_FLAG) {
        self->dead += !is_on;
        gboolean ok = compile_within(self, source, tag, FALSE, NULL);
        self->dead -= !is_on;
        return ok;
    }
    if (value_kind(constant) != VALUE_LIST)
        return compile_within(self, source, tag, TRUE, constant);

    Source start = *source;
    for (guint i = 0; i < value_length(constant); i++) {
        *source = start;
        if (!compile_within(self, source, tag, TRUE, value_at(constant, i)) ||
            !compile_spend(self, source, tag->line, (gsize)(source->tags.at - start.tags.at)))
            return FALSE;
    }
    return TRUE;
}

/* The place before a section that is the other half of the one just closed, else the present one.
 */
static gboolean is_opposite(const Compile *self, const Tag *tag)
{
    return self->pair.name && g_str_equal(self->pair.name, tag->name) &&
           self->pair.is_positive != (tag->kind == TAG_SECTION) &&
           self->pair.node == self->program->nodes->len;
}

static gboolean compile_undecided(Compile *self, Source *source, const Tag *tag, Path path)
{
    guint line = source_tag_line(source, tag);
    gboolean is_second = is_opposite(self, tag);
    HtmlContext other = is_second ? self->pair.end : self->place;
    HtmlContext start = is_second ? self->pair.start : self->place;
    html_context_section(&start);
    if (!is_second)
        other = start;

    compile_use(self, source, line, tag->name, tag->kind);
    guint node =
        program_add(self->program, tag->kind == TAG_SECTION ? NODE_SECTION : NODE_INVERTED);
    program_node(self->program, node)->path = path;
    self->barrier = self->program->nodes->len;
    self->place = start;
    if (!compile_within(self, source, tag, tag->kind == TAG_SECTION, NULL))
        return FALSE;
    guint end = self->program->nodes->len;
    program_node(self->program, node)->end = end;
    self->barrier = end;

    html_context_section(&self->place);
    HtmlContext closed = self->place;
    const char *problem = html_context_join(&self->place, &other);
    if (problem) {
        compile_fail(self, source, line, "template-place", "section '%s': %s", tag->name, problem);
        self->place = start;
        self->lists.depth = start.lists;
    }
    self->pair = (Pair){.name = problem || is_second ? NULL : g_intern_string(tag->name),
                        .is_positive = tag->kind == TAG_SECTION,
                        .node = end,
                        .start = start,
                        .end = closed};
    return TRUE;
}

static gboolean compile_section(Compile *self, Source *source, const Tag *tag)
{
    const Value *constant;
    if (!compile_deeper(self, source, source_tag_line(source, tag)))
        return FALSE;
    Path path = program_path(self->program, tag->name);
    gboolean ok = self->dead || find_constant(self, path, &constant)
                      ? compile_decided(self, source, tag, self->dead ? NULL : constant)
                      : compile_undecided(self, source, tag, path);
    self->depth--;
    return ok;
}

/* --- tags ------------------------------------------------------------------------------------ */

static gboolean fail_close(Compile *self, const Source *source, const Tag *tag, const Tag *opened)
{
    if (opened)
        compile_fail(self, source, source_tag_line(source, tag), "template-section",
                     "{{/%s}} closes no open section: close '%s' of line %u first", tag->name,
                     opened->name, opened->line);
    else
        compile_fail(self, source, source_tag_line(source, tag), "template-section",
                     "{{/%s}} closes no open section: write {{#%s}} before it or take it out",
                     tag->name, tag->name);
    return FALSE;
}

static gboolean compile_tag(Compile *self, Source *source, const Tag *tag)
{
    switch (tag->kind) {
    case TAG_VARIABLE:
    case TAG_RAW:
        if (!self->dead)
            compile_variable(self, source, tag);
        return TRUE;
    case TAG_SECTION:
    case TAG_INVERTED:
        return compile_section(self, source, tag);
    case TAG_PARTIAL:
        return self->dead || compile_partial(self, source, tag);
    case TAG_COMMENT:
    case TAG_DELIMITERS:
        return TRUE;
    case TAG_CLOSE:
        break;
    }
    g_assert_not_reached();
}

/* Compiles up to the end of the section that `opened` opens, or of the source if it is NULL. FALSE
 * when it makes no sense to go on. */
static gboolean compile_block(Compile *self, Source *source, const Tag *opened)
{
    Tag tag;
    const char *from = source->tags.at;
    for (;;) {
        source->before = source->tags;
        if (!tags_next(&source->tags, &tag))
            break;
        compile_literal(self, source, from, tag.line_start);
        from = tag.line_end;
        if (tag.kind == TAG_CLOSE) {
            if (opened && g_str_equal(tag.name, opened->name))
                return TRUE;
            return fail_close(self, source, &tag, opened);
        }
        if (!compile_tag(self, source, &tag))
            return FALSE;
        from = source->tags.at;
    }
    if (source->tags.problem) {
        compile_fail(self, source, source->tags.problem_line, "template-tag", "%s",
                     source->tags.problem);
        return FALSE;
    }
    if (opened) {
        compile_fail(self, source, source_tag_line(source, opened), "template-section",
                     "section '%s' is not closed: write {{/%s}}", opened->name, opened->name);
        return FALSE;
    }
    compile_literal(self, source, from, source->text + source->length);
    return TRUE;
}

gboolean compile_text(Compile *self, Source *source)
{
    tags_init(&source->tags, source->text, source->length, source->first_line);
    if (!g_utf8_validate(source->text, (gssize)source->length, NULL)) {
        compile_fail(self, source, 0, "template-encoding", "not UTF-8: save the file as UTF-8");
        return FALSE;
    }
    gboolean ok = compile_block(self, source, NULL);
    tags_clear(&source->tags);
    return ok;
}

/* A page or text has to be whole: what follows it must not be swallowed. */
static void check_end(Compile *self, const Source *source)
{
    HtmlContext whole;
    html_context_init(&whole, self->place.is_html);
    if (html_context_join(&self->place, &whole))
        compile_fail(self, source, 0, "template-place",
                     "the end is within a tag, comment, quote, paragraph or list: close it");
}

Template *template_new(const char *text, const TemplateOptions *options, Findings *findings)
{
    Compile self = {.options = options,
                    .findings = findings,
                    .program = program_new(options->kind),
                    .budget = TEMPLATE_SOURCE_MAX,
                    .room = TEMPLATE_OUTPUT_MAX};
    Source source = {.text = text,
                     .length = strlen(text),
                     .file = options->file,
                     .first_line = options->first_line};
    self.units = g_ptr_array_new();
    self.tested = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    html_context_init(&self.place, options->kind == TEMPLATE_HTML);
    if (compile_spend(&self, &source, 0, source.length) && compile_text(&self, &source))
        check_end(&self, &source);
    compile_end_uses(&self);
    g_ptr_array_unref(self.units);
    g_hash_table_unref(self.tested);
    if (!self.failed)
        return self.program;
    template_free(self.program);
    return NULL;
}

/* --- how large and how deep a template may become ---------------------------------------------- */

gboolean compile_spend(Compile *self, const Source *source, guint line, gsize bytes)
{
    if (bytes <= self->budget) {
        self->budget -= bytes;
        return TRUE;
    }
    self->budget = 0;
    compile_fail(self, source, line, "template-limit",
                 "a template and its partials are over %d bytes: use fewer or shorter ones",
                 TEMPLATE_SOURCE_MAX);
    return FALSE;
}

gboolean compile_give(Compile *self, const Source *source, guint line, gsize bytes)
{
    if (bytes <= self->room) {
        self->room -= bytes;
        return TRUE;
    }
    self->room = 0;
    compile_fail(self, source, line, "template-limit",
                 "what is the same in every letter is over %d bytes: shorten it",
                 TEMPLATE_OUTPUT_MAX);
    return FALSE;
}

gboolean compile_deeper(Compile *self, const Source *source, guint line)
{
    if (self->depth < TEMPLATE_DEPTH_MAX) {
        self->depth++;
        return TRUE;
    }
    compile_fail(self, source, line, "template-limit",
                 "over %d sections and partials within one another: take some out",
                 TEMPLATE_DEPTH_MAX);
    return FALSE;
}

/* --- what stands between a template's tags ----------------------------------------------------- */

void compile_fail_place(Compile *self, Source *source, const char *at, const char *problem)
{
    compile_fail(self, source, source_line(source, at), "template-place", "%s", problem);
}

void compile_emit(Compile *self, const char *bytes, gsize length)
{
    NodeKind kind = self->place.text == TEXT_OPEN ? NODE_LITERAL : NODE_TEXT;
    program_add_bytes(self->program, kind, bytes, length, self->barrier);
}

/* Text that is to be escaped like a value. */
static void compile_escaped(Compile *self, Source *source, const char *from, const char *to,
                            Escape how)
{
    gsize length;
    g_autoptr(GString) scratch = g_string_new(NULL);
    const char *problem = escape_problem(how, from, (gsize)(to - from));
    if (problem)
        compile_fail(self, source, source_line(source, from), "template-place",
                     "a text that can't be part of a file's name: it %s", problem);
    const char *bytes = escape_bytes(how, from, (gsize)(to - from), scratch, &length);
    compile_emit(self, bytes, length);
}

static void compile_text_partial(Compile *self, Source *source, const char *from, const char *to)
{
    Escape how;
    const char *problem = html_context_value(&self->place, &how);
    if (!problem && (how == ESCAPE_URL_HTML || how == ESCAPE_URL_TEXT))
        problem = "a text can't be a whole link: write the link's beginning before it";
    if (problem)
        compile_fail_place(self, source, from, problem);
    else
        compile_escaped(self, source, from, to, how);
}

void compile_literal(Compile *self, Source *source, const char *from, const char *to)
{
    if (from == to || self->dead)
        return;
    self->pair.name = NULL;
    switch (self->options->kind) {
    case TEMPLATE_SPEC:
    case TEMPLATE_FIELD:
        compile_emit(self, from, (gsize)(to - from));
        break;
    case TEMPLATE_HEADER:
        compile_escaped(self, source, from, to, ESCAPE_HEADER);
        break;
    case TEMPLATE_PATH:
        if (source->is_text)
            compile_escaped(self, source, from, to, ESCAPE_PATH);
        else
            compile_emit(self, from, (gsize)(to - from));
        break;
    case TEMPLATE_HTML:
    case TEMPLATE_TEXT:
        if (source->is_text)
            compile_text_partial(self, source, from, to);
        else
            compile_marked(self, source, from, to);
        break;
    }
}

/* --- which fields a template wants, and which of them it can do without ------------------------ */

static char *test_key(gconstpointer unit, const char *name)
{
    return g_strdup_printf("%p %s", unit, name);
}

static const char *first_step(const char *name)
{
    const char *dot = strchr(name, '.');
    g_autofree char *first = dot ? g_strndup(name, (gsize)(dot - name)) : g_strdup(name);
    return g_intern_string(first);
}

/* The sections around, the innermost first. */
static const char *const *sections_around(Compile *self)
{
    const char **sections = g_new0(const char *, self->opened + 1);
    guint count = 0;
    for (guint i = self->opened; i > 0; i--) {
        const Open *open = &self->open[i - 1];
        if (open->is_positive && open->pushes && !open->constant)
            sections[count++] = open->name;
    }
    g_ptr_array_add(self->program->paths, sections);
    return sections;
}

void compile_use(Compile *self, const Source *source, guint line, const char *name, TagKind kind)
{
    if (g_str_equal(name, "."))
        return;
    TemplateUse *use = g_new0(TemplateUse, 1);
    use->name = first_step(name);
    use->dotted = g_intern_string(name);
    use->file = source->file ? g_intern_string(source->file) : NULL;
    use->line = line;
    use->sections = sections_around(self);
    use->is_section = kind == TAG_SECTION || kind == TAG_INVERTED;
    for (guint i = self->opened; i > 0; i--) {
        const Open *open = &self->open[i - 1];
        if (!open->is_positive || !open->pushes || open->constant)
            continue;
        if (open->first == use->name)
            use->guarded = TRUE;
        else if (!use->within)
            use->within = open->name;
    }
    if (kind == TAG_INVERTED)
        g_hash_table_add(self->tested, test_key(source->unit, use->name));
    g_ptr_array_add(self->program->uses, use);
    g_ptr_array_add(self->units, (gpointer)source->unit);
}

void compile_end_uses(Compile *self)
{
    for (guint i = 0; i < self->program->uses->len; i++) {
        TemplateUse *use = g_ptr_array_index(self->program->uses, i);
        g_autofree char *key = test_key(g_ptr_array_index(self->units, i), use->name);
        use->is_tested = g_hash_table_contains(self->tested, key);
        use->guarded |= use->is_tested;
    }
}
