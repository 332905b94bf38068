/* earlier_show - what an earlier version of a letter means for a new one, said and asked */
#include "earlier_show.h"

#include "base/clock.h"
#include "base/error.h"
#include "text/when.h"
#include "ui.h"

/* What each kind of it is called, and what then becomes of the two. */
static void say_kind(const GPtrArray *all, EarlierKind kind, const Mailing *mailing)
{
    const Earlier *last = NULL;
    for (guint i = 0; i < all->len; i++) {
        const Earlier *one = g_ptr_array_index(all, i);
        if (one->kind != kind)
            continue;
        last = one;
        g_autofree char *said = earlier_said(one);
        switch (kind) {
        case EARLIER_VERSION:
            ui_note("An earlier version of this letter: %s.", said);
            break;
        case EARLIER_ASIDE:
            ui_note("The same letter to another audience: %s.", said);
            break;
        case EARLIER_LONG_AGO:
            ui_note("From the same file, with the same subject: %s.", said);
            break;
        }
    }
    if (!last)
        return;
    switch (kind) {
    case EARLIER_VERSION:
        ui_note("Both will not go: before this one is sent, 'circular send %s' asks what becomes "
                "of the other (--replace: it ends, and who has it gets no second).",
                mailing->id);
        return;
    case EARLIER_ASIDE:
        ui_note("Before this one is sent, 'circular send %s' asks whether they get a second "
                "(--replace: they are left out of this one, and the other stands).",
                mailing->id);
        return;
    case EARLIER_LONG_AGO:
        ui_note("If this one puts it right, 'circular correct %s %s' tells its readers so.",
                last->mailing->id, mailing->update);
        return;
    }
    g_assert_not_reached();
}

gboolean earlier_say(Ledger *ledger, const Mailing *mailing, GError **error)
{
    g_autoptr(GPtrArray) all = earlier_find(ledger, mailing, clock_now(), error);
    if (!all)
        return FALSE;
    say_kind(all, EARLIER_VERSION, mailing);
    say_kind(all, EARLIER_ASIDE, mailing);
    say_kind(all, EARLIER_LONG_AGO, mailing);
    return TRUE;
}

static const char *kind_name(EarlierKind kind)
{
    switch (kind) {
    case EARLIER_VERSION:
        return "version";
    case EARLIER_ASIDE:
        return "aside";
    case EARLIER_LONG_AGO:
        return "long-ago";
    }
    g_assert_not_reached();
}

static void add_one(JsonBuilder *json, const Earlier *one)
{
    const Mailing *mailing = one->mailing;
    g_autofree char *send_at = mailing->send_at ? clock_iso(mailing->send_at) : NULL;
    g_autofree char *said = earlier_said(one);
    json_builder_begin_object(json);
    json_text(json, "id", mailing->id);
    json_text(json, "kind", kind_name(one->kind));
    json_text(json, "state", mailing_state_name(mailing->state));
    json_text(json, "send_at", send_at);
    json_number(json, "open", (gint64)one->open);
    json_number(json, "have", (gint64)one->have);
    json_number(json, "due", (gint64)one->due);
    json_text(json, "said", said);
    json_builder_end_object(json);
}

gboolean earlier_json(JsonBuilder *json, Ledger *ledger, const Mailing *mailing, GError **error)
{
    g_autoptr(GPtrArray) all = earlier_find(ledger, mailing, clock_now(), error);
    json_builder_set_member_name(json, "earlier");
    json_builder_begin_array(json);
    for (guint i = 0; all && i < all->len; i++)
        add_one(json, g_ptr_array_index(all, i));
    json_builder_end_array(json);
    return all != NULL;
}

static gboolean refuse(const Mailing *mailing, const Earlier *earlier, GError **error)
{
    g_autofree char *said = earlier_said(earlier);
    if (earlier->kind == EARLIER_ASIDE)
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "this letter goes to some of these people already, in another audience: %s; "
                    "'circular send %s --replace' leaves them out of this one, --again sends it "
                    "to everybody",
                    said, mailing->id);
    else
        g_set_error(error, CIRCULAR_ERROR, CIRCULAR_ERROR_USAGE,
                    "an earlier version of this letter is there already: %s; 'circular send %s "
                    "--replace' ends that one, and whoever has it gets no second; --again sends "
                    "this one to everybody",
                    said, mailing->id);
    return FALSE;
}

/* Asks on a terminal. FALSE with error when there is none, or the answer is no. */
static gboolean ask(const Mailing *mailing, const Earlier *earlier, EarlierChoice *choice,
                    GError **error)
{
    g_autofree char *said = earlier_said(earlier);
    if (!ui_is_terminal())
        return refuse(mailing, earlier, error);
    gboolean is_aside = earlier->kind == EARLIER_ASIDE;
    ui_heading(is_aside ? "\nThe same letter to another audience: %s."
                        : "\nAn earlier version of this letter: %s.",
               said);
    g_autofree char *answer =
        ui_ask(is_aside ? "Type 'replace' to leave those people out of this one, 'again' to send "
                          "this to everybody, anything else to stop:"
                        : "Type 'replace' to end that one and send this to who has none of it, "
                          "'again' to send this to everybody, anything else to stop:");
    if (g_strcmp0(answer, "replace") == 0)
        *choice = EARLIER_REPLACE;
    else if (g_strcmp0(answer, "again") == 0)
        *choice = EARLIER_AGAIN;
    else
        return refuse(mailing, earlier, error);
    return TRUE;
}

static gboolean heed_one(Ledger *ledger, const Mailing *mailing, const Earlier *earlier,
                         EarlierWish wish, const Actor *actor, gint64 *goes_at, GError **error)
{
    guint64 left_out = 0;
    if (earlier->kind == EARLIER_LONG_AGO)
        return TRUE;
    EarlierChoice choice = wish == EARLIER_DO_AGAIN ? EARLIER_AGAIN : EARLIER_REPLACE;
    if (wish == EARLIER_ASK && !ask(mailing, earlier, &choice, error))
        return FALSE;
    if (!earlier_settle(ledger, mailing, earlier, choice, actor, &left_out, error))
        return FALSE;
    if (earlier->open)
        ui_note("%s is withdrawn.", earlier->mailing->id);
    if (left_out)
        ui_note(earlier->due ? "%" G_GUINT64_FORMAT " left out: they have %s, or are to get it."
                             : "%" G_GUINT64_FORMAT " left out: they have %s.",
                left_out, earlier->mailing->id);
    if (earlier->kind != EARLIER_VERSION || earlier->mailing->state != MAILING_SCHEDULED ||
        *goes_at || earlier->mailing->send_at <= clock_now())
        return TRUE;
    *goes_at = earlier->mailing->send_at;
    g_autofree char *when = when_text(*goes_at);
    ui_note("It takes over the time of %s: %s ('--at now' sends it at once).", earlier->mailing->id,
            when);
    return TRUE;
}

gboolean earlier_heed(Ledger *ledger, const Mailing *mailing, EarlierWish wish, const Actor *actor,
                      gint64 *goes_at, GError **error)
{
    g_autoptr(GPtrArray) all =
        earlier_find(ledger, mailing, *goes_at ? *goes_at : clock_now(), error);
    for (guint i = 0; all && i < all->len; i++)
        if (!heed_one(ledger, mailing, g_ptr_array_index(all, i), wish, actor, goes_at, error))
            return FALSE;
    return all != NULL;
}
