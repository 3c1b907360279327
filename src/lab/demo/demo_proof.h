/*
 * The last step of the demo: an exchange of the story, provable to others.
 *
 * Exports the evidence of the exchange, judges it, and has two foreign
 * programs, openssl and jose, judge the most important part: the signature of
 * the organisation that answered.
 */
#ifndef BANGO_LAB_DEMO_PROOF_H
#define BANGO_LAB_DEMO_PROOF_H

#include "base/err.h"
#include "base/slice.h"

/*
 * `dir` is the nation, up; `inquiry` one of Shinjuku's that was answered.  The
 * archive and the input of the foreign programs stay in DIR/proof.  Prints each
 * step.  ERR_CRYPTO if the archive does not hold or a program says no; a
 * program that is not installed is named and left out.
 */
MUST_USE enum err
demo_proof(const char *dir, struct slice inquiry, struct problem *problem);

#endif
