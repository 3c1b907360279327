/* The name of the format of an archive of evidence (docs/evidence.md): the
 * host writes it at the head of what it exports, the judge expects it there. */
#ifndef BANGO_WIRE_EVIDENCE_FORMAT_H
#define BANGO_WIRE_EVIDENCE_FORMAT_H

#define EVIDENCE_FORMAT "bango-evidence-2"
/* Written before questions were signed; still judged. */
#define EVIDENCE_FORMAT_1 "bango-evidence-1"

#endif
