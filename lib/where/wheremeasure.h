/* wheremeasure - whether a column and what it is compared with are of one measure
 *
 * "45%" is 45 where it is compared with a number; a worksheet's 0.45 may mean the same, and so may
 * an officer's 0.3. A comparison can't tell, and the officer has to know.
 */
#ifndef WHERE_WHEREMEASURE_H
#define WHERE_WHEREMEASURE_H

#include "where/wheretally.h"

typedef struct WhereMeasures WhereMeasures;

/* Borrows the columns; `tree` is only read now. */
WhereMeasures *wheremeasures_new(const Expression *tree, const char *const *columns);
void wheremeasures_free(WhereMeasures *self);

/* Counts a row. */
void wheremeasures_row(WhereMeasures *self, const WhereRow *row);

/* Findings about all rows, as of wheretally_report:
 *   warning mixed-measures  a column that is compared with a number has 45% in some cells, and 0.45
 *                           in others; or it has 45%, and is compared with 0.3; or 0.45 and nothing
 *                           over 1, and is compared with 30 */
void wheremeasures_report(const WhereMeasures *self, const WhereTallied *place, Findings *findings);

#endif
