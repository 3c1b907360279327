#include "number/internal_number.h"

enum err
internal_number_parse(struct slice text, struct internal_number *ret)
{
	uint64_t value;

	if (text.len != INTERNAL_NUMBER_DIGITS ||
	    slice_to_u64(text, (uint64_t)INTERNAL_NUMBER_MAX, &value) ||
	    value == 0)
		return ERR_INPUT;
	ret->value = (int64_t)value;

	return OK;
}

void
internal_number_format(
    struct internal_number number, char ret[INTERNAL_NUMBER_DIGITS + 1])
{
	int64_t rest = number.value;
	int i;

	for (i = INTERNAL_NUMBER_DIGITS - 1; i >= 0; i--) {
		ret[i] = (char)('0' + rest % 10);
		rest /= 10;
	}
	ret[INTERNAL_NUMBER_DIGITS] = '\0';
}

int64_t
internal_number_to_int64(struct internal_number number)
{
	return number.value;
}

struct internal_number
internal_number_of_int64(int64_t value)
{
	return (struct internal_number){value};
}

struct internal_number
internal_number_random(const struct random *random)
{
	return (struct internal_number){
	    1 + (int64_t)random_below(random, (uint64_t)INTERNAL_NUMBER_MAX)};
}
