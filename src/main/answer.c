#include "main/answer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

struct session {
	answer_function *function;
	const void *context;
	enum answer_form form;
	struct buf shown; /* the input, fit to print */
	struct buf line;  /* the answer's line */
	int exit_code;
};

static void
show(struct session *s, struct slice input)
{
	buf_clear(&s->shown);
	buf_add(&s->shown, input);
	if (input.len > 0)
		s->shown.len = text_make_printable(s->shown.data, input.len);
}

static void
write_plain(struct session *s, const struct answer *answer, enum err rc)
{
	if (rc == OK && answer->output.len > 0) {
		buf_add(&s->line, buf_slice(&answer->output));
		return;
	}
	buf_add(&s->line, buf_slice(&s->shown));
	buf_add_string(&s->line, rc == OK ? " valid" : " invalid: ");
	if (rc)
		buf_add_string(&s->line, answer->reason);
}

static void
write_json(struct session *s, const struct answer *answer, enum err rc)
{
	json_t *object = json_object();

	json_put_text(object, "input", buf_slice(&s->shown));
	if (answer->kind != NULL)
		json_put_text(object, "kind", slice_of(answer->kind));
	json_put_bool(object, "valid", rc == OK);
	if (rc) {
		json_put_text(object, "reason", slice_of(answer->token));
		json_put_text(object, "message", slice_of(answer->reason));
	} else if (answer->output.len > 0) {
		json_put_text(object, "output", buf_slice(&answer->output));
	}
	json_write(object, &s->line);
	json_decref(object);
}

static void
answer_one(struct session *s, struct slice input, enum err rc)
{
	struct answer answer = {.token = "length"};

	buf_init(&answer.output);
	if (rc)
		snprintf(answer.reason, sizeof(answer.reason),
		    "longer than %d bytes", ANSWER_LINE_MAX);
	else
		rc = s->function(s->context, input, &answer);
	show(s, input);
	buf_clear(&s->line);
	switch (s->form) {
	case ANSWER_PLAIN:
		write_plain(s, &answer, rc);
		break;
	case ANSWER_JSON:
		write_json(s, &answer, rc);
		break;
	}
	buf_add_char(&s->line, '\n');
	fwrite(s->line.data, 1, s->line.len, stdout);
	if (rc)
		s->exit_code = 1;
	buf_done(&answer.output);
}

/*
 * A line without its LF or CRLF; the last one may lack them.  A line over
 * ANSWER_LINE_MAX is read and dropped, with ERR_TOO_LARGE.  ERR_NOT_FOUND at
 * the end.
 */
static enum err
read_line(struct buf *ret)
{
	enum err rc = OK;
	int c;

	buf_clear(ret);
	c = getc_unlocked(stdin);
	if (c == EOF)
		return ERR_NOT_FOUND;
	for (; c != EOF && c != '\n'; c = getc_unlocked(stdin)) {
		if (ret->len < ANSWER_LINE_MAX)
			buf_add_char(ret, (char)c);
		else if (c != '\r')
			rc = ERR_TOO_LARGE;
	}
	if (ret->len > 0 && ret->data[ret->len - 1] == '\r')
		ret->data[--ret->len] = '\0';

	return rc;
}

static void
answer_lines(struct session *s)
{
	struct slice input;
	struct buf line;
	bool is_first = true;
	enum err rc;

	buf_init(&line);
	while ((rc = read_line(&line)) != ERR_NOT_FOUND) {
		input = buf_slice(&line);
		if (is_first)
			input = utf8_without_mark(input);
		is_first = false;
		answer_one(s, input, rc);
	}
	buf_done(&line);
}

int
answer_all(answer_function *function, const void *context,
    char *const *operands, enum answer_form form)
{
	struct session s = {
	    .function = function, .context = context, .form = form};
	struct slice operand;

	buf_init(&s.shown);
	buf_init(&s.line);
	if (*operands == NULL)
		answer_lines(&s);
	for (; *operands != NULL; operands++) {
		operand = slice_of(*operands);
		answer_one(&s, operand,
		    operand.len > ANSWER_LINE_MAX ? ERR_TOO_LARGE : OK);
	}
	if (ferror(stdin)) {
		fprintf(stderr, "bango: cannot read standard input: %s\n",
		    strerror(errno));
		s.exit_code = err_info(ERR_IO)->exit_code;
	}
	buf_done(&s.line);
	buf_done(&s.shown);

	return s.exit_code;
}
