/* Inside the component: declarations shared by the files of the ledger. */
#ifndef BANGO_COMPONENTS_AUDIT_LEDGER_INTERNAL_H
#define BANGO_COMPONENTS_AUDIT_LEDGER_INTERNAL_H

#include "audit_rows.h"
#include "components/audit/ledger.h"

/* All hashes of a tile; ERR_CORRUPT if it is missing. */
enum err ledger_load_tile(
    struct store *store, unsigned int level, uint64_t number, struct buf *ret);
/* The root over a row of hashes. */
struct digest ledger_tile_root(struct slice hashes);

#define SEQ_LEN 8 /* bytes of an entry's number on a page */

/* The numbers of the entries on a page. */
size_t ledger_seqs_count(struct slice seqs);
int64_t ledger_seq_at(struct slice seqs, size_t index);

/* A row of the audit, borrowed as the row is. */
struct leaf_entry ledger_entry_of(const struct audit_entry_row *row);

#endif
