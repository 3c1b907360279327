#include "components/components.h"

#include "components/audit/audit.h"
#include "components/budget/budget.h"
#include "components/keeper/keeper.h"
#include "host/host.h"

const struct component *const node_components[] = {
    &host_component,
    &audit_component,
    &budget_component,
    &keeper_component,
    NULL,
};
