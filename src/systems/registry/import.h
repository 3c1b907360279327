/*
 * Importing a file of residents (docs/formats.md): the requests.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_IMPORT_H
#define BANGO_SYSTEMS_REGISTRY_IMPORT_H

#include "host/system.h"

extern const struct shape import_start_input_shape, import_chunk_input_shape,
    import_one_shape, import_rejects_input_shape;

/* POST /imports: begin an import, or find where to continue it. */
MUST_USE enum err
import_start(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /imports/{import}/chunks?offset=N: take whole lines, once. */
MUST_USE enum err
import_chunk(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /imports/{import}/finish: end it; a strict import is applied now. */
MUST_USE enum err
import_finish(struct turn *turn, const struct input *in, struct reply *reply);
/* GET /imports/{import} */
MUST_USE enum err
import_show(struct turn *turn, const struct input *in, struct reply *reply);
/* GET /imports/{import}/rejects?after=LINE */
MUST_USE enum err
import_rejects(struct turn *turn, const struct input *in, struct reply *reply);

#endif
