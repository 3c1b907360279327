# The map of ARCHITECTURE.md: no arrow points up, no component or system looks
# into another one but for its contract, and each library is known to the rooms
# that stand for it alone.  Reads the files of src/ and bench/ from the root of
# the checkout.

function below(room, others,    n, i, list) {
	n = split(others, list, " ")
	for (i = 1; i <= n; i++)
		may[room, list[i]] = 1
	may[room, room] = 1
	known[room] = 1
}

# Only these rooms and files may include a header of the library; ARCHITECTURE.md
# has the same table.  A header that is neither such a one nor one of `free` has
# no owner.
function owner(library, header, places) {
	headers[++libraries] = header
	owners[libraries] = places
}

# Whether FILENAME is of `places`: rooms and files, from src/ or the root.
function is_among(places,    n, i, list) {
	n = split(places, list, " ")
	for (i = 1; i <= n; i++)
		if (index(FILENAME "/", list[i] "/") == 1 ||
		    index(FILENAME "/", "src/" list[i] "/") == 1)
			return 1
	return 0
}

function complain(why) {
	printf "%s:%d: %s\n", FILENAME, FNR, why
	found = 1
}

BEGIN {
	below("base", "")
	below("crypto", "base")
	below("number", "base crypto")
	below("person", "base")
	below("store", "base crypto")
	below("pki", "base crypto number store")
	below("law", "base crypto number store")
	below("ledger", "base crypto")
	below("wire", "base crypto number store pki")
	below("messages", "base crypto number person law wire")
	below("evidence", "base crypto number person pki ledger law wire messages")
	ground = "base crypto number person store pki ledger law wire messages"
	below("host", ground)
	below("components", ground " host")
	below("live", ground " host")
	below("virtual", ground " host components")
	below("systems", ground " host components")
	below("nation", ground " evidence host components live systems")
	below("main", ground " evidence host components live systems nation")
	# The test kit: nobody looks at it.  Its figures are in bench/.
	kit = ground " evidence host components live virtual systems nation lab " \
	    "bench"
	below("bench", kit)
	below("lab", kit " main")

	owner("OpenSSL", "^openssl/", "crypto pki wire/tls.c bench/echo.c")
	owner("libargon2", "^argon2[.]h", "crypto")
	owner("SQLite", "^sqlite3", "store")
	owner("libpq", "^libpq", "store")
	owner("libevent", "^event2/", "wire live bench")
	owner("libcurl", "^curl/", "wire")
	owner("libseccomp", "^seccomp[.]h", "live")
	owner("jansson", "^jansson[.]h", "base/json.h")
	owner("libunistring", "^uni(norm|str|width|case|ctype|type)[.]h", "base")
	owner("inih", "^ini[.]h", "nation")
	owner("cmocka", "^cmocka[.]h", "tests")
	# A handler reaches no socket, no clock, no file, no other process: the
	# turn has all of them.  The judge of evidence needs none.
	reach = "base crypto number store pki law wire host live virtual " \
	    "nation main lab bench"
	owner("", "^(sys/|netinet/|arpa/|net/|time[.]h|unistd[.]h|fcntl[.]h)", reach)
	owner("", "^(netdb|poll|pthread|pwd|grp|sched|threads|signal|spawn|dirent|ftw)[.]h", reach)
	owner("", "^stdio[.]h", reach " evidence")
	# C, and what of POSIX and of the compiler reaches nothing.
	free = "^(std(arg|bool|def|int|lib)|assert|ctype|endian|errno|iconv|" \
	    "inttypes|limits|malloc|math|string|strings)[.]h$|^sanitizer/"
	# Calls that reach out, of headers that a handler has by others: of
	# POSIX, of <stdlib.h>, of <stdio.h>.
	outside = "(^|[^a-zA-Z0-9_>.])((" \
	    "time|clock_gettime|gettimeofday|getrandom|read|write|" \
	    "_?exit|(secure_)?getenv|(un)?setenv|putenv|mk[od]*s?temp|" \
	    "s?rand(om)?|realpath|system|" \
	    "v?[fd]?printf|f?puts|f?putc|putchar|perror|fwrite|fread|" \
	    "f?getc|fgets|f?scanf|f?open|fdopen|freopen|popen|remove|" \
	    "rename|tmpfile) ?[(]|(stdin|stdout|stderr)([^a-zA-Z0-9_]|$))"
}

FNR == 1 {
	split(FILENAME, path, "/")
	room = path[1] == "src" ? path[2] : path[1]
	# A folder of its own; src/components/components.c lists them.
	own = room == "systems" || (room == "components" && path[4] != "") \
	    ? path[3] : ""
	if (!(room in known))
		complain(room "/ has no place among the layers")
	# libbango-number goes to programs that have nothing of ours.
	alone = FILENAME ~ "^src/number/(notation|public|bango-number)[.][ch]$"
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	header = $0
	sub(/^[^<]*</, "", header)
	sub(/>.*/, "", header)
	owned = header ~ free
	for (i = 1; i <= libraries; i++) {
		if (header !~ headers[i])
			continue
		owned = 1
		if (!is_among(owners[i]))
			complain("<" header "> is none of its business")
	}
	if (!owned)
		complain("<" header "> has no owner in tools/layers.awk")
	next
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	header = $0
	sub(/^[^"]*"/, "", header)
	sub(/".*/, "", header)
	n = split(header, parts, "/")
	if (n == 1) {
		# Generated: NAME_statements.h, law_tables.h ...
		mine = own != "" ? own : room
		name = header
		sub(/_.*/, "", name)
		if (name != mine && name != "host" && room != "bench")
			complain("\"" header "\" belongs to " name)
		else if (name == "host" && room !~ "^(host|components|systems|bench)$")
			complain("\"" header "\" belongs to the host")
		next
	}
	if (alone && header !~ "^number/(notation|bango-number)[.]h$")
		complain("libbango-number stands on the C library alone")
	if (!(parts[1] in known)) {
		complain("\"" header "\" is not named from src/")
		next
	}
	if (!((room, parts[1]) in may)) {
		complain(room "/ may not look at " parts[1] "/")
		next
	}
	if (room ~ "^(components|systems)$" && header == "base/file.h")
		complain("a handler has its turn and nothing else")
	if (room == "lab" && parts[1] == "main" &&
	    header !~ "^main/(cli|lab_commands)[.]h$")
		complain("only main/cli.h and lab_commands.h are for the lab")
	if ((parts[1] == "systems" || parts[1] == "components") && n == 3) {
		contract = parts[3] == parts[2] ".h"
		mine = room == parts[1] && own == parts[2]
		if (own != "" && !mine && !contract)
			complain("only " parts[1] "/" parts[2] "/" parts[2] \
			    ".h is for others")
	}
	if (header ~ "_internal[.]h$" && parts[1] != room)
		complain("\"" header "\" is for src/" parts[1] "/ alone")
	next
}

# The same for what needs no header of its own.
room ~ "^(components|systems)$" && $0 ~ outside && !/^[ \t]*(\/?[*]|--)/ {
	complain("a handler has its turn and nothing else")
}

END { exit found }
