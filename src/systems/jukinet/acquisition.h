/*
 * Acquisition of linkage codes (番号法21条の2, 施行令27条): jukinet replaces the
 * Individual Number by the Resident Record Code and passes the acquisition
 * number on to the network.  It stores nothing of an acquisition.
 */
#ifndef BANGO_SYSTEMS_JUKINET_ACQUISITION_H
#define BANGO_SYSTEMS_JUKINET_ACQUISITION_H

#include "host/system.h"

/* acquisition.request, from an addressee. */
MUST_USE enum err
acquisition_request(struct turn *turn, const struct message *message);

#endif
