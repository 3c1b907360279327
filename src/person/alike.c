#include "person/alike.h"

static const struct slice spaces[] = {SLICE(" "), SLICE("　")};

/* The length of the space that `s` begins with; 0 if it does not. */
static size_t
space_length(struct slice s)
{
	size_t i;

	for (i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		if (slice_has_prefix(s, spaces[i]))
			return spaces[i].len;
	}

	return 0;
}

static struct slice
from(struct slice s, size_t at)
{
	return slice_bytes(s.data + at, s.len - at);
}

static struct slice
without_spaces(struct arena *arena, struct slice s)
{
	char *to = arena_alloc(arena, s.len + 1);
	size_t at = 0, n = 0, space;

	while (at < s.len) {
		space = space_length(from(s, at));
		if (space == 0)
			to[n++] = s.data[at++];
		at += space;
	}

	return slice_bytes(to, n);
}

bool
text_is_alike(struct arena *arena, struct slice a, struct slice b)
{
	if (slice_equal(a, b))
		return true;
	a = digits_to_ascii(arena, without_spaces(arena, a));
	b = digits_to_ascii(arena, without_spaces(arena, b));

	return slice_equal(a, b);
}

bool
attributes_are_alike(
    struct arena *arena, const struct attributes *a, const struct attributes *b)
{
	return attributes_same_birth_and_sex(a, b) &&
	    text_is_alike(arena, a->name, b->name) &&
	    text_is_alike(arena, a->address, b->address);
}

/* The part after the last space: in a Japanese name, the given name. */
static struct slice
last_word(struct slice s)
{
	size_t i, space;

	for (i = s.len; i > 0; i--) {
		space = space_length(from(s, i - 1));
		if (space != 0)
			return from(s, i - 1 + space);
	}

	return s;
}

bool
name_is_alike(struct arena *arena, struct slice a, struct slice b)
{
	if (a.len == 0 || b.len == 0)
		return false;

	return slice_equal(text_fold(arena, a), text_fold(arena, b)) ||
	    slice_equal(
		text_fold(arena, last_word(a)), text_fold(arena, last_word(b)));
}

static bool
is_same_folded(struct arena *arena, struct slice a, struct slice b)
{
	return a.len > 0 && b.len > 0 &&
	    (slice_equal(a, b) ||
		slice_equal(text_fold(arena, a), text_fold(arena, b)));
}

/* 旧氏: the former surname before the given name; empty without one. */
static struct slice
with_former_surname(struct arena *arena, const struct attributes *a)
{
	struct slice given = last_word(a->name);

	if (a->former_surname.len == 0)
		return a->former_surname;

	return arena_printf(
	    arena, "%.*s %.*s", SLICE_ARG(a->former_surname), SLICE_ARG(given));
}

bool
attributes_confirm(struct arena *arena, const struct attributes *said,
    const struct attributes *held)
{
	bool is_named = is_same_folded(arena, said->name, held->name) ||
	    is_same_folded(arena, said->kana, held->kana) ||
	    is_same_folded(arena, said->name, held->alias) ||
	    is_same_folded(arena, said->name, with_former_surname(arena, held));

	return is_named & attributes_same_birth_and_sex(said, held);
}

bool
attributes_may_be_one(
    struct arena *arena, const struct attributes *a, const struct attributes *b)
{
	return name_is_alike(arena, a->name, b->name) ||
	    name_is_alike(arena, a->name, b->alias) ||
	    name_is_alike(arena, a->alias, b->name) ||
	    name_is_alike(arena, a->alias, b->alias) ||
	    name_is_alike(arena, a->kana, b->kana);
}
