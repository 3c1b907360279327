/* bango completion: completion scripts, made from the tables of commands. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/slice.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/systems.h"

static const char help[] =
    "usage: bango completion bash|zsh|fish\n"
    "\n"
    "Print the completion script of a shell.  To use it:\n"
    "\n"
    "  bash  . <(bango completion bash)\n"
    "  zsh   . <(bango completion zsh), after compinit\n"
    "  fish  bango completion fish | source\n";

/* What stands after an option, or for an operand. */
enum fill {
	FILL_NONE, /* an option without a value; no further operand */
	FILL_TEXT, /* that we cannot guess */
	FILL_FILE,
	FILL_FOLDER,
	FILL_WORDS,
	FILL_COMMAND,
	FILL_SYSTEM,
};

/* A row for each option of each command; a command's help says the same, and
 * a test holds the two together. */
struct option {
	const char *command;
	const char *name; /* without the dashes */
	enum fill fill;
	const char *words; /* FILL_WORDS */
	const char *what;
};

static const struct option options[] = {
    {"demo", "once", FILL_NONE, NULL, "end when the story is told"},
    {"demo", "residents", FILL_TEXT, NULL, "residents in each city"},
    {"demo", "port", FILL_TEXT, NULL, "the first port to try"},
    {"demo", "database", FILL_TEXT, NULL, "on PostgreSQL"},
    {"init", "from", FILL_FILE, NULL, "the founding file"},
    {"init", "print", FILL_NONE, NULL, "print the built-in founding file"},
    {"up", "passphrase-file", FILL_FILE, NULL, "opens the key stores"},
    {"up", "quiet", FILL_NONE, NULL, "say nothing unless something is wrong"},
    {"status", "json", FILL_NONE, NULL, "answer for programs"},
    {"population", "municipality", FILL_WORDS,
	"131041 131199 131202 012041 042021", "its code"},
    {"population", "count", FILL_TEXT, NULL, "how many residents"},
    {"population", "seed", FILL_TEXT, NULL, "another seed, other people"},
    {"population", "day", FILL_TEXT, NULL, "on which they live there"},
    {"population", "foreign", FILL_TEXT, NULL,
	"households of foreign nationals of 1000"},
    {"population", "encoding", FILL_WORDS, "utf-8 cp932", "of the file"},
    {"population", "output", FILL_FILE, NULL, "instead of standard output"},
    {"import", "strict", FILL_NONE, NULL, "load all lines or none"},
    {"import", "rejects", FILL_FILE, NULL, "where rejects go"},
    {"import", "encoding", FILL_WORDS, "utf-8 cp932",
	"where the guess is wrong"},
    {"import", "quiet", FILL_NONE, NULL, "say nothing but errors"},
    {"inquire", "output", FILL_FILE, NULL, "where the results go"},
    {"inquire", "unit", FILL_TEXT, NULL, "the organisation unit that asks"},
    {"inquire", "clerk", FILL_TEXT, NULL, "who asks"},
    {"inquire", "wait", FILL_TEXT, NULL, "seconds, for the answers"},
    {"inquire", "quiet", FILL_NONE, NULL, "say nothing but errors"},
    {"serve", "passphrase-file", FILL_FILE, NULL, "opens the key store"},
    {"revoke", "passphrase-file", FILL_FILE, NULL, "opens the key stores"},
    {"keys", "passphrase-file", FILL_FILE, NULL, "opens the key store"},
    {"keys", "rotate", FILL_TEXT, NULL, "add the next epoch of a key"},
    {"ledger", "seen", FILL_FOLDER, NULL, "checkpoints of the last time"},
    {"evidence", "output", FILL_FILE, NULL, "instead of standard output"},
    {"evidence", "wait", FILL_TEXT, NULL, "seconds, for the ledger"},
    {"evidence", "anchor", FILL_FILE, NULL, "the authority's certificate"},
    {"law", "date", FILL_TEXT, NULL, "on which it is in force"},
    {"law", "editions", FILL_FOLDER, NULL, "more editions of the table"},
    {"law", "affairs", FILL_FILE, NULL,
	"own-use affairs, as the network lists them"},
    {"law", "json", FILL_NONE, NULL, "answer for programs"},
    {"number", "kind", FILL_WORDS,
	"individual corporate resident-code government", "of number"},
    {"number", "json", FILL_NONE, NULL, "answer for programs"},
    {"ff1", "key", FILL_TEXT, NULL, "of AES, hexadecimal"},
    {"ff1", "tweak", FILL_TEXT, NULL, "hexadecimal"},
    {"ff1", "radix", FILL_TEXT, NULL, "2 to 36"},
    {"ff1", "json", FILL_NONE, NULL, "answer for programs"},
    {"bench", "residents", FILL_TEXT, NULL, "how many, for size"},
    {"bench", "records", FILL_TEXT, NULL, "how many, for history"},
    {"bench", "json", FILL_NONE, NULL, "answer for programs"},
    {"simulate", "seed", FILL_TEXT, NULL, "the first one"},
    {"simulate", "seeds", FILL_TEXT, NULL, "how many"},
    {"simulate", "steps", FILL_TEXT, NULL, "how many things happen"},
    {"simulate", "organisations", FILL_TEXT, NULL, "municipalities"},
    {"simulate", "faults", FILL_WORDS,
	"all none loss duplication reordering delay partition crash torn "
	"slow lying skew sleep",
	"which"},
    {"simulate", "bug", FILL_TEXT, NULL, "a mistake to be found"},
    {"simulate", "json", FILL_NONE, NULL, "answer for programs"},
    {0},
};

#define OPERANDS_MAX 3

struct operands {
	const char *command;
	enum fill fills[OPERANDS_MAX];
	const char *words; /* FILL_WORDS */
	bool repeated;     /* the last one */
};

static const struct operands all_operands[] = {
    {"demo", {FILL_FOLDER}, NULL, false},
    {"init", {FILL_FOLDER}, NULL, false},
    {"up", {FILL_FOLDER}, NULL, false},
    {"status", {FILL_FOLDER}, NULL, false},
    {"import", {FILL_FOLDER, FILL_TEXT, FILL_FILE}, NULL, false},
    {"inquire", {FILL_FOLDER, FILL_TEXT, FILL_FILE}, NULL, false},
    {"serve", {FILL_FOLDER, FILL_TEXT}, NULL, false},
    {"revoke", {FILL_FOLDER, FILL_TEXT}, NULL, false},
    {"keys", {FILL_FOLDER, FILL_TEXT}, NULL, false},
    {"ledger", {FILL_WORDS, FILL_FOLDER, FILL_TEXT}, "verify prove audit",
	true},
    {"evidence", {FILL_WORDS, FILL_FILE, FILL_TEXT}, "export verify", true},
    {"law", {FILL_WORDS, FILL_TEXT}, "may list show diff", true},
    {"number", {FILL_WORDS, FILL_TEXT}, "check complete", true},
    {"ff1", {FILL_WORDS, FILL_TEXT}, "encrypt decrypt", true},
    {"bench", {FILL_WORDS},
	"ff1 conversion law signatures ledger simulate http registry exchange "
	"bulk size history memory",
	true},
    {"openapi", {FILL_SYSTEM}, NULL, false},
    {"completion", {FILL_WORDS}, "bash zsh fish", false},
    {"help", {FILL_COMMAND}, NULL, false},
    {0},
};

static const struct operands *
operands_of(const char *command)
{
	static const struct operands none = {0};
	const struct operands *o;

	for (o = all_operands; o->command != NULL; o++) {
		if (strcmp(o->command, command) == 0)
			return o;
	}

	return &none;
}

static bool
is_option_of(const struct option *o, const struct command *c)
{
	return strcmp(o->command, c->name) == 0;
}

/* The words that fill a place, with a space between; no quotes in them. */
static void
put_words(struct buf *out, enum fill fill, const char *words)
{
	const struct system *const *s;
	const struct command *c;

	switch (fill) {
	case FILL_NONE:
	case FILL_TEXT:
	case FILL_FILE:
	case FILL_FOLDER:
		break;
	case FILL_WORDS:
		buf_add_string(out, words);
		break;
	case FILL_COMMAND:
		for (c = all_commands; c->name != NULL; c++)
			buf_printf(
			    out, "%s%s", c == all_commands ? "" : " ", c->name);
		break;
	case FILL_SYSTEM:
		for (s = all_systems; *s != NULL; s++)
			buf_printf(out, "%s%s", s == all_systems ? "" : " ",
			    (*s)->component.name);
		break;
	}
}

/* Between single quotes, as all three shells read them; `escaped` stands for
 * a quote within. */
static void
put_quoted(struct buf *out, const char *text, const char *escaped)
{
	buf_add_char(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			buf_add_string(out, escaped);
		else
			buf_add_char(out, *text);
	}
	buf_add_char(out, '\'');
}

/* --- bash ---------------------------------------------------------------- */

/* The completion of one place, as the body of a branch. */
static void
bash_fill(struct buf *out, enum fill fill, const char *words)
{
	if (fill == FILL_FILE || fill == FILL_FOLDER) {
		buf_printf(out, "compopt -o filenames; _bango_take -%c",
		    fill == FILL_FILE ? 'f' : 'd');
	} else if (fill == FILL_NONE || fill == FILL_TEXT) {
		buf_add_char(out, ':');
	} else {
		buf_add_string(out, "_bango_take -W '");
		put_words(out, fill, words);
		buf_add_char(out, '\'');
	}
	buf_add_string(out, " ;;\n");
}

static void
bash_values(struct buf *out)
{
	const struct option *o;

	buf_add_string(out,
	    "# The value of option $2 of command $1; false if it takes none.\n"
	    "_bango_value()\n"
	    "{\n"
	    "\tcase $1:$2 in\n");
	for (o = options; o->command != NULL; o++) {
		if (o->fill == FILL_NONE)
			continue;
		buf_printf(out, "\t%s:--%s) ", o->command, o->name);
		bash_fill(out, o->fill, o->words);
	}
	buf_add_string(out, "\t*) return 1 ;;\n\tesac\n}\n\n");
}

static void
bash_options(struct buf *out)
{
	const struct command *c;
	const struct option *o;

	buf_add_string(out,
	    "_bango_options()\n"
	    "{\n"
	    "\tcase $1 in\n");
	for (c = all_commands; c->name != NULL; c++) {
		buf_printf(out, "\t%s) _bango_take -W '", c->name);
		for (o = options; o->command != NULL; o++) {
			if (is_option_of(o, c))
				buf_printf(out, "--%s ", o->name);
		}
		buf_add_string(out, "--help' ;;\n");
	}
	buf_add_string(out, "\tesac\n}\n\n");
}

static void
bash_operands(struct buf *out)
{
	const struct operands *o;
	int i, n;

	buf_add_string(out,
	    "# The operand number $2, from 0, of command $1.\n"
	    "_bango_operand()\n"
	    "{\n"
	    "\tcase $1:$2 in\n");
	for (o = all_operands; o->command != NULL; o++) {
		for (n = OPERANDS_MAX; o->fills[n - 1] == FILL_NONE; n--)
			;
		for (i = 0; i < n; i++) {
			buf_printf(out, "\t%s:", o->command);
			if (o->repeated && i == n - 1)
				buf_add_string(out, "*) ");
			else
				buf_printf(out, "%d) ", i);
			bash_fill(out, o->fills[i], o->words);
		}
	}
	buf_add_string(out, "\tesac\n}\n\n");
}

/* bash breaks words at `=`. */
static const char bash_main[] =
    "_bango()\n"
    "{\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} before=$COMP_CWORD\n"
    "\tlocal command=${COMP_WORDS[1]} i n=0\n"
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
    "\t\t\tn=$((n + 1))\n"
    "\t\tfi\n"
    "\tdone\n"
    "\tCOMPREPLY=()\n"
    "\t_bango_operand \"$command\" \"$n\"\n"
    "}\n"
    "\n"
    "complete -F _bango bango\n";

static void
print_bash(struct buf *out)
{
	buf_add_string(out,
	    "# bash completion of bango, made by `bango completion bash`.\n"
	    "\n"
	    "_bango_take()\n"
	    "{\n"
	    "\tmapfile -t COMPREPLY < <(compgen \"$@\" -- \"$cur\")\n"
	    "}\n"
	    "\n"
	    "_bango_command()\n"
	    "{\n"
	    "\t_bango_take -W '");
	put_words(out, FILL_COMMAND, NULL);
	buf_add_string(out, " --help --version'\n}\n\n");
	bash_values(out);
	bash_options(out);
	bash_operands(out);
	buf_add_string(out, bash_main);
}

/* --- zsh ----------------------------------------------------------------- */

#define ZSH_QUOTE "'\\''"

/* The last part of a specification for _arguments. */
static void
zsh_fill(struct buf *out, enum fill fill, const char *words)
{
	switch (fill) {
	case FILL_NONE:
		break;
	case FILL_TEXT:
		buf_add_string(out, ": ");
		break;
	case FILL_FILE:
		buf_add_string(out, ":_files");
		break;
	case FILL_FOLDER:
		buf_add_string(out, ":_files -/");
		break;
	case FILL_WORDS:
	case FILL_COMMAND:
	case FILL_SYSTEM:
		buf_add_string(out, ":(");
		put_words(out, fill, words);
		buf_add_char(out, ')');
		break;
	}
}

static const char *
fill_name(enum fill fill)
{
	switch (fill) {
	case FILL_NONE:
	case FILL_TEXT:
	case FILL_WORDS:
		return "value";
	case FILL_FILE:
		return "file";
	case FILL_FOLDER:
		return "folder";
	case FILL_COMMAND:
		return "command";
	case FILL_SYSTEM:
		return "system";
	}

	return "value";
}

static void
zsh_arguments(struct buf *out, const struct command *c)
{
	const struct operands *operands = operands_of(c->name);
	const struct option *o;
	int i;

	buf_printf(out, "\t\t%s)\n\t\t\t_arguments", c->name);
	for (o = options; o->command != NULL; o++) {
		if (!is_option_of(o, c))
			continue;
		buf_printf(out, " \\\n\t\t\t\t'--%s%s[%s]", o->name,
		    o->fill == FILL_NONE ? "" : "=", o->what);
		if (o->fill != FILL_NONE)
			buf_printf(out, ":%s", o->name);
		zsh_fill(out, o->fill, o->words);
		buf_add_char(out, '\'');
	}
	for (i = 0; i < OPERANDS_MAX && operands->fills[i] != FILL_NONE; i++) {
		if (operands->repeated &&
		    (i + 1 == OPERANDS_MAX ||
			operands->fills[i + 1] == FILL_NONE))
			buf_add_string(out, " \\\n\t\t\t\t'*");
		else
			buf_printf(out, " \\\n\t\t\t\t'%d", i + 1);
		buf_printf(out, ":%s", fill_name(operands->fills[i]));
		zsh_fill(out, operands->fills[i], operands->words);
		buf_add_char(out, '\'');
	}
	buf_add_string(
	    out, " \\\n\t\t\t\t'(- *)--help[say how it is used]' ;;\n");
}

static void
print_zsh(struct buf *out)
{
	const struct command *c;

	buf_add_string(out,
	    "#compdef bango\n"
	    "# zsh completion of bango, made by `bango completion zsh`.\n"
	    "\n"
	    "_bango() {\n"
	    "\tlocal context state state_descr line\n"
	    "\tlocal -A opt_args\n"
	    "\tlocal -a commands=(\n");
	for (c = all_commands; c->name != NULL; c++) {
		buf_printf(out, "\t\t%s:", c->name);
		put_quoted(out, c->summary, ZSH_QUOTE);
		buf_add_char(out, '\n');
	}
	buf_add_string(out,
	    "\t)\n"
	    "\t_arguments -C \\\n"
	    "\t\t'(- *)--help[list the commands]' \\\n"
	    "\t\t'(- *)--version[print the version]' \\\n"
	    "\t\t'1:command:->command' '*::argument:->argument'\n"
	    "\tcase $state in\n"
	    "\tcommand) _describe -t commands command commands ;;\n"
	    "\targument)\n"
	    "\t\tcase $words[1] in\n");
	for (c = all_commands; c->name != NULL; c++)
		zsh_arguments(out, c);
	buf_add_string(out,
	    "\t\tesac ;;\n"
	    "\tesac\n"
	    "}\n"
	    "\n"
	    "if [ \"$funcstack[1]\" = _bango ]; then\n"
	    "\t_bango \"$@\"\n"
	    "else\n"
	    "\tcompdef _bango bango\n"
	    "fi\n");
}

/* --- fish ---------------------------------------------------------------- */

#define FISH_QUOTE "\\'"

static void
fish_fill(struct buf *out, enum fill fill, const char *words)
{
	switch (fill) {
	case FILL_NONE:
	case FILL_TEXT:
		break;
	case FILL_FILE:
		buf_add_string(out, " -F");
		break;
	case FILL_FOLDER:
		buf_add_string(out, " -a '(__fish_complete_directories)'");
		break;
	case FILL_WORDS:
	case FILL_COMMAND:
	case FILL_SYSTEM:
		buf_add_string(out, " -a '");
		put_words(out, fill, words);
		buf_add_char(out, '\'');
		break;
	}
}

/* Whether an option takes a value, and that it may be a file. */
static const char *
fish_value(enum fill fill)
{
	if (fill == FILL_NONE)
		return "";

	return fill == FILL_FILE ? " -r" : " -x";
}

static void
fish_command(struct buf *out, const struct command *c)
{
	const struct operands *operands = operands_of(c->name);
	const struct option *o;
	int i;

	buf_printf(out, "complete -c bango -n __fish_use_subcommand -a %s -d ",
	    c->name);
	put_quoted(out, c->summary, FISH_QUOTE);
	buf_add_char(out, '\n');
	for (o = options; o->command != NULL; o++) {
		if (!is_option_of(o, c))
			continue;
		buf_printf(out,
		    "complete -c bango -n '__fish_seen_subcommand_from %s' "
		    "-l %s%s",
		    c->name, o->name, fish_value(o->fill));
		fish_fill(out, o->fill, o->words);
		buf_add_string(out, " -d ");
		put_quoted(out, o->what, FISH_QUOTE);
		buf_add_char(out, '\n');
	}
	for (i = 0; i < OPERANDS_MAX && operands->fills[i] != FILL_NONE; i++) {
		if (operands->fills[i] == FILL_TEXT)
			continue;
		buf_printf(out,
		    "complete -c bango -n '__fish_seen_subcommand_from %s'",
		    c->name);
		fish_fill(out, operands->fills[i], operands->words);
		buf_add_char(out, '\n');
	}
}

static void
print_fish(struct buf *out)
{
	const struct command *c;

	buf_add_string(out,
	    "# fish completion of bango, made by `bango completion fish`.\n"
	    "complete -c bango -f\n"
	    "complete -c bango -l help -d 'say how it is used'\n"
	    "complete -c bango -n __fish_use_subcommand -l version "
	    "-d 'print the version'\n");
	for (c = all_commands; c->name != NULL; c++)
		fish_command(out, c);
}

int
command_completion(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(struct buf *out);
	} shells[] = {
	    {"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
	const struct cli_option none[] = {{0}};
	struct buf out;
	size_t i;
	int n, rc;

	rc = cli_options(argc, argv, none, help, &n);
	if (rc >= 0)
		return rc;
	if (n != 1)
		return cli_misuse(argv[0], "name a shell");
	for (i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(argv[1], shells[i].name) != 0)
			continue;
		buf_init(&out);
		shells[i].print(&out);
		fputs(out.data, stdout);
		buf_done(&out);
		return 0;
	}

	return cli_misuse(argv[0], "\"%s\" is not bash, zsh or fish", argv[1]);
}
