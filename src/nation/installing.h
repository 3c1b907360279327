/*
 * Certificates that are put into a nation's folder, all of them or none
 * (request.h).  For the files of requests only.
 */
#ifndef BANGO_NATION_INSTALLING_H
#define BANGO_NATION_INSTALLING_H

#include "nation/renewing.h"

/* The owner of the folder. */
enum installing {
	INSTALL_HERE,        /* of systems: what is here must have the keys */
	INSTALL_AT_AUTHORITY /* where cert.pem stands without a key store */
};

/* Check the certificates, and put them into the directory and cert.pem; a line for
 * each into r->told.  The errors of nation_install(). */
MUST_USE enum err install_certificates(
    struct renewal *r, struct slice certificates, enum installing where);

#endif
