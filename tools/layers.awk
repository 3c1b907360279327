# The map of ARCHITECTURE.md: no arrow points up, no system looks into another
# one but for its contract, and each library is known to the rooms that stand
# for it alone.  Reads the files of src/ from the root of the checkout.

function below(room, others,    n, i, list) {
	n = split(others, list, " ")
	for (i = 1; i <= n; i++)
		may[room, list[i]] = 1
	may[room, room] = 1
	known[room] = 1
}

# Who may include a header of a library: files whose path matches.
function owner(header, pattern) {
	headers[++libraries] = header
	owners[libraries] = pattern
}

function complain(why) {
	printf "%s:%d: %s\n", FILENAME, FNR, why
	found = 1
}

BEGIN {
	below("base", "")
	below("crypto", "base")
	below("number", "base crypto")
	below("store", "base crypto")
	below("pki", "base crypto number store")
	below("law", "base crypto number store")
	below("ledger", "base crypto")
	below("wire", "base crypto number store pki")
	below("evidence", "base crypto pki ledger law wire")
	below("host", "base crypto number store pki ledger law wire")
	below("live", "base crypto number store pki ledger law wire host")
	below("virtual", "base crypto number store pki ledger law wire host")
	below("systems", \
	    "base crypto number store pki ledger law wire host")
	below("nation", "base crypto number store pki ledger law wire host " \
	    "live systems evidence")
	below("bench", "")
	below("main", "base crypto number store pki ledger law wire host " \
	    "live systems evidence nation lab bench")
	below("lab", "base crypto number store pki ledger law wire host " \
	    "live virtual systems evidence nation main bench")

	owner("^openssl/", "^src/(crypto|pki)/|^src/wire/tls(_internal)?[.]")
	owner("^argon2[.]h", "^src/crypto/")
	owner("^(sqlite3|libpq)", "^src/store/")
	owner("^event2/", "^src/(wire|live)/")
	owner("^curl/", "^src/wire/")
	owner("^jansson[.]h", "^src/base/json[.]h$")
	owner("^ini[.]h", "^src/nation/")
	owner("^uni(norm|str|width|case|ctype|type)[.]h", "^src/base/")
	owner("^cmocka[.]h", "^tests/")
	# A handler reaches no socket, no clock, no other process: the turn
	# has all of them.
	owner("^(sys/|netinet/|arpa/|net/|time[.]h|unistd[.]h|fcntl[.]h)", \
	    "^src/(base|crypto|number|store|pki|law|wire|host|live|virtual|" \
	    "nation|main|lab)/")
	owner("^(netdb|poll|pthread|threads|signal|spawn)[.]h", \
	    "^src/(base|crypto|number|store|pki|law|wire|host|live|virtual|" \
	    "nation|main|lab)/")
}

FNR == 1 {
	split(FILENAME, path, "/")
	room = path[2]
	own = room == "systems" ? path[3] : ""
	if (!(room in known))
		complain("src/" room "/ has no place among the layers")
	# libbango-number goes to programs that have nothing of ours.
	alone = FILENAME ~ "^src/number/(notation|bango_number)[.][ch]$"
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	header = $0
	sub(/^[^<]*</, "", header)
	sub(/>.*/, "", header)
	for (i = 1; i <= libraries; i++)
		if (header ~ headers[i] && FILENAME !~ owners[i])
			complain("<" header "> is none of its business")
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
		if (name != mine && name != "host")
			complain("\"" header "\" belongs to " name)
		else if (name == "host" && room != "host" && room != "systems")
			complain("\"" header "\" belongs to the host")
		next
	}
	if (alone && header !~ "^number/(notation|bango_number)[.]h$")
		complain("libbango-number stands on the C library alone")
	if (!(parts[1] in known)) {
		complain("\"" header "\" is not named from src/")
		next
	}
	if (!((room, parts[1]) in may)) {
		complain("src/" room "/ may not look at src/" parts[1] "/")
		next
	}
	if (parts[1] == "systems") {
		contract = n == 3 && parts[3] == parts[2] ".h"
		if (own != "" && parts[2] != own && !contract)
			complain("only systems/" parts[2] "/" parts[2] \
			    ".h is for others")
	}
	next
}

# The same for what needs no header of its own.
room == "systems" &&
    /(^|[^a-zA-Z0-9_>.])(time|clock_gettime|gettimeofday|getrandom|rand|getenv|fopen|open|printf|fprintf|puts) ?[(]/ {
	if ($0 !~ /^[ \t]*(\/?[*]|--)/)
		complain("a handler has its turn and nothing else")
}

END { exit found }
