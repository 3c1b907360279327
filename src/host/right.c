#include "host/right.h"

static const struct duty_info duties[RIGHT_COUNT] = {
    [DUTY_LOOK] = {"look", "read records of people and lists"},
    [DUTY_STATUS] = {"status", "read counts, queues and progress"},
    [DUTY_LEDGER] = {"ledger", "read entries of the audit with their proofs"},
    [DUTY_DISCREPANCY] = {"discrepancy",
	"read which exchanges the records of others do not have"},
    [DUTY_ADOPT] = {"adopt", "let keys work on with another database"},
    [DUTY_ANNOUNCE] = {"announce",
	"announce to another system that we shall need more of a budget"},
    [DUTY_RECORD] = {"record",
	"register births, deaths, moves, arrivals and corrections"},
    [DUTY_IMPORT] = {"import", "load files and rows in bulk"},
    [DUTY_NUMBER] = {"number",
	"read the notice of the Individual Number, and have it changed"},
    [DUTY_CODE] = {"code", "give another Resident Record Code"},
    [DUTY_ENROL] = {"enrol", "let a resident join the portal"},
    [DUTY_CLAIM] = {"claim", "decide about arrivals from abroad"},
    [DUTY_REPLY] = {"reply",
	"answer for a former resident whom another municipality claims"},
    [DUTY_LOOKUP] = {"lookup", "search for a person in the whole register"},
    [DUTY_BUDGET] = {"budget", "grant an organisation more of a budget"},
    [DUTY_CLAIMS] = {"claims", "settle a claim to which nobody has answered"},
    [DUTY_RESTORE] = {"restore", "take back a death or a settled claim"},
    [DUTY_RENUMBER] = {"renumber", "have endangered numbers changed"},
    [DUTY_CONFLICT] = {"conflict", "decide about rows that contradict"},
    [DUTY_MARK] = {"mark", "set and remove marks of people and items"},
    [DUTY_DECLARE] = {"declare", "declare own-use affairs and limits"},
    [DUTY_CASE] = {"case", "ask other organisations about people"},
    [DUTY_HOLD] = {"hold", "release held answers, or refuse them"},
    [DUTY_CORRECT] = {"correct", "note that a record was wrong"},
    [DUTY_EVIDENCE] = {"evidence", "read the signed messages of an exchange"},
    [DUTY_EDITION] = {"edition", "load or withdraw an edition of the law"},
    [DUTY_HIDE] = {"hide", "hide records from the person, or show them"},
    [DUTY_PERMIT_REVOKE] = {"permit-revoke", "take back a permit"},
    [DUTY_RELINK] = {"relink", "give all organisations other linkage codes"},
    [DUTY_REVOKE] = {"revoke", "revoke a system's keys"},
    [DUTY_OPERATOR] = {"operator", "give and take duties"},
    [DUTY_COMMISSION_CONFIRM] = {"commission.confirm",
	"decide about own-use affairs for the Commission"},
    [DUTY_COMMISSION_FREEZE] = {"commission.freeze",
	"stop an organisation's exchanges for the Commission"},
};

const struct duty_info *
duty_info(enum right right)
{
	return right >= DUTY_FIRST && right < RIGHT_COUNT ? &duties[right]
							  : NULL;
}

enum err
duty_find(struct slice name, enum right *ret)
{
	enum right duty;

	for (duty = DUTY_FIRST; duty < RIGHT_COUNT; duty++) {
		if (!slice_equal_string(name, duties[duty].name))
			continue;
		*ret = duty;
		return OK;
	}

	return ERR_NOT_FOUND;
}

uint64_t
duties_read(struct slice names)
{
	uint64_t set = 0;
	enum right duty;

	while (!slice_is_empty(names)) {
		if (duty_find(slice_cut(&names, ' '), &duty) == OK)
			set |= RIGHT_BIT(duty);
	}

	return set;
}

void
duties_write(uint64_t set, struct buf *ret)
{
	enum right duty;
	bool first = true;

	for (duty = DUTY_FIRST; duty < RIGHT_COUNT; duty++) {
		if ((set & RIGHT_BIT(duty)) == 0)
			continue;
		buf_printf(ret, "%s%s", first ? "" : " ", duties[duty].name);
		first = false;
	}
}
