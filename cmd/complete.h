/* complete - what a shell offers for the word that is being typed
 *
 * `circular complete WORD...` is asked by the scripts in cmd/completion: the words after
 * "circular", the last being the one under the cursor, or its part before it. It answers with a
 * candidate a line, and a tab and a description where there is one; a folder ends with "/".
 * Everything comes from what the commands say of themselves: the words of `usage` ("UPDATE
 * [AUDIENCE ...]") and the names of the options' arguments ("FOLDER").
 *
 * It looks at the config, the ledger and the folders, changes nothing, and never fails: where
 * there is nothing to offer, it offers nothing.
 */
#ifndef CMD_COMPLETE_H
#define CMD_COMPLETE_H

#include "command.h"

/* `commands` and `common`, the options of them all, end with NULL. */
void complete_words(const Command *const *commands, const GOptionEntry *common, char **words);

#endif
