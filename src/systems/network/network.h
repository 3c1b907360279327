/*
 * The network (情報提供ネットワークシステム), operated for the Prime Minister by
 * the Digital Agency.
 *
 * It gives each organisation a linkage code (符号) of its own for each person,
 * decides by the law's table whether one organisation may ask another, and
 * keeps the record of each request for the resident.  It knows Resident Record
 * Codes and never an Individual Number, and never sees the contents provided.
 */
#ifndef BANGO_SYSTEMS_NETWORK_NETWORK_H
#define BANGO_SYSTEMS_NETWORK_NETWORK_H

#include "host/system.h"

extern const struct system network_system;

#define NETWORK_USUAL "digital/network" /* its id, for turn_single() */

/*
 * Settings: "organisation.ID" = "INDEX KIND NAME" for every organisation (with
 * another KIND than those of data/capacities.tsv it may neither ask nor be
 * asked); "assessment.ID", the state of the organisation's protection assessment
 * (番号法27条, 28条), "filed" (also if it is not set) or "overdue", with which the
 * organisation exchanges nothing; "commission", the organisation whose
 * holders have the duties commission.* here; nobody has them if it is not set.
 */
#define NETWORK_FILED "filed"

/*
 * How long a permit is valid (令85 41条: the notice says so itself).  The real
 * system's figure is not published; this one is our choice, long enough for a
 * relay that is down over a holiday.
 */
#define NETWORK_PERMIT_MS (7 * 24 * 3600ll * 1000)

/* A cancellation may overtake its inquiry by this long. */
#define NETWORK_OVERTAKE_MS (3600ll * 1000)

/* An officer's reasons: characters. */
#define NETWORK_REASON_MAX 400

/* Records are kept for seven years (番号法施行令30条). */
#define NETWORK_RECORD_YEARS 7
/*
 * The record of a request about nobody, whose code was not its inquirer's, is kept
 * for nine weeks: it is no record about a person, and an envelope with the same
 * inquiry is not taken after 60 days.  [not checked against the text]
 */
#define NETWORK_NOBODY_MS (63 * 24 * 3600ll * 1000)

#endif
