/* bango completion: the completion script of bash, made from the tables. */
#include <stdio.h>
#include <string.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/systems.h"

static const struct cli_operand operands[] = {{"bash", CLI_WORD}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};

static int command_completion(int argc, char **argv);

const struct command completion_command = {
    .name = "completion",
    .summary = "print the completion script of bash",
    .run = command_completion,
    .forms = forms,
    .about = "Print the completion script of a shell. To use it:\n\n"
	     "  . <(bango completion bash)",
};

/* --- Words: what bash offers, with a space between; no quotes in them. ----- */

static void
put_words(struct buf *out, const char *words)
{
	struct slice rest = slice_of(words);

	while (rest.data != NULL) {
		buf_add(out, slice_cut(&rest, '|'));
		buf_add_char(out, ' ');
	}
}

static void
put_systems(struct buf *out)
{
	const struct system *const *s;

	for (s = all_systems; *s != NULL; s++)
		buf_printf(out, "%s ", (*s)->component.name);
}

static void
put_commands(struct buf *out)
{
	const struct command *const *c;

	for (c = all_commands; *c != NULL; c++)
		buf_printf(out, "%s ", (*c)->name);
}

/* The completion of one place, as the body of a branch. */
static void
put_fill(struct buf *out, enum cli_kind kind, const char *words)
{
	if (kind == CLI_FILE || kind == CLI_FOLDER) {
		buf_printf(out, "compopt -o filenames; _bango_take -%c ;;\n",
		    kind == CLI_FILE ? 'f' : 'd');
		return;
	}
	buf_add_string(out, "_bango_take -W '");
	if (kind == CLI_SYSTEM)
		put_systems(out);
	else if (kind == CLI_COMMAND)
		put_commands(out);
	else if (words != NULL)
		put_words(out, words);
	buf_add_string(out, "' ;;\n");
}

/* --- The script ------------------------------------------------------------ */

static void
put_values(struct buf *out, const struct command *c)
{
	const struct cli_option *o;

	for (o = c->options; o != NULL && o->name != NULL; o++) {
		if (o->kind == CLI_FLAG || o->what == NULL)
			continue;
		buf_printf(out, "\t%s:%s) ", c->name, o->name);
		put_fill(out, o->kind,
		    o->kind == CLI_WORD ? cli_words(o) : o->words);
	}
}

static void
put_options(struct buf *out, const struct command *c)
{
	const struct cli_option *o;

	buf_printf(out, "\t%s) _bango_take -W '", c->name);
	for (o = c->options; o != NULL && o->name != NULL; o++) {
		if (o->what != NULL)
			buf_printf(out, "%s ", o->name);
	}
	buf_add_string(out, "--help' ;;\n");
}

/* A branch for each place of a form. */
static void
put_places(
    struct buf *out, const struct command *c, const struct cli_form *form)
{
	const struct cli_operand *o;
	int first = form->verb != NULL ? 1 : 0, place = first;
	struct buf words;

	buf_init(&words);
	for (o = form->operands; o->name != NULL; o++) {
		buf_printf(out, "\t%s:", c->name);
		if (o->many)
			buf_add_char(out, '*');
		else
			buf_printf(out, "%d", place++);
		buf_printf(out, ":%s) ", form->verb != NULL ? form->verb : "*");
		if (o->kind == CLI_MEMBER) {
			buf_printf(out,
			    "_bango_systems \"${operands[%d]}\" ;;\n", first);
			continue;
		}
		buf_clear(&words);
		if (o->kind == CLI_WORD)
			cli_put_words(&words, o);
		put_fill(out, o->kind, words.data);
	}
	buf_done(&words);
}

static void
put_operands(struct buf *out, const struct command *c)
{
	const struct cli_form *f;

	if (c->forms->verb != NULL) {
		buf_printf(out, "\t%s:0:*) _bango_take -W '", c->name);
		for (f = c->forms; f->operands != NULL; f++)
			buf_printf(out, "%s ", f->verb);
		buf_add_string(out, "' ;;\n");
	}
	for (f = c->forms; f->operands != NULL; f++)
		put_places(out, c, f);
}

/* A function of the script: a case of `of`, with branches for each command. */
static void
put_function(struct buf *out, const char *head, const char *of,
    void (*put)(struct buf *out, const struct command *c), const char *other)
{
	const struct command *const *c;

	buf_printf(out, "%s()\n{\n\tcase %s in\n", head, of);
	for (c = all_commands; *c != NULL; c++)
		put(out, *c);
	buf_printf(out, "%s\tesac\n}\n\n", other);
}

/* bash breaks words at `=`. */
static const char bash_main[] =
    "_bango()\n"
    "{\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} before=$COMP_CWORD\n"
    "\tlocal command=${COMP_WORDS[1]} i operands=()\n"
    "\n"
    "\tCOMPREPLY=()\n"
    "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
    "\t\t_bango_command\n"
    "\t\treturn\n"
    "\tfi\n"
    "\t[ \"$cur\" != = ] || cur='' before=$((before + 1))\n"
    "\t[ \"${COMP_WORDS[before - 1]}\" != = ] || before=$((before - 1))\n"
    "\tif _bango_value \"$command\" \"${COMP_WORDS[before - 1]}\"; then\n"
    "\t\treturn\n"
    "\tfi\n"
    "\tcase $cur in\n"
    "\t-*) _bango_options \"$command\"; return ;;\n"
    "\tesac\n"
    "\tfor ((i = 2; i < COMP_CWORD; i++)); do\n"
    "\t\tif [ \"${COMP_WORDS[i + 1]}\" = = ]; then\n"
    "\t\t\ti=$((i + 2))\n"
    "\t\telif cur='' _bango_value \"$command\" \"${COMP_WORDS[i]}\"; then\n"
    "\t\t\ti=$((i + 1))\n"
    "\t\telif [ \"${COMP_WORDS[i]#-}\" = \"${COMP_WORDS[i]}\" ]; then\n"
    "\t\t\toperands+=(\"${COMP_WORDS[i]}\")\n"
    "\t\tfi\n"
    "\tdone\n"
    "\tCOMPREPLY=()\n"
    "\t_bango_operand \"$command\" \"${#operands[@]}\" \"${operands[0]}\"\n"
    "}\n"
    "\n"
    "complete -F _bango bango\n";

static void
put_script(struct buf *out)
{
	buf_add_string(out,
	    "# bash completion of bango, made by `bango completion bash`.\n"
	    "\n"
	    "_bango_take()\n"
	    "{\n"
	    "\tmapfile -t COMPREPLY < <(compgen \"$@\" -- \"$cur\")\n"
	    "}\n"
	    "\n"
	    "# The systems of the nation in folder $1.\n"
	    "_bango_systems()\n"
	    "{\n"
	    "\t_bango_take -W \"$(grep -o '\"id\":\"[^\"]*\"' \\\n"
	    "\t\t\"${1/#\\~/$HOME}/directory.json\" 2>/dev/null |\n"
	    "\t\tcut -d '\"' -f 4)\"\n"
	    "}\n"
	    "\n"
	    "_bango_command()\n"
	    "{\n"
	    "\t_bango_take -W '");
	put_commands(out);
	buf_add_string(out, "--help --version'\n}\n\n");
	put_function(out,
	    "# The value of option $2 of command $1; false if it takes none.\n"
	    "_bango_value",
	    "$1:$2", put_values, "\t*) return 1 ;;\n");
	put_function(out, "_bango_options", "$1", put_options, "");
	put_function(out,
	    "# The operand number $2, from 0, of command $1 with the verb $3.\n"
	    "_bango_operand",
	    "$1:$2:$3", put_operands, "");
	buf_add_string(out, bash_main);
}

static int
command_completion(int argc, char **argv)
{
	struct buf out;
	int rc;

	rc = cli_options(&completion_command, argc, argv, NULL);
	if (rc >= 0)
		return rc;
	buf_init(&out);
	put_script(&out);
	fputs(out.data, stdout);
	buf_done(&out);

	return 0;
}
