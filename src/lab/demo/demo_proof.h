/*
 * The last step of the demo: an exchange of the story, provable to others.
 *
 * Exports the evidence of it, judges it, and has openssl and jose judge the
 * part that matters most, the signature of the organisation that answered:
 * programs that are not ours.
 */
#ifndef BANGO_LAB_DEMO_PROOF_H
#define BANGO_LAB_DEMO_PROOF_H

#include "base/err.h"
#include "base/slice.h"

/*
 * `dir` is the nation, up; `inquiry` one of Shinjuku's that was answered.  The
 * archive and what the foreign programs read stay in DIR/proof.  Prints what
 * it does.  ERR_CRYPTO if the archive does not hold or a program says no; one
 * that is not installed is named and left out.
 */
MUST_USE enum err
demo_proof(const char *dir, struct slice inquiry, struct problem *problem);

#endif
