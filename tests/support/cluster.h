/*
 * For tests under private_cluster.sh: the PostgreSQL server goes down and
 * comes back, a second later.
 */
#ifndef BANGO_TESTS_SUPPORT_CLUSTER_H
#define BANGO_TESTS_SUPPORT_CLUSTER_H

enum cluster_stop {
	CLUSTER_IN_ORDER, /* clients are told, and a checkpoint is made */
	CLUSTER_CRASH,    /* only committed data are there later */
};

/* Returns when the server takes connections again. */
void cluster_restart(enum cluster_stop how);

#endif
