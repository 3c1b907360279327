# The rules of STYLE.md that a formatter cannot see.  Reads C files as
# clang-format leaves them: a function opens and closes in the first column.
# Other files are read for their sentences only: documents and manual pages, and
# the comments of scripts and of SQL.

BEGIN { FIRST = "\001" }

function complain(why) {
	printf "%s:%d: %s\n", FILENAME, FNR, why
	found = 1
}

# The line without its comments and literals, which go into `prose` and `said`.
# In `prose`, FIRST stands before the first words of a comment.
function code(line,    out, at) {
	out = prose = said = ""
	while (line != "") {
		if (in_comment) {
			at = index(line, "*/")
			tell(at ? substr(line, 1, at - 1) : line)
			if (!at)
				return out
			line = substr(line, at + 2)
			in_comment = 0
		} else if (match(line, /"([^"\\]|\\.)*"|'([^'\\]|\\.)*'|\/[*]|\/\//)) {
			out = out substr(line, 1, RSTART - 1)
			at = substr(line, RSTART, 2)
			if (at == "//") {
				is_new = slashed != FNR - 1
				slashed = FNR
				tell(substr(line, RSTART + 2))
				return out
			}
			if (at == "/*")
				in_comment = is_new = 1
			else {
				out = out "\"\""
				said = said "\n" substr(line, RSTART + 1, RLENGTH - 2)
			}
			line = substr(line, RSTART + RLENGTH)
		} else {
			return out line
		}
	}
	return out
}

# Add to `prose`; `is_new` until a comment has words.
function tell(text) {
	prose = prose (is_new ? FIRST : "") text
	if (text ~ /[^ \t*]/)
		is_new = 0
}

# Inputs of the declaration `text`: its parameters without the outputs, which
# are called ret... and problem; 0 if it is no function.
function inputs(text,    n, i, c, depth, word) {
	gsub(/__attribute__ *[(][(].*[)][)]/, "", text)
	if (text ~ /=|^(typedef|struct [a-z_0-9]+ *[{]|#|enum [a-z_0-9]+ *[{])/)
		return 0
	if (!match(text, /[a-z_0-9]+[(]/))
		return 0
	depth = n = 0
	word = ""
	for (i = RSTART + RLENGTH - 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(")
			depth++
		else if (c == ")")
			depth--
		if (depth == 0 || (c == "," && depth == 1)) {
			if (word !~ /[ *](ret|ret_[a-z_0-9]*|problem)(\[.*)?$/)
				n++
			word = ""
		} else {
			word = word c
		}
		if (depth == 0)
			break
	}
	return n
}

# STYLE.md, 22a: such a beginning makes a sentence wait for its noun.  At the
# beginning of a line a capital begins a sentence, but in a heading.  A small
# letter does after FIRST, a full stop or the edge of a cell; "of the newest"
# beside a member is no sentence.
function prose_check(text) {
	sub(/^[ \t*>|-]*([0-9]+[.] +)?/, "", text)
	if (text ~ /(^|[.:?!|\001][)"*_]* +)(Who|Whom|Whose|What|Whoever|Whatever|So long|Of|That which) / ||
	    text ~ /(\001[ \t*]*|[^.][a-z)][.?!][)"*_]* +|[|] +)(who|whom|whose|what|whoever|whatever|so long|that which) [^|]/)
		complain("a sentence begins with its pronoun: subject first (22a)")
}

# A text of the program, such as an error or a summary, begins with its noun,
# too.  `said` holds the literals of a line, each after "\n"; the first of them
# may continue the literal of the line before.
function said_check(said) {
	if (before ~ /""$/)
		sub(/^\n[^\n]*/, "", said)
	if (said ~ /\n([Ww]ho|[Ww]hose|[Ww]hom|[Ww]hat|[Ww]hoever|[Ww]hatever|[Ss]o long|Of|[Tt]hat which) /)
		complain("a text begins with its pronoun: noun first (22a)")
}

function end_of_file() {
	if (last_file != "" && last_line > 800) {
		printf "%s:%d: more than 800 lines\n", last_file, last_line
		found = 1
	}
}

FNR == 1 { fenced = generated = paragraph = commented = slashed = 0 }

# Documents: everything but headings, code and what tools/message_page writes.
# The first row of a table has words such as "what", and no sentences.
FILENAME ~ /[.]md$/ {
	if (/^```/)
		fenced = !fenced
	if (/^## Bodies/)
		generated = 1
	text = (paragraph ? "" : FIRST) $0
	if (/^[|]/ && !in_table)
		gsub(/[|] +[a-z]/, "|", text)
	is_title = sub(/^# [0-9]+: /, FIRST, text)
	if (!fenced && !generated && (is_title || !/^#/))
		prose_check(text)
	in_table = /^[|]/
	paragraph = /[^ ]/ && !fenced
	next
}

# Manual pages: lines of text, not those of mdoc's macros.
FILENAME ~ /[.][1-9]$/ {
	if (!/^[.]/)
		prose_check($0)
	next
}

# Comments of scripts, of awk and of CMake, from "#"; of SQL from "--".
FILENAME ~ /([.](sh|awk|cmake|sql)|CMakeLists[.]txt|Makefile)$/ {
	if (sub(FILENAME ~ /[.]sql$/ ? "^[ \t]*--" : "^[ \t]*#", "")) {
		prose_check((commented == FNR - 1 ? "" : FIRST) $0)
		commented = FNR
	}
	next
}

FNR == 1 {
	end_of_file()
	last_file = FILENAME
	in_comment = 0
	in_function = 0
	declaration = ""
}

{ last_line = FNR }

/(^|[^A-Za-z_])(TODO|FIXME|XXX|HACK)([^A-Za-z_]|$)/ {
	complain("unfinished work belongs to no file")
}

{
	line = code($0)
	if (line ~ /(^|[^A-Za-z0-9_])(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|atoi|atol|atoll|atof|gets|alloca|rand|srand|setjmp|longjmp) *[(]/)
		complain("a banned call")
	if (FILENAME ~ /^tests\// && FILENAME !~ /scratch[.]c$/ &&
	    line ~ /(^|[^A-Za-z0-9_])(mkdtemp|mkstemp) *[(]/)
		complain("files of a test come from tests/support/scratch.h")
	if (FILENAME != "src/base/secret.c" &&
	    line ~ /(^|[^A-Za-z0-9_])(explicit_bzero|OPENSSL_cleanse) *[(]/)
		complain("secrets are wiped by base/secret.h")
	prose_check(prose)
	said_check(said)
}

# A declaration from its first column to ";" or "{".
/^[a-zA-Z_]/ { declaration = "" }

!in_function && line !~ /^#/ {
	declaration = declaration " " line
	if (line ~ /[;{]/) {
		sub(/[;{].*/, "", declaration)
		sub(/^ +/, "", declaration)
		if (inputs(declaration) > 6)
			complain("more than 6 parameters, outputs not counted")
		if (FILENAME ~ /^(src|bench)\/.*[.]h$/ &&
		    declaration !~ /_bool[(]/ &&
		    declaration ~ /[(,] *(const )?bool [a-z_0-9]+ *[,)]/)
			complain("a bool parameter: an enum, or two functions (7)")
		declaration = ""
	}
}

/^[{]/ {
	in_function = 1
	opened = FNR
	told = 0
	next
}

/^[}]/ {
	if (in_function && FNR - opened - 1 > 60)
		complain("a function of " (FNR - opened - 1) " lines")
	in_function = 0
}

# One tab is the body, three more are the depth that is allowed.  A line that
# continues the one before may stand further right.
in_function && !told && /^\t\t\t\t\t/ && line !~ /^[ \t]*$/ &&
    before ~ /([;{}]|else|^\t*([}] else )?(if|for|while) .*[)])$/ {
	complain("nested more than 3 deep")
	told = 1
}

line !~ /^[ \t]*$/ { before = line }

END {
	end_of_file()
	exit found
}
