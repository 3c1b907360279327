/*
 * Turn a TSV file into C, while building.
 *
 *	table NAME COLUMNS FILE.tsv OUT.c
 *
 * OUT.c defines `const char NAME[]`, the file byte for byte with a NUL after
 * it, and `const unsigned int NAME_len`.  A line with another number of
 * columns, a CR or a NUL stops the build, with the line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
complain(const char *file, unsigned long line, const char *what)
{
	fprintf(stderr, "%s:%lu: %s\n", file, line, what);
	return 1;
}

static void
write_byte(FILE *out, int c)
{
	if (c == '\t')
		fputs("\\t", out);
	else if (c == '"' || c == '\\')
		fprintf(out, "\\%c", c);
	else
		fputc(c, out);
}

/* The number of complaints: 0 or 1. */
static int
convert(FILE *in, FILE *out, const char *file, unsigned long columns)
{
	unsigned long line = 1, tabs = 0;
	int c, at_start = 1;

	while ((c = fgetc(in)) != EOF) {
		if (c == '\r' || c == '\0')
			return complain(file, line, "CR or NUL");
		if (at_start)
			fputs("    \"", out);
		at_start = c == '\n';
		tabs += c == '\t';
		if (c != '\n') {
			write_byte(out, c);
			continue;
		}
		if (tabs + 1 != columns)
			return complain(file, line, "number of columns");
		fputs("\\n\"\n", out);
		tabs = 0;
		line++;
	}
	if (!at_start)
		return complain(file, line, "no line feed at the end");

	return 0;
}

int
main(int argc, char **argv)
{
	FILE *in, *out;
	int bad;

	if (argc != 5) {
		fputs("usage: table NAME COLUMNS FILE.tsv OUT.c\n", stderr);
		return 2;
	}
	in = fopen(argv[3], "rb");
	out = fopen(argv[4], "wb");
	if (in == NULL || out == NULL) {
		perror(in == NULL ? argv[3] : argv[4]);
		return 1;
	}
	fprintf(out,
	    "/* Written by tools/table.c from %s. */\n"
	    "extern const char %s[];\n"
	    "extern const unsigned int %s_len;\n"
	    "const char %s[] =\n",
	    strrchr(argv[3], '/') == NULL ? argv[3] : strrchr(argv[3], '/') + 1,
	    argv[1], argv[1], argv[1]);
	bad = convert(in, out, argv[3], strtoul(argv[2], NULL, 10));
	fprintf(out, ";\nconst unsigned int %s_len = sizeof(%s) - 1;\n",
	    argv[1], argv[1]);
	bad |= ferror(in) | ferror(out);
	fclose(in);
	bad |= fclose(out);

	return bad != 0;
}
